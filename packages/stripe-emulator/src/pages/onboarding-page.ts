import type { Express } from 'express';
import { findAccountLink, isUsable, markLink } from '../connect/account-links';
import { completeVerification, submitWithDocumentDue } from '../connect/accounts';
import type { Emulator } from '../emulator';
import type { Account } from '../objects/account';
import { show, textFields } from './checkout-routes';
import { html, layout } from './html';

/** The owner's own page at Stripe: what is still asked for, and a button that gives it. */
export function onboardingRoutes(app: Express, emulator: Emulator): void {
  app.get('/onboarding/:account', (request, response) => {
    const account = emulator.account(request.params.account);
    if (!account) return show(response, 404, missing());
    const address = `/onboarding/${account.id}`;
    show(response, 200, page(account, address, backTo(request.query.return_url)));
  });

  app.post('/onboarding/:account', (request, response) => {
    const account = emulator.account(request.params.account);
    if (!account) return show(response, 404, missing());
    const form = textFields(request);
    emulator.db.transaction(() => submit(emulator, account.id, form));
    const back = backTo(form.return_url);
    response.redirect(303, back ?? `/onboarding/${account.id}`);
  });

  // Account links: good for one visit, then Stripe sends the owner back for another one.
  app.get('/setup/s/:account/:token', (request, response) => {
    const { account: id, token } = request.params;
    const link = findAccountLink(emulator, id, token);
    const account = emulator.account(id);
    if (!link || !account) return show(response, 404, missing());
    if (link.opened || !isUsable(emulator, link)) return response.redirect(303, link.refreshUrl);
    emulator.db.transaction(() => markLink(emulator, token, { opened: true }));
    show(response, 200, page(account, `/setup/s/${id}/${token}`, link.returnUrl));
  });

  app.post('/setup/s/:account/:token', (request, response) => {
    const { account: id, token } = request.params;
    const link = findAccountLink(emulator, id, token);
    if (!link) return show(response, 404, missing());
    if (!isUsable(emulator, link)) return response.redirect(303, link.refreshUrl);
    const form = textFields(request);
    emulator.db.transaction(() => {
      markLink(emulator, token, { opened: true, finished: true });
      submit(emulator, id, form);
    });
    response.redirect(303, link.returnUrl);
  });
}

/** `finish` gives what is asked for; with `verification=due` Stripe then wants to see a document. */
function submit(emulator: Emulator, account: string, form: Record<string, string>): void {
  if (form.action !== 'finish') return;
  if (form.verification === 'due') submitWithDocumentDue(emulator, account);
  else completeVerification(emulator, account);
}

function backTo(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? value : undefined;
}

function page(account: Account, address: string, returnUrl: string | undefined): string {
  const due = account.requirements.currently_due;
  const body = html`<div class="card narrow">
    <h1>${account.business_profile.name ?? account.id}</h1>
    <p class="soft"><code>${account.id}</code></p>
    ${
      due.length === 0
        ? html`<p class="good">Verification is complete. This account can take payments.</p>
            ${returnUrl ? html`<p><a href="${returnUrl}">Back</a></p>` : null}`
        : html`<p>Stripe still needs:</p>
            <ul>
              ${due.map((name) => html`<li><code>${name}</code></li>`)}
            </ul>
            <form method="post" action="${address}">
              ${returnUrl ? html`<input type="hidden" name="return_url" value="${returnUrl}" />` : null}
              <p>
                <label>
                  <input type="checkbox" name="verification" value="due" />
                  Stripe asks for a document afterwards
                </label>
              </p>
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
