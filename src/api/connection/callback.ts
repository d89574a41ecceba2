import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Connection, Prisma } from '../../db/generated/client';
import { CONFIRMATION_LIFETIME, STATE_LIFETIME } from '../../domain/connection';
import { connectBrowser, type KnownBrowser } from './browser';
import { isOurForm } from '../http/own-form';
import { deadEnd, deadEndPage } from './dead-ends';
import {
  approvalPath,
  askAtTheDoor,
  type Asked,
  askForApproval,
  askWhetherOver,
  type Decision,
  type Question,
  sayNothingConnected,
  shownOn,
} from './questions';
import { waysThroughStripe } from './flows';
import { expiry } from './attempt';
import { issueToken, readToken } from './token';
import type { ApiDeps } from '../deps';
import { html } from '../../html';
import { onlyMethods, refuseOtherMethods } from '../http/methods';

/** Milliseconds that telling the run may take; the browser does not wait for it. */
const SIGNAL_TIMEOUT_MS = 5_000;

/**
 * The browser's way to an account: our link → Stripe → back here → the coach UI, which confirms. What arrives is bound
 * to the attempt by a state and to this browser by a cookie; each of them is good once, for a limited time. On the way
 * a page of ours names the coach and waits for a click: the link may have come from somebody else (decision record 0028).
 * An account that was connected by account links and still lacks something goes the same way again, without a
 * confirmation.
 */
