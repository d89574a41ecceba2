import type { Express } from 'express';
import { finishAuthentication } from '../billing/payments';
import type { Emulator } from '../emulator';
import type { PaymentIntent } from '../objects/payment-intent';
import type { SetupIntent } from '../objects/setup-intent';
import type { Space } from '../space';
import { show, textFields } from './checkout-routes';
import { html, layout } from './html';

/** The bank's page for an intent that was confirmed by API: `next_action[redirect_to_url][url]`. */
export function authenticateRoutes(app: Express, emulator: Emulator): void {
  app.get('/authenticate/:id', (request, response) => {
    const found = findIntent(emulator, request.params.id);
    if (!found) return show(response, 404, missing());
    show(response, 200, page(found.intent));
  });

  app.post('/authenticate/:id', (request, response) => {
    const found = findIntent(emulator, request.params.id);
    if (!found) return show(response, 404, missing());
    const { space, intent } = found;
    const form = textFields(request);
    const back = intent.next_action?.redirect_to_url?.return_url;
    emulator.db.transaction(() => finishAuthentication(space, intent, form.result === 'complete'));
    if (!back) return response.redirect(303, `/authenticate/${intent.id}`);
    const target = new URL(back);
    target.searchParams.set(intent.object, intent.id);
    if (intent.client_secret) target.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
    const passed = form.result === 'complete';
    target.searchParams.set('redirect_status', passed ? 'succeeded' : 'failed');
    response.redirect(303, target.toString());
  });
}

function findIntent(
  emulator: Emulator,
  id: string,
): { space: Space; intent: PaymentIntent | SetupIntent } | undefined {
  for (const space of emulator.allSpaces()) {
    const intent = space.find('payment_intent', id) ?? space.find('setup_intent', id);
    if (intent) return { space, intent };
  }
  return undefined;
}

function page(intent: PaymentIntent | SetupIntent): string {
  const body =
    intent.status === 'requires_action'
      ? html`<div class="card narrow">
          <h1>Confirm it’s you</h1>
          <p>The bank of this test card asks for 3-D Secure authentication.</p>
          <form method="post" action="/authenticate/${intent.id}">
            <div class="buttons">
              <button type="submit" name="result" value="complete">Complete authentication</button>
              <button type="submit" name="result" value="fail" class="plain">Fail authentication</button>
            </div>
          </form>
        </div>`
      : html`<div class="card narrow">
          <h1>Nothing to authenticate</h1>
          <p>The status is <code>${intent.status}</code>.</p>
        </div>`;
  return layout({ title: '3-D Secure', livemode: intent.livemode }, body);
}

function missing(): string {
  return layout(
    { title: '3-D Secure', livemode: null },
    html`<div class="card narrow"><h1>No such payment</h1></div>`,
  );
}
