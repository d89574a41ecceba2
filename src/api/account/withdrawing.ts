import type { Request, Router } from 'express';
import { z } from 'zod';
import { mayWithdraw, isWithdrawalOffered } from '../../domain/withdrawal';
import { type Seconds, toSeconds } from '../../domain/time';
import { latestCountryOf } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { formToken, isOurForm } from '../http/own-form';
import { email as emailAddress, text } from '../http/schemas';
import { beginOf, isNobodys } from '../../store/withdrawals';
import { readSettings } from '../settings';
import { stateWithdrawal } from '../withdrawals/state';
import { findHeld, type Held } from './holdings';
import { field, type MemberVisit, notFound, type Pages } from './page';
import { LONGEST, sendReceived, sendReview, sendStatementForm, type Statement } from './withdrawal-view';

const statement = z.object({
  name: text(LONGEST.name),
  contract: text(LONGEST.contract),
  email: emailAddress,
});

/** What was typed, as it stands. */
export const typedIn = (req: Request): Statement => ({
  name: field(req, 'name'),
  contract: field(req, 'contract'),
  email: field(req, 'email'),
});

/** What was typed, as far as it is right; null: something is missing or wrong. */
export function readStatement(req: Request): Statement | null {
  return statement.safeParse(typedIn(req)).data ?? null;
}

export const shownIn = (where: string, { name, contract, email }: Statement) => [
  where,
  name,
  contract,
  email,
];

/** Whether a coach's members are offered to withdraw at all. */
export async function isOffered({ db }: ApiDeps, coachId: string, mode: 'test' | 'live'): Promise<boolean> {
  const [{ withdrawal }, country] = await Promise.all([
    readSettings(db, coachId, mode),
    latestCountryOf(db, coachId, mode),
  ]);
  return isWithdrawalOffered(withdrawal, country);
}

/** Whether a member may withdraw from a purchase: as long as the period runs, article 11a(1). One that somebody else has stated they may confirm. */
export function mayWithdrawFrom(
  { startedAt, accessStartsAt, checkout, withdrawal }: Held,
  offered: boolean,
  now: Seconds,
): boolean {
  const kind = checkout.consent?.kind ?? 'none';
  return mayWithdraw({
    isOffered: offered,
    concludedAt: toSeconds(startedAt),
    consent: kind === 'none' ? null : kind,
    hasBegun: beginOf({ startedAt, accessStartsAt }) <= now,
    isWithdrawn: withdrawal !== null && !isNobodys(withdrawal),
    now,
  });
}

/** Withdrawing on the member's page: in two steps, for whoever is signed in. */
export function withdrawingRoutes(router: Router, { ofMember }: Pages, deps: ApiDeps): void {
  const PATH = '/memberships/:id/withdraw';

  async function expectWithdrawable({ req, session, shell }: MemberVisit): Promise<Held> {
    const held = await findHeld(deps, session.member, String(req.params['id']));
    if (held === null) throw notFound();
    const [offered, now] = await Promise.all([
      isOffered(deps, shell.coach.id, shell.mode),
      deps.clock.now(held.mode, held.accountId),
    ]);
    const may = mayWithdrawFrom(held, offered, now);
    if (!may) throw notFound();
    return held;
  }
  const actionOf = ({ shell }: MemberVisit, held: Held) => `${shell.base}/memberships/${held.id}/withdraw`;

  router.get(
    PATH,
    ofMember(async (visit) => {
      const { res, shell, session } = visit;
      const held = await expectWithdrawable(visit);
      sendStatementForm(res, shell, {
        action: actionOf(visit, held),
        token: formToken(session, ['withdraw', held.id]),
        wrong: false,
        isSignedIn: true,
        ...{ name: '', contract: `${held.product.name} (${held.id})`, email: session.member.email ?? '' },
      });
    }),
  );
  router.post(
    PATH,
    ofMember(async (visit) => {
      const { req, res, shell, session } = visit;
      const held = await expectWithdrawable(visit);
      const action = actionOf(visit, held);
      const statement = readStatement(req);
      if (field(req, 'confirm') !== 'yes' || statement === null) {
        if (!isOurForm(req, session, ['withdraw', held.id])) {
          res.redirect(303, action);
          return;
        }
        if (statement === null) {
          const token = formToken(session, ['withdraw', held.id]);
          sendStatementForm(res, shell, { action, token, wrong: true, isSignedIn: true, ...typedIn(req) });
          return;
        }
        sendReview(res, shell, { action, statement, token: formToken(session, shownIn(held.id, statement)) });
        return;
      }
      if (!isOurForm(req, session, shownIn(held.id, statement))) {
        res.redirect(303, action);
        return;
      }
      const { coachId, mode, accountId } = held;
      const row = await stateWithdrawal(deps, {
        ...{ coachId, mode, ...statement },
        membership: held,
        isProven: true,
        statedAt: await deps.clock.now(mode, accountId),
        language: shell.words.language,
      });
      sendReceived(res, shell, row, { isSignedIn: true, email: statement.email });
    }),
  );
}
