import type { Express, Request, Response } from 'express';
import { readBusiness } from '../checkout/business';
import { finishChallenge, submit, type SubmitOutcome } from '../checkout/complete';
import { recoverSession } from '../checkout/expiry';
import { readMethod } from '../checkout/read-form';
import { applyChoices, missingAmount } from '../checkout/totals';
import type { Emulator } from '../emulator';
import { decodeForm } from '../http/form';
import type { CheckoutSession } from '../objects/checkout-session';
import type { Space } from '../space';
import { challengePage, checkoutPage, closedPage, type CheckoutForm } from './checkout-page';
import { html, layout } from './html';

/** The hosted Checkout pages. */
export function checkoutRoutes(app: Express, emulator: Emulator): void {
  app.get('/c/pay/:id', (request, response) => {
    const found = findSession(emulator, request.params.id);
    if (!found) return notFound(response);
    const { space, session } = found;
    if (session.status !== 'open') return show(response, 200, closedPage(session));
    show(response, 200, checkoutPage(space, session, {}, null));
  });

  app.post('/c/pay/:id', (request, response) => {
    const found = findSession(emulator, request.params.id);
    if (!found) return notFound(response);
    const { space, session } = found;
    if (session.status !== 'open') return show(response, 409, closedPage(session));
    const form = textFields(request);
    const problem = emulator.db.transaction(() => applyChoices(space, session.id, form));
    const changed = space.get('checkout.session', session.id);
    if (problem !== undefined) return show(response, 402, checkoutPage(space, changed, form, problem));
    if (form.action !== undefined && form.action !== 'pay') {
      return show(response, 200, checkoutPage(space, changed, form, null));
    }
    const outcome = emulator.db.transaction(() => pay(space, changed, form));
    answer(response, space, session.id, form, outcome);
  });

  // The address in `after_expiration[recovery][url]`.
  app.get('/c/recover/:id', (request, response) => {
    const found = findSession(emulator, request.params.id);
    if (!found) return notFound(response);
    const { space, session } = found;
    const fresh = emulator.db.transaction(() => recoverSession(space, session.id));
    if (!fresh) return show(response, 410, closedPage(session));
    response.redirect(303, `/c/pay/${fresh.id}`);
  });

  app.get('/c/pay/:id/authenticate', (request, response) => {
    const found = findSession(emulator, request.params.id);
    if (!found) return notFound(response);
    const { session } = found;
    if (session.status !== 'open') return show(response, 200, closedPage(session));
    if (session._emu.challengedMethod === null) return response.redirect(303, `/c/pay/${session.id}`);
    show(response, 200, challengePage(session));
  });

  app.post('/c/pay/:id/authenticate', (request, response) => {
    const found = findSession(emulator, request.params.id);
    if (!found) return notFound(response);
    const { space, session } = found;
    if (session.status !== 'open') return show(response, 409, closedPage(session));
    const form = textFields(request);
    const outcome = emulator.db.transaction(() =>
      finishChallenge(space, session.id, form.result === 'complete'),
    );
    answer(response, space, session.id, {}, outcome);
  });
}

function pay(space: Space, session: CheckoutSession, form: Record<string, string>): SubmitOutcome {
  const missing = missingAmount(session);
  if (missing !== undefined) return { kind: 'error', message: missing };
  const wrong = readBusiness(space, session, form);
  if (wrong !== undefined) return { kind: 'error', message: wrong };
  const read = readMethod(space, session, form);
  if ('error' in read) return { kind: 'error', message: read.error };
  return submit(space, session.id, read.method, read.payer);
}

function answer(
  response: Response,
  space: Space,
  id: string,
  form: CheckoutForm,
  outcome: SubmitOutcome,
): void {
  const session = space.get('checkout.session', id);
  if (outcome.kind === 'complete') {
    response.redirect(303, successUrl(session));
  } else if (outcome.kind === 'challenge') {
    response.redirect(303, `/c/pay/${id}/authenticate`);
  } else {
    show(response, 402, checkoutPage(space, session, form, outcome.message));
  }
}

/** Where a completed session sends the payer: https://docs.stripe.com/payments/checkout/custom-success-page */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}

function findSession(emulator: Emulator, id: string): { space: Space; session: CheckoutSession } | undefined {
  const livemode = id.startsWith('cs_live_');
  for (const account of emulator.accounts()) {
    const space = emulator.space(account.id, livemode);
    if (!space.find('checkout.session', id)) continue;
    space.runDue();
    return { space, session: space.get('checkout.session', id) };
  }
  return undefined;
}

export function textFields(request: Request): Record<string, string> {
  const body = typeof request.body === 'string' ? decodeForm(request.body) : {};
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

function notFound(response: Response): void {
  const body = html`<div class="card narrow">
    <h1>Page not found</h1>
    <p>There is no such Checkout Session.</p>
  </div>`;
  show(response, 404, layout({ title: 'Checkout', livemode: null }, body));
}

export function show(response: Response, status: number, page: string): void {
  response.status(status).type('html').setHeader('Cache-Control', 'no-store').send(page);
}
