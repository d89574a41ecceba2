import type { RequestHandler } from 'express';
import type { Log } from '../../log';
import { clientOf, isShared } from './client-address';

/**
 * Says once that a proxy in a private network hands on requests which TRUSTED_PROXIES does not count: its clients are then
 * limited as if they were one, and lock each other out. Of a header alone nothing follows, as any client can write one.
 */
export function noticeUncountedProxy(log: Log): RequestHandler {
  let isSaid = false;
  return (req, _res, next) => {
    const hops = req.get('x-forwarded-for')?.split(',').length ?? 0;
    if (!isSaid && hops > req.ips.length && isShared(clientOf(req))) {
      isSaid = true;
      log.warn(
        { hops, trustedProxies: req.app.get('trust proxy') },
        'requests come through a proxy that TRUSTED_PROXIES does not count: limits count all who use it as one',
      );
    }
    next();
  };
}
