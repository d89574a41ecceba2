import express, { type Request, type Response, Router } from 'express';
import type { Coach, Price, Product } from '../db/generated/client';
import { type FailureCode, FAILURES, Refusal } from '../domain/failure';
import { formatMoney } from '../domain/money';
import { type Buyer, expectSellable, openCheckout } from './checkout-opening';
import type { ApiDeps } from './deps';
import { html, sendPage } from './http/html';
import { refuseOtherMethods } from './http/methods';
import { toRefusal } from './http/problem';
import { newId } from '../domain/ids';
import { ensureMember } from './member-records';
import { readMemberToken, type SignedMember } from './member-token';
import { webAddress } from './schemas';
import { visitorOf } from './visitor';

type Offer = Price & { product: Product & { coach: Coach } };

/** How many replacements of a price are followed to the present one. */
const LONGEST_CHAIN = 20;

/** What a member reads when they cannot buy; the coach's own words for it are in the API. */
const FOR_MEMBERS: Partial<Record<FailureCode, string>> = {
  not_connected: 'Payments are not set up here at the moment.',
  mode_off: 'Payments are not set up here at the moment.',
  charges_not_enabled: 'Payments cannot be taken yet: the seller still has to be verified.',
  price_not_active: 'This price is just being set up. Please try again in a moment.',
  product_archived: 'This is no longer sold.',
  already_subscribed: 'You are subscribed to this already. There is nothing to pay.',
  already_owned: 'You own this already. There is nothing to pay.',
  checkout_in_progress: 'You have ordered this already; your payment is still on its way.',
  redirect_not_allowed: 'This link leads back to an address that is not registered. Please tell the seller.',
  member_token_invalid:
    'This link is no longer valid. Please go back to the site and click the button again.',
  invalid_request: 'This link is not complete. Please go back to the site and click the button again.',
  stripe_refused: 'The payment page could not be opened. Please tell the seller.',
};
const LATER = 'The payment page cannot be opened at the moment. Please try again in a minute.';

/** `€49.00` and `every 2 weeks`. */
export function priceInWords(price: Pick<Price, 'unitAmount' | 'currency' | 'interval' | 'intervalCount'>) {
  const count = price.intervalCount ?? 1;
  const rhythm =
    price.interval === null
      ? 'once'
      : count === 1
        ? `every ${price.interval}`
        : `every ${count} ${price.interval}s`;
  return { amount: formatMoney(price.unitAmount, price.currency), rhythm };
}