export function connectRouter(deps: ApiDeps): Router {
  const { db, config } = deps;
  const ways = waysThroughStripe(deps);
  const browsers = connectBrowser(config.api.publicUrl);

  /** Takes a step of a way: null when the row is not where `where` says, so each step is taken once. */
  async function step(row: Row, where: StepWhere, data: StepData): Promise<Connection | null> {
    if (row === null || !isOnTheWay(row)) return null;
    const { id, status } = row;
    const { count } = await db.connection.updateMany({
      where: { id, status, ...inTime(), ...where },
      data: { ...data, revision: { increment: 1 } },
    });
    if (count === 0) return null;
    const present = await db.connection.findUniqueOrThrow({ where: { id } });
    tellRun(present);
    return present;
  }

  const find = (token: { connectionId: string } | null): Promise<Row> =>
    token === null ? Promise.resolve(null) : db.connection.findUnique({ where: { id: token.connectionId } });

  /** The same row, if it still is where the browser is. */
  const stillAt = async (row: Connection, where: StepWhere): Promise<Asked | null> => {
    if (!isOnTheWay(row)) return null;
    const { id, status } = row;
    const present = await db.connection.findFirst({
      where: { id, status, ...inTime(), ...where },
      include: { coach: { select: { name: true } } },
    });
    return present === null ? null : { row: present, coachName: present.coach.name };
  };

  /** The run looks at its row anyway when the attempt's time is over; hearing of the step is better. */
  function tellRun({ id, coachId, mode }: Connection): void {
    deps.workflows
      .withDeadline(SIGNAL_TIMEOUT_MS, () => deps.workflows.connectionChanged({ coachId, mode }))
      .catch(() => deps.log.warn({ connectionId: id }, 'The run was not told of a step of connecting'));
  }

  const start = async (req: Request, res: Response): Promise<void> => {
    const link = readToken(req.params['token']);
    const found = await find(link);
    if (link === null || found === null) return deadEnd(res, 'link');
    if (found.flow === 'oauth') return enter(res, found, link);
    const asked = await stillAt(found, { startTokenHash: link.hash });
    if (asked === null) return deadEnd(res, 'link');
    const browser = issueToken(found.id);
    browsers.remember(res, found.id, browser, STATE_LIFETIME[found.flow]);
    askAtTheDoor(res, browser, asked, { action: req.path, stripe: stripeTargets() });
  };

  /** The answer to the question at the door, which only account links have. */
  const startForm = async (req: Request, res: Response): Promise<void> => {
    const link = readToken(req.params['token']);
    const found = await find(link);
    if (link === null || found?.flow !== 'account_links') return deadEnd(res, 'link');
    const where = { startTokenHash: link.hash };
    const asked = await stillAt(found, where);
    const browser = browsers.of(req, found.id);
    if (asked === null || browser === null) return deadEnd(res, 'link');
    const decision = decided(req, browser, 'enter', asked);
    if (decision === 'connect') await enter(res, found, link);
    else if (decision === 'stop') await stop(res, found, where);
    else deadEnd(res, 'state');
  };

  /** Uses the link up, and sends the browser, by which it was opened, to Stripe. */
  const enter = async (res: Response, found: Connection, link: { hash: string }): Promise<void> => {
    const lifetime = STATE_LIFETIME[found.flow];
    const state = issueToken(found.id);
    const browser = issueToken(found.id);
    const row = await step(
      found,
      { startTokenHash: link.hash },
      {
        startTokenHash: null,
        stateHash: state.hash,
        cookieHash: browser.hash,
        expiresAt: expiry(lifetime),
      },
    );
    if (row === null) return deadEnd(res, 'link');
    browsers.remember(res, row.id, browser, lifetime);
    await toStripe(res, row, state.token);
  };

  /** Stripe sends the browser here when its link was used or has expired: it gets a fresh one. */
  const refresh = async (req: Request, res: Response): Promise<void> => {
    const state = readToken(req.query['state']);
    const found = await find(state);
    const browser = found === null ? null : browsers.of(req, found.id);
    if (browser === null || state === null) return deadEnd(res, 'state');
    const row = await step(found, { cookieHash: browser.hash, stateHash: state.hash }, {});
    if (row === null) return deadEnd(res, 'state');
    await toStripe(res, row, String(req.query['state']));
  };

  /** The origins that Stripe's pages of a connection are on. */
  const stripeTargets = (): string[] => [
    'https://*.stripe.com',
    new URL(config.stripe.connectBase).origin,
    ...(config.stripe.apiBase === null ? [] : [new URL(config.stripe.apiBase).origin]),
  ];

  const toStripe = async (res: Response, row: Connection, state: string): Promise<void> => {
    let address: URL;
    try {
      address = await ways[row.flow].addressAtStripe(row, state);
    } catch (error) {
      deps.log.warn({ connectionId: row.id, error }, 'Stripe gave no address to send a coach to');
      const again = `/connect/refresh?state=${encodeURIComponent(state)}`;
      return deadEndPage(
        res,
        503,
        'Stripe does not answer at the moment',
        html`<a href="${again}">Try again</a>`,
      );
    }
    redirect(res, address);
  };

  const callback = async (req: Request, res: Response): Promise<void> => {
    const hasState = req.query['state'] !== undefined;
    const state = readToken(req.query['state']);
    const found = await find(hasState ? state : browsers.onlyAttempt(req));
    const browser = found === null ? null : browsers.of(req, found.id);
    if (browser === null || found === null) return deadEnd(res, 'state');
    const returned = ways[found.flow].readReturn(found, req.query);
    if (!hasState && returned.kind === 'denied') return deniedByNobody(res, found, browser);
    if (returned.kind === 'unknown' || state === null) return deadEnd(res, 'state');
    const where = { cookieHash: browser.hash, stateHash: state.hash };
    if (returned.kind === 'denied') return denied(res, found, where, returned.error);
    if (found.status === 'connected') return onboardedAgain(res, found, where);
    if (found.status !== 'authorizing') return deadEnd(res, 'state');
    const arrived = { ...USED, ...returned.data, status: 'returned' as const, confirmTokenHash: null };
    const expiresAt = expiry(CONFIRMATION_LIFETIME);
    if (found.flow === 'oauth') {
      // A new cookie: whoever planted the first one in this browser does not know this one.
      const approver = issueToken(found.id);
      const row = await step(found, where, { ...arrived, cookieHash: approver.hash, expiresAt });
      if (row === null) return deadEnd(res, 'state');
      browsers.remember(res, row.id, approver, CONFIRMATION_LIFETIME);
      // The code leaves the address bar with this.
      return redirect(res, new URL(`${config.api.publicUrl}${approvalPath(row.id)}`));
    }
    // The question was answered at the door, by this browser.
    const confirm = issueToken(found.id);
    const row = await step(found, where, { ...arrived, confirmTokenHash: confirm.hash, expiresAt });
    back(res, row, 'connection_token', confirm.token);
  };

  /** What the browser is asked after Stripe's page. Looking at it changes nothing. */
  const approval = async (req: Request, res: Response): Promise<void> => {
    const at = await atApproval(req);
    if (at === null || at.asked.row.status !== 'returned') return deadEnd(res, 'state');
    askForApproval(res, at.browser, at.asked);
  };

  /** The answer of a person. It can be given again until the coach has confirmed: clicks are doubled, minds change. */
  const approvalForm = async (req: Request, res: Response): Promise<void> => {
    const at = await atApproval(req);
    if (at === null) return deadEnd(res, 'state');
    const { browser, asked } = at;
    const { row } = asked;
    const where = { cookieHash: browser.hash };
    const question = row.status === 'returned' ? 'approve' : 'over';
    const decision = decided(req, browser, question, asked);
    if (decision === 'stop' && question === 'approve') return stop(res, row, where);
    if (decision === 'over' && question === 'over') return denied(res, row, where, 'access_denied');
    if (decision !== 'connect' || question !== 'approve') return deadEnd(res, 'state');
    const confirm = issueToken(row.id);
    back(
      res,
      await step(row, where, { confirmTokenHash: confirm.hash }),
      'connection_token',
      confirm.token,
      true,
    );
  };

  /** The attempt of the address, if this is its browser. Not of a connection that stands: nothing is to be approved. */
  const atApproval = async (req: Request): Promise<{ asked: Asked; browser: KnownBrowser } | null> => {
    const browser = browsers.of(req, String(req.params['connectionId']));
    const found = await find(browser);
    if (browser === null || found === null || found.status === 'connected') return null;
    const asked = await stillAt(found, { cookieHash: browser.hash });
    return asked === null ? null : { asked, browser };
  };

  /** Stripe may leave the state out of a denial; but so may anybody who makes this browser open our address. */
  const deniedByNobody = async (res: Response, found: Connection, browser: KnownBrowser): Promise<void> => {
    const asked = await stillAt(found, { cookieHash: browser.hash });
    if (asked?.row.status !== 'authorizing') return deadEnd(res, 'state');
    askWhetherOver(res, browser, asked);
  };

  const denied = async (res: Response, found: Connection, where: StepWhere, error: string): Promise<void> => {
    const reason = error === 'access_denied' ? error : 'connection_refused';
    const status = error === 'access_denied' ? ('denied' as const) : ('failed' as const);
    const row = await step(found, where, { ...USED, status, endReason: reason, endedAt: new Date() });
    back(res, row, 'connection_error', reason);
  };

  /** The person is not the coach, or does not want this: the code is forgotten unused, and nobody is gone back to. */
  const stop = async (res: Response, found: Connection, where: StepWhere): Promise<void> => {
    const nothing = { ...USED, startTokenHash: null, confirmTokenHash: null, encryptedCode: null };
    const stands = found.status === 'connected';
    const row = await step(found, where, {
      ...nothing,
      ...(stands
        ? { expiresAt: null }
        : { status: 'denied', endReason: 'not_approved', endedAt: new Date() }),
    });
    if (row === null) return deadEnd(res, 'state');
    browsers.forget(res, row.id);
    sayNothingConnected(res);
  };

  /** The account is the coach's already: nothing is to be confirmed, and the run looks at it by itself. */
  const onboardedAgain = async (res: Response, found: Connection, where: StepWhere): Promise<void> => {
    const row = await step(found, where, { ...USED, expiresAt: null });
    back(res, row, 'connection_onboarding', 'returned');
  };

  /** To the coach UI, with what it needs to go on. */
  const back = (res: Response, row: Row, parameter: string, value: string, keepsBrowser = false): void => {
    if (row?.returnUrl == null) return deadEnd(res, 'state');
    const url = new URL(row.returnUrl);
    url.searchParams.set(parameter, value);
    if (!keepsBrowser) browsers.forget(res, row.id);
    redirect(res, url);
  };

  const form = express.urlencoded({ extended: false, limit: '10kb' });
  const START = '/connect/start/:token';
  const APPROVAL = approvalPath(':connectionId');
  const router = Router();
  // A look (HEAD) at one of these must not use it up.
  router.all(START, onlyMethods('GET', 'POST'));
  router.all(['/connect/refresh', '/connect/callback'], onlyMethods('GET'));
  router.get(START, opensOnly(start));
  router.post(START, form, startForm);
  router.get('/connect/refresh', opensOnly(refresh));
  router.get('/connect/callback', opensOnly(callback));
  router.get(APPROVAL, approval);
  router.post(APPROVAL, form, approvalForm);
  refuseOtherMethods(router, APPROVAL, ['GET', 'POST']);
  return router;
}

