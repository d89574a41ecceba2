import type { Request, Response } from 'express';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { createAuthenticate } from './auth';
import { clientOf } from './client-address';
import type { Limiter } from './limits';
import type { AuthKind, CoachAuth } from './route';

/** Who sent a request, within their limits. @throws ProblemError when nobody may have, or too often. */
export type Identify = (kind: AuthKind, req: Request, res: Response) => Promise<CoachAuth | null>;

/** Counts a request of a coach. @throws ProblemError `rate_limited` */
export async function takeOfCoach(
  limiter: Limiter,
  res: Response,
  { coachId, mode, keyId }: CoachAuth,
): Promise<void> {
  if (keyId !== null) await limiter.take(res, 'key', keyId);
  await limiter.take(res, 'coach', `${coachId}/${mode}`);
}

/**
 * By the key in the Authorization header. A wrong key counts for the address that sent it; a right one is taken from
 * there all the same, so that nobody locks out a neighbour.
 */
export function createIdentify(deps: ApiDeps, limiter: Limiter): Identify {
  const authenticate = createAuthenticate(deps);
  return async (kind, req, res) => {
    const auth = await authenticate(kind, req.get('Authorization')).catch(async (error: unknown) => {
      if (error instanceof ProblemError) await limiter.take(res, 'failed_key', clientOf(req));
      throw error;
    });
    if (auth !== null) await takeOfCoach(limiter, res, auth);
    else if (kind === 'platform') await limiter.take(res, 'platform', 'platform');
    return auth;
  };
}
