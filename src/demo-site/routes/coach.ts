import { type Request, type Response, Router } from 'express';
import type { SessionClient } from '../../session-client/client';
import type { Connection } from '../../session-client/types';
import { createSampleOffers, readCatalog } from '../offers';
import { coachFrame } from '../pages/coach-frame';
import { paymentsPage } from '../pages/coach-payments';
import { productsPage } from '../pages/coach-products';
import { salesPage } from '../pages/coach-sales';
import { minorUnits } from '../format';
import type { Site } from '../site';
import { notify } from '../visitor';
import { field, formAction, inWords, Mistake, modeOf, showPage } from './respond';
import { readSales } from './sales';

/**
 * What a coach does in Session's settings, on the public API. On a laptop nobody has to sign in; a real coach UI asks
 * who it is first.
 */
export function coachRouter(site: Site): Router {
  const router = Router({ mergeParams: true });
  const session = (req: Request): SessionClient => site.session[modeOf(req)];
  const key = (req: Request) => field(req, 'requestId') || undefined;
  const payments = (req: Request) => `/${modeOf(req)}/coach`;
  const products = (req: Request) => `/${modeOf(req)}/coach/products`;
  const sales = (req: Request) => `/${modeOf(req)}/coach/sales`;
  const readConnection = (req: Request) => session(req).get<Connection>('/v1/connection');

  router.get('/', async (req: Request, res: Response) => {
    const mode = modeOf(req);
    const connection = await readConnection(req);
    const confirmDisconnect = req.query['disconnect'] !== undefined;
    const body = paymentsPage({ mode, site, coachId: site.coachId, connection, confirmDisconnect });
    const waiting = connection.status === 'connected' && !connection.canSell;
    showPage(req, res, {
      title: 'Payments',
      path: '/coach',
      body: coachFrame(mode, '/coach', body),
      // Stripe checks; the page follows by itself.
      ...(waiting ? { refresh: 5 } : {}),
    });
  });

  router.post(
    '/connect',
    formAction(payments, async (req) => {
      const { url } = await session(req).post<{ url: string }>(
        '/v1/connection',
        { returnUrl: `${site.url}/${modeOf(req)}/coach/connected` },
        key(req),
      );
      return { to: url };
    }),
  );

  // Back from Stripe: only who comes with the coach's own credentials can confirm.
  router.get('/connected', async (req: Request, res: Response) => {
    const { connection_token: token, connection_error: refused } = req.query;
    try {
      if (typeof token === 'string') {
        const connection = await session(req).post<Connection>('/v1/connection/confirm', { token });
        notify(res, { kind: 'done', text: 'Your Stripe account is connected.' });
        await createSampleOffers(session(req), connection.id ?? '');
      } else if (req.query['connection_onboarding'] !== undefined)
        notify(res, { kind: 'done', text: 'You are back from Stripe. What it still wants is shown below.' });
      else
        notify(res, {
          kind: 'failed',
          text:
            refused === 'access_denied'
              ? 'You did not allow the connection at Stripe; nothing was connected.'
              : 'Stripe did not make the connection. Please try again.',
        });
    } catch (error) {
      notify(res, { kind: 'failed', text: inWords(error) });
    }
    res.redirect(303, payments(req));
  });

  router.post(
    '/disconnect',
    formAction(payments, async (req) => {
      await session(req).post(
        '/v1/connection/disconnect',
        { confirm: field(req, 'confirm') === 'yes' },
        key(req),
      );
      return { said: 'Stripe is disconnected.' };
    }),
  );

  router.get('/products', async (req: Request, res: Response) => {
    const mode = modeOf(req);
    const [connection, catalog] = await Promise.all([readConnection(req), readCatalog(session(req))]);
    const creating = catalog.some(({ prices }) => prices.some(({ status }) => status === 'provisioning'));
    showPage(req, res, {
      title: 'Products',
      path: '/coach/products',
      body: coachFrame(mode, '/coach/products', productsPage({ mode, connection, catalog })),
      ...(creating ? { refresh: 2 } : {}),
    });
  });

  router.post(
    '/products',
    formAction(products, async (req) => {
      const description = field(req, 'description') || null;
      await session(req).post('/v1/products', { name: field(req, 'name'), description }, key(req));
      return { said: 'The product is there. Add a price to it.' };
    }),
  );

  router.post(
    '/products/:id/prices',
    formAction(products, async (req) => {
      const currency = field(req, 'currency').toLowerCase();
      const typed = field(req, 'amount');
      const unitAmount = /^[a-z]{3}$/.test(currency) ? minorUnits(typed, currency) : undefined;
      if (unitAmount === undefined)
        throw new Mistake(`“${typed} ${currency}” is not an amount of money. Write it like 19.00 and eur.`);
      const rhythm = field(req, 'rhythm');
      await session(req).post(
        `/v1/products/${req.params['id'] as string}/prices`,
        { unitAmount, currency, recurring: rhythm === 'once' ? null : { interval: rhythm } },
        key(req),
      );
      return { said: 'Session is creating the price in your Stripe account.' };
    }),
  );

  for (const [what, said] of [
    ['products/:id/archive', 'Archived. Nobody can buy it any more; who has it keeps it.'],
    ['prices/:id/archive', 'The price is archived. Who bought at it goes on.'],
    ['prices/:id/retry', 'Trying again.'],
  ] as const)
    router.post(
      `/${what}`,
      formAction(products, async (req) => {
        await session(req).post(`/v1/${what.replace(':id', req.params['id'] as string)}`, {}, key(req));
        return { said };
      }),
    );

  router.get('/sales', async (req: Request, res: Response) => {
    const mode = modeOf(req);
    const clock = (await site.time?.now(mode, await readConnection(req))) ?? null;
    const body = salesPage({ mode, site, clock, ...(await readSales(session(req))) });
    showPage(req, res, {
      title: 'Sales',
      path: '/coach/sales',
      body: coachFrame(mode, '/coach/sales', body),
    });
  });

  router.post(
    '/memberships/:id/cancel',
    formAction(sales, async (req) => {
      const at = field(req, 'at') === 'now' ? 'now' : 'period_end';
      await session(req).post(`/v1/memberships/${req.params['id'] as string}/cancel`, { at }, key(req));
      return { said: at === 'now' ? 'Cancelled.' : 'Cancelled for the end of the paid period.' };
    }),
  );
  router.post(
    '/memberships/:id/resume',
    formAction(sales, async (req) => {
      await session(req).post(`/v1/memberships/${req.params['id'] as string}/resume`, {}, key(req));
      return { said: 'The cancellation is taken back.' };
    }),
  );
  router.post(
    '/checkouts/:id/cancel',
    formAction(sales, async (req) => {
      await session(req).post(`/v1/checkouts/${req.params['id'] as string}/cancel`, {}, key(req));
      return { said: 'The checkout is closed.' };
    }),
  );
  router.post(
    '/time',
    formAction(sales, async (req) => {
      const days = Number(field(req, 'days'));
      if (site.time === null || !(days > 0 && days <= 366)) return {};
      await site.time.advance(modeOf(req), await readConnection(req), days);
      return { said: days === 1 ? 'A day has passed.' : `${days} days have passed.` };
    }),
  );
  return router;
}
