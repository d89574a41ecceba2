import type { Request, Response } from 'express';
import type { Connection, Emulator } from '../emulator';
import { respond, type Answer } from '../http/answer';
import { keyOf } from '../http/auth';
import { faultStatus, misbehave } from '../http/misbehave';
import { randomToken } from '../ids';
import { textFields } from '../pages/checkout-routes';
import { disconnect, exchangeCode, modeOfClient, OAuthError } from './oauth';

/** A request whose secret is the platform's. */
interface OAuthRequest {
  emulator: Emulator;
  form: Record<string, string>;
  livemode: boolean;
}

/** Answers a request to OAuth's API: one transaction, the faults that are set, a line in the request log. */
export async function answerOAuth(
  emulator: Emulator,
  request: Request,
  response: Response,
  work: (request: OAuthRequest) => object,
): Promise<void> {
  const { path, method } = request;
  const form = textFields(request);
  const requestId = `req_${randomToken(14)}`;
  const livemode = modeOfSecret(emulator, request, form);
  const fault = emulator.faults.next({
    method,
    path,
    account: emulator.platformId,
    livemode: livemode ?? null,
  });
  const answer =
    fault?.when === 'before'
      ? undefined
      : answerOf(emulator, () => work(authenticated(emulator, form, livemode)));
  const { client_secret: _secret, ...params } = form;
  emulator.requests.add({
    at: new Date().toISOString(),
    method,
    path,
    account: emulator.platformId,
    livemode: livemode ?? null,
    params,
    idempotencyKey: null,
    replayed: false,
    status: answer?.status ?? (fault ? faultStatus(fault) : 0),
    requestId,
  });
  if (fault) await misbehave(response, fault, requestId, answer);
  else if (answer) respond(response, answer, requestId);
}

/** A refusal keeps its effects: a code that is used twice revokes what it gave. */
function answerOf(emulator: Emulator, work: () => object): Answer {
  try {
    return { status: 200, body: emulator.db.transaction(work, (error) => error instanceof OAuthError) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { status: error.status, body: { error: error.error, error_description: error.description } };
  }
}

function authenticated(
  emulator: Emulator,
  form: Record<string, string>,
  livemode: boolean | undefined,
): OAuthRequest {
  if (livemode === undefined) throw new OAuthError('invalid_client', 'Invalid API Key provided.', 401);
  return { emulator, form, livemode };
}

/** `POST /oauth/token`: a code, or a refresh token, for an access token. */
export function exchangeToken({ emulator, form, livemode }: OAuthRequest): object {
  if (form.grant_type === 'refresh_token') {
    const connection = emulator
      .connections()
      .find((known) => known.refreshToken === form.refresh_token && known.livemode === livemode);
    if (!connection)
      throw new OAuthError('invalid_grant', `Refresh token does not exist: ${form.refresh_token ?? ''}`);
    return tokenAnswer(connection);
  }
  if (form.grant_type !== 'authorization_code') {
    const description = form.grant_type
      ? `Unsupported grant type: ${form.grant_type}`
      : 'No grant type specified';
    throw new OAuthError(form.grant_type ? 'unsupported_grant_type' : 'invalid_request', description);
  }
  if (!form.code) throw new OAuthError('invalid_request', 'No authorization code specified');
  return tokenAnswer(exchangeCode(emulator, form.code, livemode));
}

function tokenAnswer(connection: Connection): object {
  return {
    access_token: connection.accessToken,
    livemode: connection.livemode,
    refresh_token: connection.refreshToken,
    token_type: 'bearer',
    stripe_publishable_key: `pk_${connection.livemode ? 'live' : 'test'}_${randomToken(24)}`,
    stripe_user_id: connection.account,
    scope: connection.scope,
  };
}

/**
 * `POST /oauth/deauthorize`: the platform lets an account go, in the mode of the client. Its application of the other mode
 * is another one and stays connected. `invalid_client` has several causes, of which "not connected" is one:
 * https://docs.stripe.com/connect/oauth-reference#post-deauthorize-errors
 */
export function deauthorize({ emulator, form, livemode }: OAuthRequest): object {
  if (modeOfClient(emulator, form.client_id) !== livemode) {
    throw new OAuthError('invalid_client', `No such application: '${form.client_id ?? ''}'`, 401);
  }
  const account = form.stripe_user_id;
  if (!account) throw new OAuthError('invalid_request', 'No stripe_user_id was provided.');
  if (!disconnect(emulator, account, livemode)) {
    const description = `This application is not connected to stripe account ${account}, or that account does not exist.`;
    throw new OAuthError('invalid_client', description, 401);
  }
  return { stripe_user_id: account };
}

function modeOfSecret(
  emulator: Emulator,
  request: Request,
  form: Record<string, string>,
): boolean | undefined {
  const secret = form.client_secret ?? keyOf(request.headers);
  if (secret === emulator.settings.secretKeys.test) return false;
  if (secret === emulator.settings.secretKeys.live) return true;
  return undefined;
}
