import type { Express, Response } from 'express';
import type { Emulator } from '../emulator';
import { currencyOf } from '../objects/account';
import { authorizePage, oauthProblemPage, type AuthorizeRequest } from '../pages/oauth-page';
import { show, textFields } from '../pages/checkout-routes';
import { issueCode, modeOfClient } from './oauth';
import { answerOAuth, deauthorize, exchangeToken } from './token-api';

/** OAuth for Connect: https://docs.stripe.com/connect/oauth-reference */
export function oauthRoutes(app: Express, emulator: Emulator): void {
  app.get('/oauth/authorize', (request, response) => {
    const read = readAuthorize(emulator, request.query as Record<string, unknown>);
    if ('problem' in read) return show(response, 400, oauthProblemPage(read.problem));
    if ('refusal' in read) return response.redirect(303, read.refusal);
    show(response, 200, authorizePage(emulator, read, null));
  });

  app.post('/oauth/authorize', (request, response) => {
    const form = textFields(request);
    const read = readAuthorize(emulator, form);
    if ('problem' in read) return show(response, 400, oauthProblemPage(read.problem));
    if ('refusal' in read) return response.redirect(303, read.refusal);
    decide(emulator, response, read, form);
  });

  app.post('/oauth/token', (request, response) => answerOAuth(emulator, request, response, exchangeToken));
  app.post('/oauth/deauthorize', (request, response) =>
    answerOAuth(emulator, request, response, deauthorize),
  );
}

/** What goes back to the platform is told there; a bad client or address stays with Stripe: https://docs.stripe.com/connect/oauth-reference#get-authorize-errors */
function readAuthorize(
  emulator: Emulator,
  input: Record<string, unknown>,
): AuthorizeRequest | { problem: string } | { refusal: string } {
  const text = (name: string): string | undefined => {
    const value = input[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const livemode = modeOfClient(emulator, text('client_id'));
  if (livemode === undefined)
    return {
      problem: `No application matches the supplied client identifier: ${text('client_id') ?? '(none)'}`,
    };
  const redirectUri = text('redirect_uri') ?? emulator.settings.defaultRedirectUri;
  if (redirectUri === undefined || !URL.canParse(redirectUri)) {
    return { problem: 'The request names no redirect_uri, and the application has no default one.' };
  }
  const refused = (error: string, description: string) => {
    const target = new URL(redirectUri);
    target.searchParams.set('error', error);
    target.searchParams.set('error_description', description);
    const state = text('state');
    if (state !== undefined) target.searchParams.set('state', state);
    return { refusal: target.toString() };
  };
  const type = text('response_type');
  if (type === undefined) return refused('invalid_request', 'No response_type was provided.');
  if (type !== 'code') return refused('unsupported_response_type', `Unsupported response type: ${type}`);
  const scope = text('scope') ?? 'read_only';
  if (scope !== 'read_write' && scope !== 'read_only') {
    return refused('invalid_scope', `Invalid scope provided: ${scope}`);
  }
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
    ...(form.business_name === undefined ? {} : { businessName: form.business_name.trim() }),
    ...(form.email ? { email: form.email } : {}),
  });
  return id;
}
