import express, { type Request, type Response, Router } from 'express';
import { type ProblemCode, PROBLEMS, ProblemError } from '../../domain/problem';
import { leastCharge } from '../../domain/least-charge';
import { formatMoney } from '../../domain/money';
import { priceInWords } from '../../domain/pricing-words';
import { seatsLeftOf } from '../catalog/availability';
import { addressHashOf } from './visitor';
import { type Buyer, openCheckout } from '../checkout/opening';
import type { ApiDeps } from '../deps';
import { html, sendPage } from '../../html';
import { RETRY_AFTER, toProblemError } from '../http/problem';
import { newId } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import { ensureMember, memberByEmail } from '../members/records';
import { findOffer, findSuccessor } from '../catalog/offer';
import type { Offer } from '../catalog/offered-price';
import { isWithoutTrial } from '../catalog/offered-trial';
import { createMemberTokens, type SignedMember } from './member-token';
import { readSettings } from '../settings';
import { email as emailAddress, webAddress } from '../http/schemas';
import { expectOffered, expectSellable } from '../catalog/sellable';
import { visitorOf } from './visitor';
import { withOutcome } from '../checkout/return-page';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';

/** What a member reads when they cannot buy; the coach's own words for it are in the API. */
const FOR_MEMBERS: Partial<Record<ProblemCode, string>> = {
  not_connected: 'Payments are not set up here at the moment.',
  mode_off: 'Payments are not set up here at the moment.',
  charges_not_enabled: 'Payments cannot be taken yet: the seller still has to be verified.',
  price_not_active: 'This price is just being set up. Please try again in a moment.',
  product_archived: 'This is no longer sold.',
  already_subscribed: 'You are subscribed to this already. There is nothing to buy.',
  payment_open:
    'You are subscribed to this already, and a payment is open. Pay it, and your access comes back; please do not buy it again.',
  amount_too_small: 'This costs less than can be paid here. Please tell the seller.',
  already_owned: 'You own this already. There is nothing to pay.',
  checkout_in_progress: 'You have ordered this already; your payment is still on its way.',
  redirect_not_allowed: 'This link leads back to an address that is not registered. Please tell the seller.',
  rate_limited: 'That was too often. Please wait a moment, and try again.',
  member_token_invalid:
    'This link is no longer valid. Please go back to the site and click the button again.',
  member_token_outdated: 'This link cannot be used any more. Please tell the seller.',
  invalid_request: 'This link is not complete. Please go back to the site and click the button again.',
  sold_out: 'All places are taken at the moment. One may come back later: please look again.',
  too_many_holds: 'You have begun to buy several limited places already. Please finish one of them first.',
  free_already_had: 'You have had this already. Please ask the seller if you need it again.',
  stripe_refused: 'The payment page could not be opened. Please tell the seller.',
};
const LATER = 'The payment page cannot be opened at the moment. Please try again in a minute.';

/** What the page's form needs besides the offer. */
interface Form {
  action: string;
  /** Nobody vouches for the browser: what is free asks for an e-mail address. */
  anonymous: boolean;
  /** What was typed before. */
  email: string;
  /** Who asks has had the product's trial, and is promised none. */
  withoutTrial: boolean;
  seatsLeft: number | null;
}

/** The refusal in a member's words, with the figure that it is about. */
function wordsFor({ code, details }: ProblemError): string {
  const { leastCharge: least, currency } = details;
  if (code === 'amount_too_small' && typeof least === 'number' && typeof currency === 'string')
    return `This costs less than can be paid here: at least ${formatMoney(least, currency)}. Please tell the seller.`;
  return FOR_MEMBERS[code] ?? LATER;
}

/**
 * With a code for a discount Stripe's page takes no total between nothing and the least that it charges.
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
function leastTotalInWords({ model, promotionCodes, currency }: Offer): string | null {
  const least = promotionCodes && model !== 'free' ? leastCharge(currency) : null;
  return least === null
    ? null
    : `With a promotion code, what is left to pay is nothing, or at least ${formatMoney(least, currency)}.`;
}

const placesLeft = (count: number) => (count === 1 ? 'One place is left.' : `${count} places are left.`);

/** Refusals that would tell a stranger what somebody has. */
const PRIVATE: readonly ProblemCode[] = [
  'already_subscribed',
  'already_owned',
  'payment_open',
  'free_already_had',
];

