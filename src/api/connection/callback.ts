import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Connection, Prisma } from '../../db/generated/client';
import { CONFIRMATION_LIFETIME, STATE_LIFETIME } from '../../domain/connection';
import { waysThroughStripe } from './flows';
import { expiry } from './attempt';
import { issueToken, readToken } from './token';
import type { ApiDeps } from '../deps';
import { readCookie } from '../http/cookies';
import { html, type Html, sendPage } from '../../html';

const COOKIE = 'session_connect';
/** Milliseconds that telling the run may take; the browser does not wait for it. */
const PATIENCE = 5_000;

/** Why the browser came to a dead end, and what the coach does about it. */
const DEAD_ENDS = {
  link: ['This link does not work any more', 'It can be opened once, within 15 minutes.'],
  state: [
    'This approval does not belong to this browser',
    'It was started elsewhere, was used before, or took too long. Nothing was connected.',
  ],
} as const;

/**
 * The browser's way to an account: our link → Stripe → back here → the coach UI, which confirms. What arrives is bound
 * to the attempt by a state and to this browser by a cookie; each of them is good once, for a limited time. An account
 * that was connected by account links and still lacks something goes the same way again, without a confirmation.
 */
export function connectRouter(deps: ApiDeps): Router {
  const { db, config } = deps;
  const ways = waysThroughStripe(deps);
  const cookieOptions = {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: config.api.publicUrl.startsWith('https:'),
    path: '/connect',
  };

  /** Takes a step of a way: null when the row is not where `where` says, so each step is taken once. */
  async function step(row: Row, where: StepWhere, data: StepData): Promise<Connection | null> {
    if (row === null || !isOnTheWay(row)) return null;
    const { id, status } = row;
    const { count } = await db.connection.updateMany({
      where: { id, status, expiresAt: { gt: new Date() }, ...where },
      data: { ...data, revision: { increment: 1 } },
    });
    if (count === 0) return null;
    const present = await db.connection.findUniqueOrThrow({ where: { id } });
    tellRun(present);
    return present;
  }

  const find = (token: { connectionId: string } | null): Promise<Row> =>
    token === null ? Promise.resolve(null) : db.connection.findUnique({ where: { id: token.connectionId } });

  /** The run looks at its row anyway when the attempt's time is over; hearing of the step is better. */
  function tellRun({ id, coachId, mode }: Connection): void {
    deps.runs
      .within(PATIENCE, () => deps.runs.connectionChanged({ coachId, mode }))
      .catch(() => deps.log.warn({ connectionId: id }, 'The run was not told of a step of connecting'));
  }

  const start = async (req: Request, res: Response): Promise<void> => {
    const link = readToken(req.params['token']);
    const found = await find(link);
    if (link === null || found === null) return deadEnd(res, 'link');
    const lifetime = STATE_LIFETIME[found.flow];
    const state = issueToken(found.id);
    const cookie = issueToken(found.id);
    const row = await step(
      found,
      { startTokenHash: link.hash },
      {
        startTokenHash: null,
        stateHash: state.hash,
        cookieHash: cookie.hash,
        expiresAt: expiry(lifetime),
      },
    );
    if (row === null) return deadEnd(res, 'link');
    res.cookie(COOKIE, cookie.token, { ...cookieOptions, maxAge: lifetime * 1000 });
    await toStripe(res, row, state.token);
  };

  /** Stripe sends the browser here when its link was used or has expired: it gets a fresh one. */
  const refresh = async (req: Request, res: Response): Promise<void> => {
    const cookie = readToken(readCookie(req, COOKIE));
    const state = readToken(req.query['state']);
    if (cookie === null || state === null) return deadEnd(res, 'state');
    const row = await step(await find(state), { cookieHash: cookie.hash, stateHash: state.hash }, {});
    if (row === null) return deadEnd(res, 'state');
    await toStripe(res, row, String(req.query['state']));
  };

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
    const cookie = readToken(readCookie(req, COOKIE));
    const state = readToken(req.query['state']);
    const found = await find(state ?? cookie);
    if (cookie === null || found === null) return deadEnd(res, 'state');
    const returned = ways[found.flow].readReturn(found, req.query);
    // Stripe may leave the state out of a denial; the cookie alone then says which attempt it is.
    const mayLackState = returned.kind === 'denied' && req.query['state'] === undefined;
    if (returned.kind === 'unknown' || (state === null && !mayLackState)) return deadEnd(res, 'state');
    const where = { cookieHash: cookie.hash, ...(state === null ? {} : { stateHash: state.hash }) };
    if (returned.kind === 'denied') return denied(res, found, where, returned.error);
    if (found.status === 'connected') return onboardedAgain(res, found, where);
    const confirm = issueToken(found.id);
    const row = await step(found, where, {
      ...USED,
      ...returned.data,
      status: 'returned',
      confirmTokenHash: confirm.hash,
      expiresAt: expiry(CONFIRMATION_LIFETIME),
    });
    back(res, row, 'connection_token', confirm.token);
  };

  const denied = async (res: Response, found: Connection, where: StepWhere, error: string): Promise<void> => {
    const reason = error === 'access_denied' ? error : 'connection_refused';
    const status = error === 'access_denied' ? ('denied' as const) : ('failed' as const);
    const row = await step(found, where, { ...USED, status, endReason: reason, endedAt: new Date() });
    back(res, row, 'connection_error', reason);
  };

  /** The account is the coach's already: nothing is to be confirmed, and the run looks at it by itself. */
  const onboardedAgain = async (res: Response, found: Connection, where: StepWhere): Promise<void> => {
    const row = await step(found, where, { ...USED, expiresAt: null });
    back(res, row, 'connection_onboarding', 'returned');
  };

  /** To the coach UI, with what it needs to go on. */
  const back = (res: Response, row: Row, parameter: string, value: string): void => {
    if (row?.returnUrl == null) return deadEnd(res, 'state');
    const url = new URL(row.returnUrl);
    url.searchParams.set(parameter, value);
    res.clearCookie(COOKIE, cookieOptions);
    redirect(res, url);
  };

  const router = Router();
  router.get('/connect/start/:token', getOnly(start));
  router.get('/connect/refresh', getOnly(refresh));
  router.get('/connect/callback', getOnly(callback));
  return router;
}

type Row = Connection | null;
type StepWhere = Partial<Pick<Connection, 'startTokenHash' | 'stateHash' | 'cookieHash'>>;
type StepData = Prisma.ConnectionUpdateManyMutationInput;

const USED = { stateHash: null, cookieHash: null };

/** On the way to Stripe for the first time, or again to complete what is due. */
function isOnTheWay({ status, flow }: Connection): boolean {
  return status === 'authorizing' || (status === 'connected' && flow === 'account_links');
}

/** A link is used up by opening it, so a look at its head must not count. */
function getOnly(handler: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return async (req, res) => {
    if (req.method === 'HEAD') res.sendStatus(405);
    else await handler(req, res);
  };
}

/** Tokens are in the address: nobody keeps it, and nobody is told where the browser came from. */
function redirect(res: Response, url: URL): void {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.redirect(303, url.href);
}

function deadEnd(res: Response, kind: keyof typeof DEAD_ENDS): void {
  const [title, why] = DEAD_ENDS[kind];
  deadEndPage(res, 400, title, html`${why}`);
}

function deadEndPage(res: Response, status: number, title: string, why: Html): void {
  const body = html`<h1>${title}</h1>
    <p>${why}</p>
    <p>Go back to Settings &gt; Payments and choose <strong>Connect Stripe</strong> again.</p>`;
  sendPage(res, { title, body, status });
}
