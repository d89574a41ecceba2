import type { Express } from 'express';
import { completeVerification } from '../connect/accounts';
import type { Emulator } from '../emulator';
import type { Account } from '../objects/account';
import { show, textFields } from './checkout-routes';
import { html, layout } from './html';

/** The owner's own page at Stripe: what is still asked for, and a button that gives it. */
export function onboardingRoutes(app: Express, emulator: Emulator): void {
  app.get('/onboarding/:account', (request, response) => {
    const account = emulator.account(request.params.account);
    if (!account) return show(response, 404, missing());
    show(response, 200, page(account, backTo(request.query.return_url)));
  });

  app.post('/onboarding/:account', (request, response) => {
    const account = emulator.account(request.params.account);
    if (!account) return show(response, 404, missing());
    const form = textFields(request);
    if (form.action === 'finish') emulator.db.transaction(() => completeVerification(emulator, account.id));
    const back = backTo(form.return_url);
    response.redirect(303, back ?? `/onboarding/${account.id}`);
  });
}

function backTo(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? value : undefined;
}

function page(account: Account, returnUrl: string | undefined): string {
  const due = account.requirements.currently_due;
  const body = html`<div class="card narrow">
    <h1>${account.business_profile.name ?? account.id}</h1>
    <p class="soft"><code>${account.id}</code></p>
    ${
      due.length === 0
        ? html`<p class="good">Verification is complete. This account can take payments.</p>`
        : html`<p>Stripe still needs:</p>
            <ul>
              ${due.map((name) => html`<li><code>${name}</code></li>`)}
            </ul>
            <form method="post" action="/onboarding/${account.id}">
              ${returnUrl ? html`<input type="hidden" name="return_url" value="${returnUrl}" />` : null}
              <div class="buttons">
                <button type="submit" name="action" value="finish">Give everything and finish</button>
                <button type="submit" name="action" value="later" class="plain">Later</button>
              </div>
            </form>`
    }
  </div>`;
  return layout({ title: 'Verification', livemode: null }, body);
}

function missing(): string {
  return layout(
    { title: 'Verification', livemode: null },
    html`<div class="card narrow"><h1>No such account</h1></div>`,
  );
}
