import { type Request, type Response, Router } from 'express';
import { type Arrival, Journeys } from '../journeys';
import { journeyPage, timePage } from '../pages/time';
import type { Site } from '../site';
import { type Notice, notify } from '../visitor';
import { field, formAction, modeOf, showPage } from './respond';

/** The longest way in one go, in days. */
const LONGEST = 366;

/** Milliseconds. */
const DAY = 86_400_000;
/** Milliseconds that whoever lets time pass waits for it without seeing how far it is. */
const SHORT = 1500;

const noticeOf = ({ days, failed }: Arrival): Notice =>
  failed
    ? { kind: 'failed', text: 'Time did not pass all the way: something did not come to rest. Try again.' }
    : { kind: 'done', text: days === 1 ? 'A day has passed.' : `${days} days have passed.` };

/** Lets time pass, to see renewals, grace and ends without waiting for them. */
export function timeRouter(site: Site): Router {
  const router = Router({ mergeParams: true });
  const journeys = new Journeys();
  const connection = (req: Request) => site.session[modeOf(req)].get('/v1/connection');
  const here = (req: Request) => `/${modeOf(req)}/time`;

  router.get('/', async (req: Request, res: Response) => {
    const mode = modeOf(req);
    const now = (await site.time?.now(mode, await connection(req))) ?? null;
    const journey = journeys.of(mode);
    if (journey !== null && now !== null) {
      showPage(req, res, { title: 'Time', path: '/time', refresh: 2, body: journeyPage(journey, now) });
      return;
    }
    const arrival = journeys.takeArrival(mode);
    if (arrival !== null) {
      notify(res, noticeOf(arrival));
      res.redirect(303, here(req));
      return;
    }
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
      const { time } = site;
      const mode = modeOf(req);
      const connected = await connection(req);
      const from = Date.parse((await time.now(mode, connected)) ?? '');
      if (Number.isNaN(from)) return {};
      const ended = journeys.begin(mode, { from, to: from + days * DAY, days }, () =>
        time.advance(mode, connected, days),
      );
      // What is short is there with the answer; what takes long is shown on its way.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, SHORT).unref())]);
      return {};
    }),
  );
  return router;
}
