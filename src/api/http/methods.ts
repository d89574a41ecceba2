import type { Router } from 'express';
import { Refusal } from '../../domain/failure';

/** Answers every other method on a path with 405 and the ones that are possible. Comes after the handlers. */
export function refuseOtherMethods(router: Router, path: string, allowed: readonly string[]): void {
  router.all(path, (req, res) => {
    res.setHeader('Allow', allowed.join(', '));
    throw new Refusal('method_not_allowed', `${req.method} is not possible here.`);
  });
}
