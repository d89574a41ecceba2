import type { RequestHandler } from 'express';
import type { Counter } from 'prom-client';
import type { Log } from '../../log';
import { clientOf, isShared } from './client-address';

/**
 * Counts requests that a proxy in a private network hands on and TRUSTED_PROXIES does not count, and says the first time in
 * the log: its clients are limited as if they were one, and lock each other out. Of a header alone nothing follows, as
 * any client can write one.
 */
export function noticeUncountedProxy(forwarded: Counter, log: Log): RequestHandler {
  let isSaid = false;
  return (req, _res, next) => {
    const hops = req.get('x-forwarded-for')?.split(',').length ?? 0;
    if (hops > req.ips.length && isShared(clientOf(req))) {
      forwarded.inc();
      if (!isSaid)
        log.warn(
          { hops, trustedProxies: req.app.get('trust proxy') as number },
          'requests come through a proxy that TRUSTED_PROXIES does not count: limits count all who use it as one',
        );
      isSaid = true;
    }
    next();
  };
}