type Row = Connection | null;
type StepWhere = Partial<Pick<Connection, 'startTokenHash' | 'stateHash' | 'cookieHash'>>;
type StepData = Prisma.ConnectionUpdateManyMutationInput;

const USED = { stateHash: null, cookieHash: null };

const inTime = () => ({ expiresAt: { gt: new Date() } });

/** On the way to Stripe for the first time, back and asked, or on the way again to complete what is due. */
function isOnTheWay({ status, flow }: Connection): boolean {
  return (
    status === 'authorizing' || status === 'returned' || (status === 'connected' && flow === 'account_links')
  );
}

/** What the form of a page says that asked this; null when no person pressed its button in this browser. */
function decided(req: Request, browser: KnownBrowser, question: Question, asked: Asked): Decision | null {
  if (!isOurForm(req, browser, shownOn(question, asked))) return null;
  const { decision } = req.body as { decision?: unknown };
  return decision === 'connect' || decision === 'stop' || decision === 'over' ? decision : null;
}

/** A link is used up by opening it, so a browser that loads ahead may not count. */
function opensOnly(handler: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return async (req, res) => {
    if (/prefetch|prerender/.test(req.get('Sec-Purpose') ?? '')) res.sendStatus(503);
    else await handler(req, res);
  };
}

/** Tokens are in the address: nobody keeps it, and nobody is told where the browser came from. */
function redirect(res: Response, url: URL): void {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.redirect(303, url.href);
}
