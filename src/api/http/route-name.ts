import type { Request, Response } from 'express';

/** The route that took a request, as logs, metrics and traces call it: the address may name a person. */
export const routeOf = (req: Request, res: Response): string =>
  (res.locals.route as string | undefined) ?? (req.route?.path as string | undefined) ?? 'unknown';