/** The purchase page of a price, for a link or button on the coach's site. Works without JavaScript. */
export function buyPageRouter(deps: ApiDeps): Router {
  const { db, config, log } = deps;
  const { publicUrl } = config.api;
  const router = Router();
  // Browsers hold a form's redirects to this too: Stripe's page may be on a domain of the coach's own.
  const formTargets = [
    'https:',
    ...(config.stripe.apiBase === null ? [] : [new URL(config.stripe.apiBase).origin]),
  ];

  const findOffer = (priceId: string): Promise<Offer | null> =>
    /^amt_[A-Za-z0-9]{1,64}$/.test(priceId)
      ? db.price.findUnique({ where: { id: priceId }, include: { product: { include: { coach: true } } } })
      : Promise.resolve(null);

  /** The price that is sold now in place of an archived one. */
  const findSuccessor = async (offer: Offer): Promise<string | null> => {
    let present: Price = offer;
    for (let i = 0; i < LONGEST_CHAIN && present.status === 'archived'; i++) {
      const next: Price | null = await db.price.findFirst({
        where: {
          replacesPriceId: present.id,
          coachId: present.coachId,
          mode: present.mode,
          status: { not: 'failed' },
        },
        orderBy: { createdAt: 'desc' },
      });
      if (next === null) return null;
      present = next;
    }
    return present.status === 'archived' || present.id === offer.id ? null : present.id;
  };

  const sendOffer = (res: Response, offer: Offer, action: string, refusal: Refusal | null): void => {
    const { amount, rhythm } = priceInWords(offer);
    const status = refusal === null ? 200 : FAILURES[refusal.code].status;
    const again = refusal === null || status >= 500;
    sendPage(
      res,
      {
        title: `${offer.product.name} · ${offer.product.coach.name}`,
        status: offer.status === 'archived' ? 410 : status,
        body: html`<p class="soft">
            ${offer.product.coach.name} ${offer.mode === 'test' && html`<span class="badge">Test mode</span>`}
          </p>
          <h1>${offer.product.name}</h1>
          ${offer.product.description !== null && html`<p>${offer.product.description}</p>`}
          <p class="price">${amount} <span>${rhythm}</span></p>
          ${
            refusal !== null &&
            html`<p role="status">
              <strong
                >${offer.status === 'archived' ? 'This price is no longer sold.' : (FOR_MEMBERS[refusal.code] ?? LATER)}</strong
              >
            </p>`
          }
          ${again && html`<form method="post" action="${action}"><button>Continue to payment</button></form>`}
          ${again && html`<p class="soft">You pay on Stripe's own page.</p>`}`,
      },
      formTargets,
    );
  };

  const sendUnknown = (res: Response): void => {
    sendPage(res, {
      title: 'Not found',
      status: 404,
      body: html`<h1>There is nothing for sale here</h1>
        <p>Check the address, or go back to the site that brought you here.</p>`,
    });
  };

  /** Only these of the address matter; they travel on with the form. */
  const parameter = (req: Request, name: 'member' | 'successUrl' | 'cancelUrl'): string | undefined => {
    const value = req.query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string' || value.length > 4000)
      throw new Refusal('invalid_request', `The parameter ${name} is not valid.`, { field: name });
    return value;
  };
  const addressParameter = (req: Request, name: 'successUrl' | 'cancelUrl'): string | undefined => {
    const parsed = webAddress.optional().safeParse(parameter(req, name));
    if (!parsed.success)
      throw new Refusal('invalid_request', `The parameter ${name} is not an address.`, { field: name });
    return parsed.data;
  };

  /** Who the link says is buying; null for an anonymous browser. */
  const signedMember = async (req: Request, offer: Offer): Promise<SignedMember | null> => {
    const token = parameter(req, 'member');
    if (token === undefined) return null;
    const { coachId, mode } = offer;
    const keys = await db.apiKey.findMany({
      where: { coachId, mode, revokedAt: null },
      select: { hash: true },
    });
    const now = Math.floor(Date.now() / 1000);
    const member = readMemberToken(
      token,
      keys.map(({ hash }) => hash),
      now,
    );
    if (member === null)
      throw new Refusal('member_token_invalid', "The member's token is not signed by the coach, or is over.");
    return member;
  };

  router.get('/buy/:priceId', async (req, res) => {
    const offer = await findOffer(req.params.priceId);
    if (offer === null) {
      sendUnknown(res);
      return;
    }
    const successor = offer.status === 'archived' ? await findSuccessor(offer) : null;
    if (successor !== null) {
      res.redirect(303, `/buy/${successor}${new URL(req.originalUrl, publicUrl).search}`);
      return;
    }
    visitorOf(req, res, publicUrl);
    try {
      await signedMember(req, offer);
      await expectSellable(deps, { coachId: offer.coachId, mode: offer.mode, priceId: offer.id });
      sendOffer(res, offer, req.originalUrl, null);
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal === null) throw error;
      sendOffer(res, offer, req.originalUrl, refusal);
    }
  });

  router.post('/buy/:priceId', express.urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    const offer = await findOffer(req.params.priceId);
    if (offer === null) {
      sendUnknown(res);
      return;
    }
    const hash = visitorOf(req, res, publicUrl);
    const { coachId, mode } = offer;
    try {
      const member = await signedMember(req, offer);
      const buyer = async (): Promise<Buyer> => {
        if (member === null) return { kind: 'visitor', hash };
        const ensured = await ensureMember(db, { coachId, mode }, member, () => newId('member'));
        return { kind: 'member', memberId: ensured.member.id };
      };
      const { checkoutId } = await openCheckout(
        deps,
        {
          coachId,
          mode,
          priceId: offer.id,
          buyer,
          quantity: 1,
          successUrl: addressParameter(req, 'successUrl'),
          cancelUrl: addressParameter(req, 'cancelUrl'),
        },
        () => newId('checkout'),
      );
      const { url } = await db.checkout.findUniqueOrThrow({ where: { id: checkoutId } });
      if (url === null) throw new Refusal('temporarily_unavailable', 'The checkout has no address yet.');
      res.redirect(303, url);
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal === null) throw error;
      log.info({ priceId: offer.id, code: refusal.code }, 'purchase page refused');
      sendOffer(res, offer, req.originalUrl, refusal);
    }
  });

  refuseOtherMethods(router, '/buy/:priceId', ['GET', 'POST']);

  router.get('/thanks', (_req, res) => {
    sendPage(res, {
      title: 'Thank you',
      body: html`<h1>Thank you</h1>
        <p>Your payment arrived and your access is ready. You can close this page.</p>`,
    });
  });
  return router;
}
