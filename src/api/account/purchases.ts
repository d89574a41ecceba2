import type { Request, Router } from 'express';
import type { Member } from '../../db/generated/client';
import type { TimelineKind } from '../../domain/timeline';
import { isoTime, toDate } from '../../domain/time';
import { expectConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { openPortals } from '../members/portal-links';
import { createMembershipActions } from '../memberships/actions';
import { payLinkOf } from '../memberships/open-payment';
import { priceChangeBody } from '../memberships/price-change';
import { readSettings } from '../settings';
import { allowedOf, findHeld, type Held, otherPrices } from './holdings';
import { readOffer, takeOffer } from './cancel-offer';
import { field, fieldsOf, type MemberVisit, notFound, pageOf, type Pages } from './page';
import { documentOf } from './payment-document';
import { LONGEST_REASON, sendCancel, sendPreview, sendPrices, sendSentence } from './purchase-view';

/** What members do with what they bought: the API's own actions, for what is theirs. */
export function purchaseRoutes(router: Router, { ofMember, press }: Pages, deps: ApiDeps): void {
  const { db, config, clock } = deps;
  const actions = createMembershipActions(deps);
  const back = (base: string) => `${config.api.publicUrl}${base}`;

  /** @throws ProblemError `not_found` for what is not the member's */
  const expectHeld = async (req: Request, member: Member): Promise<Held> => {
    const held = await findHeld(deps, member, String(req.params['id']));
    if (held === null) throw notFound();
    return held;
  };
  const settingsOf = ({ shell }: Pick<MemberVisit, 'shell'>) => readSettings(db, shell.coach.id, shell.mode);

  router.post(
    '/card',
    press('card', async ({ res, shell, session }, requestId) => {
      const connection = await expectConnected(db, shell.coach.id, shell.mode);
      const memberId = session.member.id;
      const [{ url }] = await openPortals(deps, connection, {
        memberId,
        returnUrl: back(shell.base),
        requestId,
      });
      res.redirect(303, url);
    }),
  );

  router.get(
    '/payments/:stripeId',
    ofMember(async ({ req, res, shell, session }) => {
      const { coachId, mode, id: memberId } = session.member;
      const payment = await db.payment.findFirst({
        where: { coachId, mode, memberId, status: 'succeeded', stripeId: String(req.params['stripeId']) },
        include: { membership: { include: { checkout: true } } },
      });
      if (payment === null) throw notFound();
      const url = await documentOf(deps, payment);
      if (url === null) sendSentence(res, shell, shell.words.payments.noDocument, 404);
      else res.redirect(303, url);
    }),
  );

  router.post(
    '/memberships/:id/pay',
    press('pay', async ({ req, res, shell, session }, requestId) => {
      const held = await expectHeld(req, session.member);
      const url = await payLinkOf(deps, held, { returnUrl: back(shell.base), requestId });
      if (url === null) sendSentence(res, shell, shell.words.later, 503);
      else res.redirect(303, url);
    }),
  );

  router.post(
    '/memberships/:id/resume',
    press('resume', async ({ req, res, shell, session }, requestId) => {
      const held = await expectHeld(req, session.member);
      await actions.resume(pageOf(shell), held.id, { requestId });
      res.redirect(303, `${shell.base}?done=resumed`);
    }),
  );

  router.get(
    '/memberships/:id/cancel',
    ofMember(async (visit) => {
      const { req, res, shell, session } = visit;
      const held = await expectHeld(req, session.member);
      const settings = await settingsOf(visit);
      const allowed = allowedOf(held, settings);
      if (allowed.cancelAt.length === 0) {
        res.redirect(303, shell.base);
        return;
      }
      const offer = await readOffer(deps, held, settings);
      sendCancel(res, shell, held, {
        allowed,
        fields: fieldsOf(session, 'cancel', held.id),
        offer: offer && { offer, fields: fieldsOf(session, 'offer', held.id) },
      });
    }),
  );
  router.post(
    '/memberships/:id/offer',
    press('offer', async (visit, requestId) => {
      const { req, res, shell, session } = visit;
      const held = await expectHeld(req, session.member);
      const offer = await readOffer(deps, held, await settingsOf(visit));
      if (offer !== null) await takeOffer(deps, actions, held, offer, requestId);
      // Taken before, or not offered any more: the page says how it stands.
      const done = offer !== null || held.cancelOfferTakenAt !== null ? '?done=offered' : '';
      res.redirect(303, `${shell.base}${done}`);
    }),
  );
  router.post(
    '/memberships/:id/cancel',
    press('cancel', async (visit, requestId) => {
      const { req, res, shell, session } = visit;
      const held = await expectHeld(req, session.member);
      const at = allowedOf(held, await settingsOf(visit)).cancelAt.find((one) => one === field(req, 'at'));
      if (at === undefined) {
        res.redirect(303, `${shell.base}/memberships/${held.id}/cancel`);
        return;
      }
      await actions.cancel(pageOf(shell), held.id, { requestId, at });
      await noteReason(held, { requestId, at, reason: field(req, 'reason') });
      res.redirect(303, `${shell.base}?done=cancelled`);
    }),
  );

  /** That it was the member, and why: for the coach, in the timeline; once, however often the button is pressed. */
  async function noteReason(
    held: Held,
    { requestId, at, reason }: { requestId: string; at: 'now' | 'period_end'; reason: string },
  ): Promise<void> {
    const { coachId, mode, accountId, memberId, productId, checkoutId, id: membershipId } = held;
    const words = reason.trim().slice(0, LONGEST_REASON);
    const now = toDate(await clock.now(mode, accountId));
    const kind = 'member_cancelled' satisfies TimelineKind;
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM membership WHERE id = ${membershipId} FOR NO KEY UPDATE`;
      const noted = { coachId, mode, membershipId, kind, causeId: requestId };
      if ((await tx.timelineEntry.count({ where: noted })) > 0) return;
      await tx.timelineEntry.create({
        data: {
          ...noted,
          ...{ memberId, productId, checkoutId, at: now },
          cause: 'person',
          effect:
            at === 'now'
              ? 'The member has cancelled at once, on their page.'
              : 'The member has cancelled for the end of the paid period, on their page.',
          details: { at, ...(words === '' ? {} : { reason: words }) },
        },
      });
    });
  }

  router.get(
    '/memberships/:id/price',
    ofMember(async (visit) => {
      const { req, res, shell, session } = visit;
      const held = await expectHeld(req, session.member);
      if (!allowedOf(held, await settingsOf(visit)).changePrice) {
        res.redirect(303, shell.base);
        return;
      }
      const prices = await otherPrices(deps, held);
      const price = prices.find(({ id }) => id === req.query['to']);
      if (price === undefined) {
        sendPrices(res, shell, held, prices);
        return;
      }
      const preview = await actions.previewPrice(
        pageOf(shell),
        held.id,
        priceChangeBody.parse({ priceId: price.id }),
      );
      const fields = fieldsOf(session, 'price', held.id, [price.id, preview.prorationDate ?? '']);
      sendPreview(res, shell, { held, price, preview, fields });
    }),
  );
  router.post(
    '/memberships/:id/price',
    press(
      'price',
      async (visit, requestId) => {
        const { req, res, shell, session } = visit;
        const held = await expectHeld(req, session.member);
        const [to, from] = [field(req, 'to'), field(req, 'from')];
        const isOffered = (await otherPrices(deps, held)).some(({ id }) => id === to);
        if (!isOffered || !allowedOf(held, await settingsOf(visit)).changePrice) {
          res.redirect(303, `${shell.base}/memberships/${held.id}/price`);
          return;
        }
        const body = priceChangeBody.parse({ priceId: to, ...(from === '' ? {} : { prorationDate: from }) });
        await actions.changePrice(pageOf(shell), held.id, body, requestId);
        res.redirect(303, `${shell.base}?done=changed`);
      },
      (req) => [field(req, 'to'), field(req, 'from')],
    ),
  );
}

/** What the file of a member's own data is called. */
export const dataFileName = (at: Date) => `session-${isoTime(at).slice(0, 10)}.json`;
