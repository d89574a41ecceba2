import { type Request, type Response, Router } from 'express';
import { timePage } from '../pages/time';
import type { Site } from '../site';
import { field, formAction, modeOf, showPage } from './respond';

/** The longest way in one go, in days. */
const LONGEST = 366;

/** Lets time pass, to see renewals, grace and ends without waiting for them. */
export function timeRouter(site: Site): Router {
  const router = Router({ mergeParams: true });
  const connection = (req: Request) => site.session[modeOf(req)].get('/v1/connection');
  const here = (req: Request) => `/${modeOf(req)}/time`;

  router.get('/', async (req: Request, res: Response) => {
    const mode = modeOf(req);
    const now = (await site.time?.now(mode, await connection(req))) ?? null;
    showPage(req, res, {
      title: 'Time',
      path: '/time',
      body: timePage(mode, now, `${site.console}/${mode}`),
    });
  });

  router.post(
    '/',
    formAction(here, async (req) => {
      const days = Number(field(req, 'days'));
      if (site.time === null || !(days > 0 && days <= LONGEST)) return {};
      await site.time.advance(modeOf(req), await connection(req), days);
      return { said: days === 1 ? 'A day has passed.' : `${days} days have passed.` };
    }),
  );
  return router;
}
