import { type Request, type Response, Router } from 'express';
import type { SessionClient, Access } from '@session/sdk';
import { homePage } from '../pages/home';
import { membersPage } from '../pages/members';
import { isUnderWay, welcomePage } from '../pages/welcome';
import { createSampleOffers, offersIn, readCatalog } from '../offers';
import type { Site } from '../site';
import { type Person, signedIn, signIn } from '../visitor';
import { field, formAction, modeOf, showPage } from './respond';

/** What visitors and members see. Mounted under the mode. */
export function shopRouter(site: Site): Router {
  const router = Router({ mergeParams: true });
  const session = (req: Request): SessionClient => site.session[modeOf(req)];
  const home = (req: Request) => `/${modeOf(req)}`;

  router.get('/', async (req: Request, res: Response) => {
    const person = signedIn(req);
    const [connection, catalog] = await Promise.all([
      session(req).get('/v1/connection'),
      readCatalog(session(req)),
    ]);
    const offers = offersIn(catalog);
    const creating = catalog.some(({ prices }) => prices.some(({ status }) => status === 'provisioning'));
    const selling = {
      canSell: connection.canSell,
      connected: connection.status === 'connected',
      reason: connection.reason,
    };
    const withAccess = await Promise.all(
      offers.map(async (offer) => ({
        offer,
        access: await accessOf(session(req), person, offer.product.id),
      })),
    );
    const mode = modeOf(req);
    const consoleUrl = `${site.console}/${mode}`;
    const buyer = { person, token: await site.tokenFor[mode](person) };
    const body = homePage({ mode, buyer, selling, offers: withAccess, creating, consoleUrl });
    showPage(req, res, { title: 'Offers', path: '', body, ...(creating ? { refresh: 2 } : {}) });
  });

  // Something to try everything with, for a coach who has not thought of a product yet.
  router.post(
    '/samples',
    formAction(home, async (req) => {
      const { id } = await session(req).get('/v1/connection');
      await createSampleOffers(session(req), id ?? '');
      return {};
    }),
  );

  router.get('/members', async (req: Request, res: Response) => {
    const person = signedIn(req);
    const [products, catalog] = await Promise.all([
      session(req).get('/v1/products', { params: { query: { limit: 100 } } }),
      readCatalog(session(req)),
    ]);
    const offers = offersIn(catalog);
    const entries = await Promise.all(
      products.data.reverse().map(async (product) => ({
        product,
        access: await accessOf(session(req), person, product.id),
        prices: offers.find((offer) => offer.product.id === product.id)?.prices ?? [],
      })),
    );
    // What is no longer sold stays open for those who have it.
    const shown = entries.filter(
      ({ product, access }) => product.status === 'active' || access?.access === true,
    );
    const mode = modeOf(req);
    const token = await site.tokenFor[mode](person);
    showPage(req, res, {
      title: 'Members only',
      path: '/members',
      body: membersPage(mode, { person, token }, shown),
    });
  });

  router.get('/welcome', async (req: Request, res: Response) => {
    const person = signedIn(req);
    const id = req.query['checkout'];
    const checkout =
      typeof id === 'string' && /^chk_[A-Za-z0-9]{1,64}$/.test(id)
        ? await session(req).get('/v1/checkouts/{id}', { params: { path: { id } } })
        : null;
    const access =
      checkout?.memberId == null
        ? null
        : await session(req).get('/v1/access', {
            params: { query: { member: checkout.memberId, product: checkout.productId } },
          });
    showPage(req, res, {
      title: 'Welcome',
      path: '/welcome',
      body: welcomePage(modeOf(req), person, checkout, access),
      ...(isUnderWay(checkout) ? { refresh: 3 } : {}),
    });
  });

  router.post('/sign-in', (req: Request, res: Response) => {
    signIn(res, field(req, 'person') || null);
    const back = field(req, 'back');
    // Only to a page of this site.
    res.redirect(303, /^\/(test|live)(\/[a-z/-]*)?$/.test(back) ? back : home(req));
  });
  return router;
}

async function accessOf(
  session: SessionClient,
  person: Person | null,
  productId: string,
): Promise<Access | null> {
  if (person === null) return null;
  return session.get('/v1/access', { params: { query: { member: person.key, product: productId } } });
}
