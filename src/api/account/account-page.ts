import type { Router } from 'express';
import { coachNow, findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import type { Limiter } from '../http/limits';
import { exportOf } from '../members/export';
import { readSettings } from '../settings';
import { allowedOf, readHoldings, readPayments } from './holdings';
import { signInMails } from './mails';
import { sendOverview } from './overview-view';
import { fieldsOf, inBothModes, type MemberVisit, pageOf, type PagesOfMode } from './page';
import { dataFileName, purchaseRoutes } from './purchases';
import { signInRoutes } from './sign-in';
import { isOffered, mayWithdrawFrom, withdrawingRoutes } from './withdrawing';

const LONGEST_TOKEN = 4000;

/**
 * The page on which a coach's members see what they have, and settle it themselves: `/account/{coach}`, in test mode
 * `/account/{coach}/test`. Works without JavaScript.
 */
export const accountRouter = (deps: ApiDeps, limiter: Limiter): Router =>
  inBothModes(deps, '/account', (of) => route(of, limiter));

function route({ deps, browser, sessions, router, pages }: PagesOfMode, limiter: Limiter): void {
  const { db } = deps;
  const { enterByToken, showSignIn } = signInRoutes(router, pages, {
    ...{ deps, browser, sessions, limiter },
    queue: signInMails(deps.config),
  });

  const show = async ({ req, res, shell, session }: MemberVisit): Promise<void> => {
    const { member } = session;
    const { coachId, mode } = pageOf(shell);
    const [holdings, payments, settings, connection, withdrawals, offered, now] = await Promise.all([
      readHoldings(deps, member),
      readPayments(deps, member),
      readSettings(db, coachId, mode),
      findConnected(db, coachId, mode),
      db.withdrawal.findMany({
        where: { coachId, mode, memberId: member.id },
        include: { membership: { select: { product: { select: { name: true } } } } },
        orderBy: { createdAt: 'desc' },
      }),
      isOffered(deps, coachId, mode),
      coachNow(deps, coachId, mode),
    ]);
    const accountId = connection?.accountId ?? '';
    const { done } = shell.words;
    const hasCard =
      (await db.stripeCustomer.count({ where: { coachId, mode, memberId: member.id, accountId } })) > 0;
    sendOverview(res, shell, {
      ...{ member, holdings, payments, hasCard },
      allowed: (held) => allowedOf(held, settings),
      mayWithdraw: (held) => mayWithdrawFrom(held, offered, now),
      withdrawals: withdrawals.map((row) => ({ ...row, productName: row.membership?.product.name ?? null })),
      fields: (action, id) => fieldsOf(session, action, id),
      done: Object.entries(done).find(([name]) => name === req.query['done'])?.[1] ?? null,
    });
  };

  router.get(
    '/',
    pages.page(async (visit) => {
      const { req, shell } = visit;
      const token = req.query['member'];
      if (typeof token === 'string' && token !== '') {
        await enterByToken(visit, token.slice(0, LONGEST_TOKEN));
        return;
      }
      const of = pageOf(shell);
      const session = await sessions.find(of, browser.tokenOf(req, of));
      if (session === null) showSignIn(visit);
      else await show({ ...visit, session });
    }),
  );
  router.get(
    '/data.json',
    pages.ofMember(async ({ res, session: { member } }) => {
      const { coachId, mode, id: memberId } = member;
      res.setHeader('Cache-Control', 'no-store');
      res.attachment(dataFileName(new Date()));
      res.type('json').send(JSON.stringify(await exportOf(db, { coachId, mode, memberId }), null, 2));
    }),
  );
  purchaseRoutes(router, pages, deps);
  withdrawingRoutes(router, pages, deps);
}