/** The purchase page of a price, for a link or button on the coach's site. Works without JavaScript. */
export function buyPageRouter(deps: ApiDeps, limiter: Limiter): Router {
  const { db, config, log } = deps;
  const { publicUrl } = config.api;
  const memberOfToken = createMemberTokens(deps);
  const router = Router();
  /**
   * Browsers hold a form's redirects to these too: to Stripe's page, perhaps on a domain of the coach's own, and of what
   * is free to the coach's site, whose registered origins need not be https.
   * https://www.w3.org/TR/CSP3/#directive-form-action
   */
  const formTargetsOf = async ({ coachId, mode }: Offer): Promise<string[]> => {
    const { origins, defaultSuccessUrl } = await readSettings(db, coachId, mode);
    return [
      'https:',
      ...(config.stripe.apiBase === null ? [] : [new URL(config.stripe.apiBase).origin]),
      ...origins,
      ...(defaultSuccessUrl === null ? [] : [new URL(defaultSuccessUrl).origin]),
    ];
  };

  const sendOffer = async (
    res: Response,
    offer: Offer,
    form: Form,
    problem: ProblemError | null,
  ): Promise<void> => {
    const terms = form.withoutTrial ? { ...offer, trialDays: null } : offer;
    const { amount, rhythm, details } = priceInWords(terms);
    const least = leastTotalInWords(offer);
    const status = problem === null ? 200 : PROBLEMS[problem.code].status;
    if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
    const isWrongField = problem?.details['field'] === 'email';
    const again = problem === null || status >= 500 || status === 429 || isWrongField;
    const isFree = offer.model === 'free';
    const payUrl = problem?.code === 'payment_open' ? problem.details['payUrl'] : null;
    const words = isWrongField
      ? 'Please check the e-mail address.'
      : offer.status === 'archived'
        ? 'This price is no longer sold.'
        : problem !== null && wordsFor(problem);
    const askEmail =
      isFree &&
      form.anonymous &&
      html`<label for="email">Your e-mail address</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          required
          maxlength="254"
          value="${form.email}"
        />`;
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
          ${details.map((detail) => html`<p class="soft">${detail}</p>`)}
          ${least !== null && html`<p class="soft">${least}</p>`}
          ${form.seatsLeft !== null && form.seatsLeft > 0 && html`<p class="soft">${placesLeft(form.seatsLeft)}</p>`}
          ${words !== false && html`<p role="status"><strong>${words}</strong></p>`}
          ${
            problem?.code.startsWith('member_token') === true &&
            html`<p class="soft">For the seller: ${problem.message} ${PROBLEMS[problem.code].todo}</p>`
          }
          ${typeof payUrl === 'string' && html`<a class="button" href="${payUrl}">Pay what is open</a>`}
          ${
            again &&
            html`<form method="post" action="${form.action}">
              ${askEmail}<button>${isFree ? 'Get it for free' : 'Continue to payment'}</button>
            </form>`
          }
          ${again && html`<p class="soft">${isFree ? 'There is nothing to pay.' : "You pay on Stripe's own page."}</p>`}`,
      },
      await formTargetsOf(offer),
    );
  };

  /** Where an anonymous browser goes after it got something free: the same whether or not the member had it before. */
  const thanksFor = async (owner: { coachId: string; mode: Mode }, successUrl: string | undefined) => {
    const settings = await readSettings(db, owner.coachId, owner.mode);
    const target = new URL(successUrl ?? settings.defaultSuccessUrl ?? `${publicUrl}/thanks`);
    target.searchParams.set('status', 'completed');
    return target.href;
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
      throw new ProblemError('invalid_request', `The parameter ${name} is not valid.`, { field: name });
    return value;
  };
  const addressParameter = (req: Request, name: 'successUrl' | 'cancelUrl'): string | undefined => {
    const parsed = webAddress.optional().safeParse(parameter(req, name));
    if (!parsed.success)
      throw new ProblemError('invalid_request', `The parameter ${name} is not an address.`, { field: name });
    return parsed.data;
  };

  /** Who the link says is buying; null for an anonymous browser. */
  const signedMember = async (req: Request, offer: Offer): Promise<SignedMember | null> => {
    const token = parameter(req, 'member');
    return token === undefined ? null : memberOfToken(offer, token);
  };

  const formOf = async (req: Request, offer: Offer): Promise<Form> => ({
    action: req.originalUrl,
    anonymous: req.query.member === undefined || req.query.member === '',
    email: '',
    withoutTrial: false,
    seatsLeft: (await seatsLeftOf(db, [offer]))(offer),
  });

  /** Whether who asks has had the trial: the member that the link names, or this browser. */
  const hadTheTrial = (offer: Offer, visitor: string, member: SignedMember | null) =>
    isWithoutTrial(db, offer, member === null ? { visitor } : { member });

  /** Whoever holds a seat with an open checkout is led back to it, even where it is the last one. */
  const holdsSeat = async (offer: Offer, visitor: string, member: SignedMember | null): Promise<boolean> => {
    const { coachId, mode, id: priceId } = offer;
    const buyer =
      member === null ? { buyerKey: `visitor:${visitor}` } : { member: { externalId: member.externalId } };
    const held = { coachId, mode, priceId, status: 'held' } as const;
    return (await db.seat.count({ where: { ...held, checkout: buyer } })) > 0;
  };

  /** @throws ProblemError `sold_out` */
  const expectPlace = (form: Form): void => {
    if (form.seatsLeft === 0) throw new ProblemError('sold_out', 'All seats are taken, or held.');
  };

  /** The answer to whatever a request threw: the page, with the reason in a member's words. */
  const sendRefused = async (res: Response, offer: Offer, form: Form, error: unknown): Promise<void> => {
    const problem = toProblemError(error);
    if (problem === null) throw error;
    log.info({ priceId: offer.id, code: problem.code }, 'purchase page refused');
    await sendOffer(res, offer, form, problem);
  };

  /** What the browser typed; it joins what is free to a member, and never says who the browser is. */
  const typedEmail = (req: Request, form: Form): string => {
    const { email } = (req.body ?? {}) as { email?: unknown };
    form.email = typeof email === 'string' ? email.slice(0, 254) : '';
    const parsed = emailAddress.safeParse(email);
    if (!parsed.success)
      throw new ProblemError('invalid_request', 'That is not an e-mail address.', { field: 'email' });
    return parsed.data;
  };

  /** What the address names; null: the page has said that it names nothing. */
  const offerOf = async (req: Request<{ priceId: string }>, res: Response): Promise<Offer | null> => {
    const offer = await findOffer(db, req.params.priceId);
    if (offer === null) sendUnknown(res);
    return offer;
  };

  router.get('/buy/:priceId', async (req, res) => {
    const offer = await offerOf(req, res);
    if (offer === null) return;
    const successor = offer.status === 'archived' ? await findSuccessor(db, offer) : null;
    if (successor !== null) {
      res.redirect(303, `/buy/${successor}${new URL(req.originalUrl, publicUrl).search}`);
      return;
    }
    const visitor = visitorOf(req, res, publicUrl);
    const form = await formOf(req, offer);
    try {
      const member = await signedMember(req, offer);
      form.withoutTrial = await hadTheTrial(offer, visitor, member);
      const price = await expectOffered(deps, { ...offer, priceId: offer.id });
      if (price.model !== 'free') await expectSellable(deps, price);
      if (!(await holdsSeat(offer, visitor, member))) expectPlace(form);
      await sendOffer(res, offer, form, null);
    } catch (error) {
      await sendRefused(res, offer, form, error);
    }
  });

  router.post('/buy/:priceId', express.urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    const offer = await offerOf(req, res);
    if (offer === null) return;
    const hash = visitorOf(req, res, publicUrl);
    const { coachId, mode } = offer;
    const owner = { coachId, mode };
    const form = await formOf(req, offer);
    const isFree = offer.model === 'free';
    try {
      await limiter.take(res, 'purchase', clientOf(req));
      await limiter.take(res, 'purchase_of_browser', hash);
      const member = await signedMember(req, offer);
      form.withoutTrial = await hadTheTrial(offer, hash, member);
      const email = isFree && member === null ? typedEmail(req, form) : null;
      // Whoever has the address already counts as well: the answer tells nothing about it.
      if (email !== null) {
        await limiter.take(res, 'new_member', clientOf(req));
        await limiter.take(res, 'new_member_of_coach', `${coachId}/${mode}`);
      }
      // Said to everybody alike, before anything is said about whoever has this address.
      if (email !== null) expectPlace(form);
      const buyer = async (): Promise<Buyer> => {
        if (member === null && email === null) return { kind: 'visitor', hash };
        const memberId =
          member === null
            ? await memberByEmail(db, owner, email ?? '', () => newId('member'))
            : (await ensureMember(db, owner, member, () => newId('member'))).member.id;
        return { kind: 'member', memberId };
      };
      const successUrl = addressParameter(req, 'successUrl');
      const opened = await openCheckout(
        deps,
        {
          ...owner,
          priceId: offer.id,
          buyer,
          quantity: 1,
          successUrl,
          cancelUrl: addressParameter(req, 'cancelUrl'),
          keyId: null,
          addressHash: member === null ? addressHashOf(req, deps.config.encryptionKey) : null,
        },
        () => newId('checkout'),
      ).catch((error: unknown) => {
        if (email !== null && PRIVATE.includes(toProblemError(error)?.code as ProblemCode)) return null;
        throw error;
      });
      if (email !== null) {
        // Without the checkout's id: the browser proved nothing about whose it is.
        res.redirect(303, await thanksFor(owner, successUrl));
        return;
      }
      const row = await db.checkout.findUniqueOrThrow({ where: { id: opened?.checkoutId ?? '' } });
      const url = isFree ? withOutcome(row.successUrl, row) : row.url;
      if (url === null) throw new ProblemError('temporarily_unavailable', 'The checkout has no address yet.');
      res.redirect(303, url);
    } catch (error) {
      await sendRefused(res, offer, form, error);
    }
  });

  router.get('/thanks', (_req, res) => {
    sendPage(res, {
      title: 'Thank you',
      body: html`<h1>Thank you</h1>
        <p>Your access is ready. You can close this page.</p>`,
    });
  });
  refuseOtherMethods(router, '/buy/:priceId', ['GET', 'POST']);
  refuseOtherMethods(router, '/thanks', ['GET']);
  return router;
}
