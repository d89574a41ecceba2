import type { Express } from 'express';
import type { Emulator } from '../emulator';
import { formatMoney } from '../money';
import { html, layout, type Html } from './html';
import { show } from './checkout-routes';

/** What there is, for a person who looks. */
export function indexRoutes(app: Express, emulator: Emulator): void {
  app.get('/', (_request, response) => show(response, 200, indexPage(emulator)));
}

function indexPage(emulator: Emulator): string {
  const body = html`<h1>Stripe emulator</h1>
    <p class="soft">
      A local Stripe with Connect, Checkout and Billing. API at <code>${emulator.publicUrl}/v1</code>,
      controls at <code>/_emulator</code>.
    </p>
    <div class="card">
      <h2>Accounts</h2>
      ${accounts(emulator)}
    </div>
    <div class="card">
      <h2>Latest Checkout Sessions</h2>
      ${sessions(emulator)}
    </div>
    <div class="card">
      <h2>Latest events</h2>
      ${events(emulator)}
    </div>
    <p class="small soft">
      See also <a href="/_emulator/deliveries">deliveries</a>,
      <a href="/_emulator/requests?limit=50">requests</a>,
      <a href="/_emulator/objects?type=subscription">subscriptions</a>.
    </p>`;
  return layout({ title: 'Stripe emulator', livemode: null }, body);
}

function accounts(emulator: Emulator): Html {
  const rows = emulator.accounts().map((account) => {
    const modes = [false, true]
      .filter((live) => emulator.connection(account.id, live))
      .map((live) => (live ? 'live' : 'test'));
    const place =
      account.id === emulator.platformId
        ? 'the platform'
        : modes.length > 0
          ? `connected: ${modes.join(', ')}`
          : 'not connected';
    return html`<tr>
      <td>${account.business_profile.name ?? account.email ?? '–'}<br /><code>${account.id}</code></td>
      <td>${account.country}, ${account.default_currency}</td>
      <td>${place}</td>
      <td>
        ${account.charges_enabled ? 'can take payments' : 'cannot take payments'} ·
        <a href="/onboarding/${account.id}">verification</a>
      </td>
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Account</th>
          <th>Where</th>
          <th>Platform</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function sessions(emulator: Emulator): Html {
  const all = emulator.allSpaces().flatMap((space) =>
    space
      .list('checkout.session')
      .first(15)
      .map((session) => ({ space, session })),
  );
  all.sort((a, b) => b.session.created - a.session.created);
  if (all.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<div class="scroll">
    <table>
      <tbody>
        ${all.slice(0, 15).map(
          ({ space, session }) =>
            html`<tr>
              <td>
                ${session.url ? html`<a href="${session.url}"><code>${session.id.slice(0, 24)}…</code></a>` : html`<code>${session.id.slice(0, 24)}…</code>`}
              </td>
              <td>${session.mode}, ${formatMoney(session.amount_total ?? 0, session.currency ?? 'usd')}</td>
              <td>${session.status}, ${session.payment_status}</td>
              <td><code>${space.accountId}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function events(emulator: Emulator): Html {
  const all = emulator.allSpaces().flatMap((space) =>
    space
      .list('event')
      .first(25)
      .map((event) => ({ space, event })),
  );
  all.sort((a, b) => b.event.created - a.event.created);
  if (all.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<div class="scroll">
    <table>
      <tbody>
        ${all.slice(0, 25).map(
          ({ space, event }) =>
            html`<tr>
              <td>${event.type}</td>
              <td>${new Date(event.created * 1000).toISOString()}</td>
              <td>
                <a href="/_emulator/deliveries?event=${event.id}"><code>${event.id}</code></a>
              </td>
              <td><code>${space.key}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
