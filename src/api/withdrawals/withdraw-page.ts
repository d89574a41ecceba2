import type { Router } from 'express';
import { contractMeant } from '../../domain/withdrawal';
import { toSeconds } from '../../domain/time';
import type { Membership } from '../../db/generated/client';
import { field, inBothModes, pageOf, type PagesOfMode } from '../account/page';
import { sendSentence } from '../account/purchase-view';
import { isOffered, readStatement, shownIn, typedIn } from '../account/withdrawing';
import { sendReceived, sendReview, sendStatementForm } from '../account/withdrawal-view';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { formToken, isOurForm } from '../http/own-form';
import { stateWithdrawal } from './state';

/** What the form holds for. */
const ASKING = ['withdraw'];

/**
 * Withdrawing without signing in: `/withdraw/{coach}`, in test mode `/withdraw/{coach}/test`. Directive 2011/83/EU, article
 * 11a: a name, the contract, an address for the receipt, and a second step. It says nothing about who bought what; what was
 * stated here is carried out once the member has said so, signed in, or the coach has.
 */
export const withdrawRouter = (deps: ApiDeps, limiter: Limiter): Router =>
  inBothModes(deps, '/withdraw', (of) => route(of, limiter));

function route({ deps, browser, router, pages: { page }, mode }: PagesOfMode, limiter: Limiter): void {
  const { db } = deps;

  router.get(
    '/',
    page(async ({ req, res, shell }) => {
      if (!(await isOffered(deps, shell.coach.id, mode))) {
        sendSentence(res, shell, shell.words.withdrawal.notOffered, 404);
        return;
      }
      const token = formToken(browser.askIn(req, res), ASKING);
      const empty = { name: '', contract: '', email: '' };
      sendStatementForm(res, shell, { action: shell.own, token, wrong: false, isSignedIn: false, ...empty });
    }),
  );
  router.post(
    '/',
    page(async ({ req, res, shell }) => {
      const asked = browser.askedIn(req);
      const statement = readStatement(req);
      const isConfirmed = field(req, 'confirm') === 'yes' && statement !== null;
      const shown = isConfirmed ? shownIn('withdraw', statement) : ASKING;
      if (asked === null || !isOurForm(req, asked, shown) || !(await isOffered(deps, shell.coach.id, mode))) {
        res.redirect(303, shell.own);
        return;
      }
      if (statement === null) {
        const again = { action: shell.own, token: formToken(asked, ASKING), wrong: true, isSignedIn: false };
        sendStatementForm(res, shell, { ...again, ...typedIn(req) });
        return;
      }
      if (!isConfirmed) {
        const token = formToken(asked, shownIn('withdraw', statement));
        sendReview(res, shell, { action: shell.own, token, statement });
        return;
      }
      await limiter.take(res, 'withdrawal', clientOf(req));
      const { coachId } = pageOf(shell);
      const now = await coachNow(deps, coachId, mode);
      const row = await stateWithdrawal(deps, {
        ...{ coachId, mode, ...statement },
        membership: await purchaseMeant(coachId, statement, now),
        isProven: false,
        statedAt: now,
        language: shell.words.language,
      });
      // What is shown is what was typed, whatever is known of it: nobody learns here who bought what.
      const shownRow = { ...row, statedAt: new Date(now * 1000) };
      sendReceived(res, shell, shownRow, { isSignedIn: false, email: statement.email });
    }),
  );

  /** The purchase of whoever has the address, as far as it can be told. */
  async function purchaseMeant(
    coachId: string,
    { email, contract }: { email: string; contract: string },
    now: number,
  ): Promise<Membership | null> {
    const rows = await db.membership.findMany({
      where: { coachId, mode, member: { email, erasedAt: null } },
      include: { product: true },
    });
    const meant = contractMeant(
      rows.map(({ id, product, startedAt, checkoutId, stripeSubscriptionId }) => ({
        ...{ id, mode, productName: product.name, concludedAt: toSeconds(startedAt) },
        otherIds: [checkoutId, stripeSubscriptionId ?? ''],
      })),
      contract,
      now,
    );
    return rows.find(({ id }) => id === meant?.id) ?? null;
  }
}
