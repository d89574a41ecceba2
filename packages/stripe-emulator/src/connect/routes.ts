import type { Express, Request, Response } from 'express';
import type { Connection, Emulator } from '../emulator';
import { keyOf } from '../http/auth';
import { randomToken } from '../ids';
import { currencyOf } from '../objects/account';
import { authorizePage, oauthProblemPage, type AuthorizeRequest } from '../pages/oauth-page';
import { show, textFields } from '../pages/checkout-routes';
import { disconnect, exchangeCode, issueCode, modeOfClient, OAuthError } from './oauth';

/** OAuth for Connect: https://docs.stripe.com/connect/oauth-reference */
export function oauthRoutes(app: Express, emulator: Emulator): void {
  app.get('/oauth/authorize', (request, response) => {
    const read = readAuthorize(emulator, request.query as Record<string, unknown>);
    if ('problem' in read) return show(response, 400, oauthProblemPage(read.problem));
    show(response, 200, authorizePage(emulator, read, null));
  });

  app.post('/oauth/authorize', (request, response) => {
    const form = textFields(request);
    const read = readAuthorize(emulator, form);
    if ('problem' in read) return show(response, 400, oauthProblemPage(read.problem));
    decide(emulator, response, read, form);
  });

  app.post('/oauth/token', (request, response) => {
    answerOAuth(response, () => token(emulator, request));
  });

  app.post('/oauth/deauthorize', (request, response) => {
    answerOAuth(response, () => deauthorize(emulator, request));
  });
}

function readAuthorize(
  emulator: Emulator,
  input: Record<string, unknown>,
): AuthorizeRequest | { problem: string } {
  const text = (name: string): string | undefined => {
    const value = input[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const livemode = modeOfClient(emulator, text('client_id'));
  if (livemode === undefined)
    return {
      problem: `No application matches the supplied client identifier: ${text('client_id') ?? '(none)'}`,
    };
  if (text('response_type') !== 'code') return { problem: 'response_type has to be `code`.' };
  const redirectUri = text('redirect_uri') ?? emulator.settings.defaultRedirectUri;
  if (redirectUri === undefined || !URL.canParse(redirectUri)) {
    return { problem: 'The request names no redirect_uri, and the application has no default one.' };
  }
  const scope = text('scope') ?? 'read_only';
  if (scope !== 'read_write' && scope !== 'read_only') return { problem: `Invalid scope: ${scope}` };
  return { clientId: text('client_id') ?? '', livemode, redirectUri, scope, state: text('state') };
}

/** Approve or deny, by the form of the page (fields: account, business_name, email, country, currency, verification, action). */
function decide(
  emulator: Emulator,
  response: Response,
  read: AuthorizeRequest,
  form: Record<string, string>,
): void {
  const target = new URL(read.redirectUri);
  if (read.state !== undefined) target.searchParams.set('state', read.state);
  if (form.action !== 'approve') {
    target.searchParams.set('error', 'access_denied');
    target.searchParams.set('error_description', 'The user denied your request');
    return response.redirect(303, target.toString());
  }
  const chosen = form.account ?? 'new';
  if (chosen !== 'new' && !emulator.account(chosen)) {
    return show(
      response,
      400,
      authorizePage(emulator, read, 'Choose one of the accounts, or create a new one.'),
    );
  }
  const code = emulator.db.transaction(() => {
    const id = chosen === 'new' ? createFromForm(emulator, form) : chosen;
    return issueCode(emulator, id, read.livemode, read.scope);
  });
  target.searchParams.set('scope', read.scope);
  target.searchParams.set('code', code);
  response.redirect(303, target.toString());
}

function createFromForm(emulator: Emulator, form: Record<string, string>): string {
  const country = (form.country || 'US').toUpperCase();
  const { id } = emulator.createAccount({
    country,
    defaultCurrency: form.currency || currencyOf(country),
    verified: form.verification !== 'due',
    ...(form.business_name ? { businessName: form.business_name } : {}),
    ...(form.email ? { email: form.email } : {}),
  });
  return id;
}

function token(emulator: Emulator, request: Request): object {
  const form = textFields(request);
  const livemode = modeOfSecret(emulator, request, form);
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

function deauthorize(emulator: Emulator, request: Request): object {
  const form = textFields(request);
  const keyMode = modeOfSecret(emulator, request, form);
  const livemode = modeOfClient(emulator, form.client_id);
  if (livemode === undefined || livemode !== keyMode) {
    throw new OAuthError('invalid_client', `No such application: '${form.client_id ?? ''}'`, 401);
  }
  const account = form.stripe_user_id ?? '';
  if (!disconnect(emulator, account, livemode)) {
    const description = `This application is not connected to stripe account ${account}, or that account does not exist.`;
    throw new OAuthError('invalid_client', description, 401);
  }
  return { stripe_user_id: account };
}

function modeOfSecret(emulator: Emulator, request: Request, form: Record<string, string>): boolean {
  const secret = form.client_secret ?? keyOf(request.headers);
  if (secret === emulator.settings.secretKeys.test) return false;
  if (secret === emulator.settings.secretKeys.live) return true;
  throw new OAuthError('invalid_client', 'Invalid API Key provided.', 401);
}

function answerOAuth(response: Response, work: () => object): void {
  response.setHeader('Request-Id', `req_${randomToken(14)}`);
  try {
    response.json(work());
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    response.status(error.status).json({ error: error.error, error_description: error.description });
  }
}
