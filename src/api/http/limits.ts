import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit, LimitName, Limits } from '../../config/limits';
import { ProblemError } from '../../domain/problem';
import { clientOf } from './client-address';

const secondsOf = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** Adds to a header of the answer that is a list. */
function add(res: Response, header: string, item: string): void {
  const present = res.getHeader(header);
  res.setHeader(header, present === undefined ? item : `${String(present)}, ${item}`);
}

/** Says how much is left. https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10 */
function tell(res: Response, name: LimitName, { count, seconds }: Limit, left: RateLimiterRes): void {
  add(res, 'RateLimit-Policy', `"${name}";q=${count};w=${seconds}`);
  add(res, 'RateLimit', `"${name}";r=${left.remainingPoints};t=${secondsOf(left)}`);
}

function refuse(res: Response, name: LimitName, limit: Limit, left: RateLimiterRes): never {
  const retryAfter = secondsOf(left);
  res.setHeader('Retry-After', String(retryAfter));
  throw new ProblemError(
    'rate_limited',
    `There were more than ${limit.count} of these in ${limit.seconds} seconds.`,
    { limit: name, retryAfter },
  );
}

/**
 * Counts requests in windows, in the memory of this process: of several, each counts its own.
 * https://github.com/animir/node-rate-limiter-flexible
 * @param limits null: nothing is limited
 */
export function createLimiter(limits: Limits | null) {
  const counters = new Map<LimitName, RateLimiterMemory>();
  for (const [name, { count, seconds }] of Object.entries(limits ?? {}) as [LimitName, Limit][])
    counters.set(name, new RateLimiterMemory({ points: count, duration: seconds }));

  /** Counts one, of whomever it is. @throws ProblemError `rate_limited` when there were too many, and says so in headers. */
  async function take(res: Response, name: LimitName, who: string): Promise<void> {
    const counter = counters.get(name);
    const limit = limits?.[name];
    if (counter === undefined || limit === undefined) return;
    try {
      tell(res, name, limit, await counter.consume(who));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      tell(res, name, limit, error);
      refuse(res, name, limit, error);
    }
  }

  return {
    take,

    /** Counts nothing. @throws ProblemError `rate_limited` when nothing is left. */
    async expectLeft(res: Response, name: LimitName, who: string): Promise<void> {
      const limit = limits?.[name];
      const present = await counters.get(name)?.get(who);
      if (limit === undefined || present == null || present.consumedPoints < limit.count) return;
      tell(res, name, limit, present);
      refuse(res, name, limit, present);
    },

    /** Counts every request of a client. */
    byAddress:
      (name: LimitName): RequestHandler =>
      async (req, res, next) => {
        await take(res, name, clientOf(req));
        next();
      },
  };
}

export type Limiter = ReturnType<typeof createLimiter>;
