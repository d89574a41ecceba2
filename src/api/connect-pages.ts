import { type Request, type RequestHandler, type Response, Router } from 'express';
import { encrypt } from '../db/encryption';
import type { Connection } from '../db/generated/client';
import { AUTHORIZATION_LIFETIME, CONFIRMATION_LIFETIME } from '../domain/connection';
import { expiry } from './connection-attempt';
import { type IssuedToken, issueToken, readToken } from './connection-token';
import type { ApiDeps } from './deps';
import { readCookie } from './http/cookies';
import { html, sendPage } from './http/html';

const COOKIE = 'session_connect';
/** Milliseconds that telling the run may take; the browser does not wait for it. */
const PATIENCE = 5_000;

/** Why the browser came to a dead end, and what the coach does about it. */
const DEAD_ENDS = {
  link: ['This link does not work any more', 'It can be opened once, within 15 minutes.'],
  state: [
    'This approval does not belong to this browser',
    'It was started elsewhere, was used before, or took longer than 15 minutes. Nothing was connected.',
  ],
} as const;

/**
 * The browser's way through OAuth: our link → Stripe → back here → the coach UI, which confirms. What arrives is bound
 * to the attempt by a state and to this browser by a cookie; each of them is good once, for 15 minutes.
 * https://docs.stripe.com/connect/oauth-standard-accounts
 */
export function connectRouter(deps: ApiDeps): Router {
  const { db, config } = deps;
  const callbackUrl = `${config.api.publicUrl}/connect/callback`;
  const cookieOptions = {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: config.api.publicUrl.startsWith('https:'),
    path: '/connect',
  };

  /** Takes a step of an attempt: null when the attempt is not where `where` says, so each step is taken once. */
  async function step(id: string, where: StepWhere, data: StepData): Promise<Connection | null> {
    const { count } = await db.connection.updateMany({
      where: { id, status: 'authorizing', expiresAt: { gt: new Date() }, ...where },
      data: { ...data, revision: { increment: 1 } },
    });
    if (count === 0) return null;
    const row = await db.connection.findUniqueOrThrow({ where: { id } });
    tellRun(row);
    return row;
  }

  /** The run looks at its row anyway when the attempt's time is over; hearing of the step is better. */
  function tellRun({ id, coachId, mode }: Connection): void {
    deps.runs
      .within(PATIENCE, () => deps.runs.connectionChanged({ coachId, mode }))
      .catch(() => deps.log.warn({ connectionId: id }, 'The run was not told of a step of connecting'));
  }

  const start = async (req: Request, res: Response): Promise<void> => {
    const link = readToken(req.params['token']);
    if (link === null) return deadEnd(res, 'link');
    const state = issueToken(link.connectionId);
    const cookie = issueToken(link.connectionId);
    const row = await step(
      link.connectionId,
      { startTokenHash: link.hash },
      {
        startTokenHash: null,
        stateHash: state.hash,
        cookieHash: cookie.hash,
        expiresAt: expiry(AUTHORIZATION_LIFETIME),
      },
    );
    if (row === null) return deadEnd(res, 'link');
    res.cookie(COOKIE, cookie.token, { ...cookieOptions, maxAge: AUTHORIZATION_LIFETIME * 1000 });
    redirect(res, authorizeUrl(row, state));
  };

  /** `stripe.oauth.authorizeUrl` drops a port, so the address is made here. */
  const authorizeUrl = (row: Connection, state: IssuedToken): URL => {
    const url = new URL(`${config.stripe.connectBase.replace(/\/+$/, '')}/oauth/authorize`);
    url.searchParams.set('response_type', 'code');
    url.searchParams.set('client_id', deps.stripe.clientId(row.mode));
    url.searchParams.set('scope', 'read_write');
    url.searchParams.set('state', state.token);
    url.searchParams.set('redirect_uri', callbackUrl);
    return url;
  };

  const callback = async (req: Request, res: Response): Promise<void> => {
    const cookie = readToken(readCookie(req, COOKIE));
    const state = readToken(req.query['state']);
    const { code, error } = req.query;
    // Stripe may leave the state out of a denial; the cookie alone then says which attempt it is.
    const stateIsRight = state === null ? error !== undefined && req.query['state'] === undefined : true;
    if (cookie === null || !stateIsRight) return deadEnd(res, 'state');
    const where = { cookieHash: cookie.hash, ...(state === null ? {} : { stateHash: state.hash }) };
    const id = state?.connectionId ?? cookie.connectionId;
    if (typeof error === 'string') return denied(res, id, where, error);
    if (typeof code !== 'string' || code === '' || code.length > 500) return deadEnd(res, 'state');
    const confirm = issueToken(id);
    const row = await step(id, where, {
      ...USED,
      status: 'returned',
      encryptedCode: encrypt(config.encryptionKey, code, id),
      confirmTokenHash: confirm.hash,
      expiresAt: expiry(CONFIRMATION_LIFETIME),
    });
    back(res, row, 'connection_token', confirm.token);
  };

  const denied = async (res: Response, id: string, where: StepWhere, error: string): Promise<void> => {
    const reason = error === 'access_denied' ? error : 'connection_refused';
    const status = error === 'access_denied' ? ('denied' as const) : ('failed' as const);
    const row = await step(id, where, { ...USED, status, endReason: reason, endedAt: new Date() });
    back(res, row, 'connection_error', reason);
  };

  /** To the coach UI, with what it needs to go on. */
  const back = (res: Response, row: Connection | null, parameter: string, value: string): void => {
    if (row?.returnUrl == null) return deadEnd(res, 'state');
    const url = new URL(row.returnUrl);
    url.searchParams.set(parameter, value);
    res.clearCookie(COOKIE, cookieOptions);
    redirect(res, url);
  };

  const router = Router();
  router.get('/connect/start/:token', getOnly(start));
  router.get('/connect/callback', getOnly(callback));
  return router;
}

type StepWhere = Partial<Pick<Connection, 'startTokenHash' | 'stateHash' | 'cookieHash'>>;
type StepData = Partial<Omit<Connection, 'requirements' | 'id' | 'coachId' | 'mode'>>;

const USED = { stateHash: null, cookieHash: null };

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
  const body = html`<h1>${title}</h1>
    <p>${why}</p>
    <p>Go back to Settings &gt; Payments and choose <strong>Connect Stripe</strong> again.</p>`;
  sendPage(res, { title, body, status: 400 });
}
