import type { Language } from '../../domain/language';
import express, { type Request, type Response, Router } from 'express';
import { paidIn } from '../../domain/currency-options';
import { newId } from '../../domain/ids';
import { consentText } from '../../domain/consent-words';
import type { Mode } from '../../domain/mode';
import { type ProblemCode, ProblemError } from '../../domain/problem';
import { seatsLeftOf } from '../catalog/availability';
import { findOffer, findSuccessor } from '../catalog/offer';
import type { Offer } from '../catalog/offered-price';
import { isWithoutTrial } from '../catalog/offered-trial';
import { expectOffered, expectSellable } from '../catalog/sellable';
import { coachNow } from '../connection/connected-account';
import type { Buyer } from '../checkout/buyer';
import { openCheckout, type Purchase } from '../checkout/opening';
import { withOutcome } from '../checkout/return-page';
import type { ApiDeps } from '../deps';
import { clientOf } from '../http/client-address';
import { languageOf } from '../http/language';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import { toProblemError } from '../http/problem';
import { ensureMember, memberByEmail } from '../members/records';
import { readSettings } from '../settings';
import {
  addressParameter,
  isTotalAsked,
  chosenQuantity,
  givenCode,
  givenConsent,
  parameter,
  typedEmail,
} from './buy-request';
import { lookOf } from './buy-look';
import { knowAddress, reminderFormOf, wantedReminder } from './buy-reminder';
import { type Form, sendOffer, sendThanks, sendUnknown } from './buy-view';
import { createMemberTokens, type SignedMember } from './member-token';
import { addressHashOf, visitorOf } from './visitor';

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

  /** Where an anonymous browser goes after it got something free: the same whether or not the member had it before. */
  const thanksFor = async (owner: { coachId: string; mode: Mode }, successUrl: string | undefined) => {
    const settings = await readSettings(db, owner.coachId, owner.mode);
    const target = new URL(successUrl ?? settings.defaultSuccessUrl ?? `${publicUrl}/thanks`);
    target.searchParams.set('status', 'completed');
    return target.href;
  };

  /** Who the link says is buying; null for an anonymous browser. */
  const signedMember = async (req: Request, offer: Offer): Promise<SignedMember | null> => {
    const token = parameter(req, 'member');
    return token === undefined ? null : memberOfToken(offer, token);
  };

  const formOf = async (req: Request, res: Response, offer: Offer): Promise<Form> => {
    const settings = await readSettings(db, offer.coachId, offer.mode);
    return {
      look: await lookOf(db, offer, settings),
      now: await coachNow(deps, offer.coachId, offer.mode),
      taxed: settings.automaticTax,
      isAgreed: false,
      language: languageOf(req, res),
      action: req.originalUrl,
      anonymous: req.query.member === undefined || req.query.member === '',
      email: '',
      quantity: '1',
      code: parameter(req, 'code') ?? '',
      askCode: await asksForCode(offer, parameter(req, 'code')),
      withoutTrial: false,
      seatsLeft: (await seatsLeftOf(db, [offer]))(offer),
      consent: await consentOf(languageOf(req, res), offer),
      reminder: await reminderFormOf(deps, languageOf(req, res), offer),
    };
  };

  /** Whether the page asks for a code itself: a link brought one, or there is one that cannot be typed at Stripe. */
  const asksForCode = async (
    { coachId, mode, model, promotionCodes }: Offer,
    brought: string | undefined,
  ): Promise<boolean> => {
    if (model === 'free' || !promotionCodes) return false;
    if (brought !== undefined) return true;
    return (
      (await db.promotionCode.count({ where: { coachId, mode, status: 'active', onePerMember: true } })) > 0
    );
  };

  /** What the coach has buyers agree to before they pay; in German for who prefers it. */
  const consentOf = async (language: Language, { coachId, mode, model }: Offer): Promise<Form['consent']> => {
    const { purchaseConsent: kind } = await readSettings(db, coachId, mode);
    if (kind === 'none' || model === 'free') return null;
    return { kind, language, text: consentText(kind, language) };
  };

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
    sendOffer(res, offer, form, problem, await formTargetsOf(offer));
  };

  /** What the address names, in the currency that it names if the price has it; null: the page has said that it names nothing. */
  const offerOf = async (req: Request<{ priceId: string }>, res: Response): Promise<Offer | null> => {
    const offer = await findOffer(db, req.params.priceId);
    if (offer === null) sendUnknown(res, languageOf(req, res));
    if (offer === null) return null;
    return paidIn(offer, parameter(req, 'currency')?.toLowerCase() ?? offer.currency);
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
    const form = await formOf(req, res, offer);
    try {
      const member = await signedMember(req, offer);
      await knowAddress(db, offer, member, form.reminder);
      form.withoutTrial = await hadTheTrial(offer, visitor, member);
      const price = await expectOffered(deps, { ...offer, priceId: offer.id });
      if (price.model !== 'free') await expectSellable(deps, price);
      if (!(await holdsSeat(offer, visitor, member))) expectPlace(form);
      sendOffer(res, offer, form, null, await formTargetsOf(offer));
    } catch (error) {
      await sendRefused(res, offer, form, error);
    }
  });

  /** Opens the checkout that the address asks for. Returns its id. */
  const open = async (
    req: Request,
    offer: Offer,
    member: SignedMember | null,
    chosen: Pick<Purchase, 'quantity' | 'consent' | 'promotionCode' | 'reminder'>,
    buyer: () => Promise<Buyer>,
  ) => {
    const { coachId, mode, id: priceId } = offer;
    const { checkoutId } = await openCheckout(
      deps,
      {
        coachId,
        mode,
        priceId,
        buyer,
        ...chosen,
        currency: offer.currency,
        successUrl: addressParameter(req, 'successUrl'),
        cancelUrl: addressParameter(req, 'cancelUrl'),
        keyId: null,
        addressHash: member === null ? addressHashOf(req, deps.config.encryptionKey) : null,
      },
      () => newId('checkout'),
    );
    return checkoutId;
  };

  /** Whoever the link names, or this browser, buys. Returns where the browser goes: to Stripe, or with what is free back. */
  const purchase = async (
    req: Request,
    {
      offer,
      form,
      member,
      browser,
    }: { offer: Offer; form: Form; member: SignedMember | null; browser: string },
  ) => {
    const { coachId, mode } = offer;
    const chosen = {
      quantity: chosenQuantity(req, form, offer),
      consent: givenConsent(req, form),
      reminder: wantedReminder(req, form.reminder, publicUrl),
      promotionCode: offer.model === 'free' ? null : givenCode(req, form),
    };
    const checkoutId = await open(req, offer, member, chosen, async () => {
      if (member === null) return { kind: 'visitor', hash: browser };
      const ensured = await ensureMember(db, { coachId, mode }, member, () => newId('member'));
      return { kind: 'member', memberId: ensured.member.id };
    });
    const row = await db.checkout.findUniqueOrThrow({ where: { id: checkoutId } });
    const url = offer.model === 'free' ? withOutcome(row.successUrl, row) : row.url;
    if (url === null) throw new ProblemError('temporarily_unavailable', 'The checkout has no address yet.');
    return url;
  };

  /** What is free goes to whoever has the address that was typed. The answer tells nothing about them. */
  const giveAway = async (req: Request, res: Response, offer: Offer, form: Form) => {
    const { coachId, mode } = offer;
    const email = typedEmail(req, form);
    // Whoever has the address already counts as well.
    await limiter.take(res, 'new_member', clientOf(req));
    await limiter.take(res, 'new_member_of_coach', `${coachId}/${mode}`);
    // Said to everybody alike, before anything is said about whoever has this address.
    expectPlace(form);
    try {
      await open(req, offer, null, { quantity: 1, consent: null, promotionCode: null }, async () => {
        const memberId = await memberByEmail(db, { coachId, mode }, email, () => newId('member'));
        return { kind: 'member', memberId };
      });
    } catch (error) {
      if (!PRIVATE.includes(toProblemError(error)?.code as ProblemCode)) throw error;
    }
    // Without the checkout's id: the browser proved nothing about whose it is.
    return thanksFor({ coachId, mode }, addressParameter(req, 'successUrl'));
  };

  router.post('/buy/:priceId', express.urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    const offer = await offerOf(req, res);
    if (offer === null) return;
    const browser = visitorOf(req, res, publicUrl);
    const form = await formOf(req, res, offer);
    try {
      await limiter.take(res, 'purchase', clientOf(req));
      await limiter.take(res, 'purchase_of_browser', browser);
      const member = await signedMember(req, offer);
      await knowAddress(db, offer, member, form.reminder);
      form.withoutTrial = await hadTheTrial(offer, browser, member);
      if (isTotalAsked(req, form, offer)) {
        sendOffer(res, offer, form, null, await formTargetsOf(offer));
        return;
      }
      const isGivenAway = offer.model === 'free' && member === null;
      const url = isGivenAway
        ? await giveAway(req, res, offer, form)
        : await purchase(req, { offer, form, member, browser });
      res.redirect(303, url);
    } catch (error) {
      await sendRefused(res, offer, form, error);
    }
  });

  router.get('/thanks', (req, res) => sendThanks(res, languageOf(req, res)));
  refuseOtherMethods(router, '/buy/:priceId', ['GET', 'POST']);
  refuseOtherMethods(router, '/thanks', ['GET']);
  return router;
}
