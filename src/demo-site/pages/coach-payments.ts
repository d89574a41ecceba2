import { type Html, html } from '../../api/http/html';
import type { Connection, Mode } from '../../session-client/types';
import { dateTime, words } from '../format';
import { runUrl, type Site } from '../site';
import { action } from './coach-frame';

export interface PaymentsFacts {
  mode: Mode;
  site: Site;
  coachId: string;
  connection: Connection;
  /** The coach has asked to disconnect and has to confirm: how many subscriptions go on. */
  confirmDisconnect: boolean;
}

/** Settings › Payments, as the help page describes it. */
export function paymentsPage(facts: PaymentsFacts): Html {
  const { connection } = facts;
  const connected = connection.status === 'connected' || connection.status === 'disconnecting';
  return html`${connected ? accountCard(facts) : connectCard(facts)}
  ${connected ? disconnectCard(facts) : null}`;
}

function connectCard({ mode, connection }: PaymentsFacts): Html {
  const never = connection.status === 'not_connected';
  return html`<section class="card">
    <h2>Stripe</h2>
    ${
      never
        ? html`<p>You need a Stripe account, and your business information for Stripe’s verification.</p>`
        : html`<p><span class="state bad">${words(connection.status)}</span></p>
            <p>${connection.reason}</p>`
    }
    <div class="row">
      ${action(`/${mode}/coach/connect`, connection.status === 'disconnected' ? 'Connect Stripe again' : 'Connect Stripe')}
    </div>
    <p class="soft">You will be redirected to Stripe to authorize the connection, and come back here.</p>
  </section>`;
}

function accountCard({ mode, site, coachId, connection }: PaymentsFacts): Html {
  const due = [...(connection.requirements?.pastDue ?? []), ...(connection.requirements?.currentlyDue ?? [])];
  const run = runUrl(site, `connection/${mode}/${coachId}`);
  return html`<section class="card">
    <div class="line">
      <h2>Your Stripe account</h2>
      <span class="state ${connection.canSell ? '' : 'bad'} push"
        >${connection.canSell ? 'Can sell' : 'Cannot sell yet'}</span
      >
    </div>
    <p>${connection.reason}</p>
    ${connection.todo === null ? null : html`<p>${connection.todo}</p>`}
    <dl>
      <dt>Account</dt>
      <dd><code>${connection.accountId}</code></dd>
      <dt>Country, currency</dt>
      <dd>${connection.country ?? 'unknown'}, ${connection.defaultCurrency?.toUpperCase() ?? 'unknown'}</dd>
      <dt>Payments</dt>
      <dd>${connection.chargesEnabled ? 'enabled' : 'not enabled'}</dd>
      <dt>Payouts</dt>
      <dd>${connection.payoutsEnabled ? 'enabled' : 'not enabled'}</dd>
      <dt>Connected</dt>
      <dd>${connection.connectedAt === null ? 'not yet' : dateTime(connection.connectedAt)}</dd>
    </dl>
    ${due.length === 0 ? null : verification(site, mode, connection)}
    ${
      run === null
        ? null
        : html`<p class="soft"><a href="${run}">The run that watches this account</a> (Temporal Web UI)</p>`
    }
  </section>`;
}

function verification(site: Site, mode: Mode, connection: Connection): Html | null {
  // An account that was created here has a way back into Stripe's form; one that the coach brought has the Dashboard.
  if (connection.flow === 'account_links')
    return action(`/${mode}/coach/connect`, 'Complete the verification at Stripe');
  if (site.stripeEmulator !== null) {
    const back = encodeURIComponent(`${site.url}/${mode}/coach`);
    return html`<p>
      <a class="button" href="${site.stripeEmulator}/onboarding/${connection.accountId}?return_url=${back}"
        >Complete the verification at Stripe</a
      >
    </p>`;
  }
  return connection.dashboardUrl === null
    ? null
    : html`<p><a class="button" href="${connection.dashboardUrl}">Open the Stripe Dashboard</a></p>`;
}

function disconnectCard({ mode, connection, confirmDisconnect }: PaymentsFacts): Html {
  const count = connection.activeSubscriptions;
  return html`<section class="card" id="disconnect">
    <h2>Disconnect Stripe</h2>
    ${
      confirmDisconnect
        ? html`<p>
              <strong
                >${
                  count === 0
                    ? 'No subscription is active.'
                    : `Stripe will go on charging ${count} active ${count === 1 ? 'subscription' : 'subscriptions'}.`
                }</strong
              >
              Disconnecting does not cancel subscriptions: cancel them first, here under Sales or in your
              Stripe Dashboard, if you do not want that. Members keep what they have paid for.
            </p>
            <div class="row">
              ${action(`/${mode}/coach/disconnect`, 'Confirm', { kind: 'bad', fields: { confirm: 'yes' } })}
              <a class="button quiet" href="/${mode}/coach">Keep it connected</a>
            </div>`
        : html`<p>Nothing more can be sold then. Subscriptions that are active go on at Stripe.</p>
            <div class="row">
              <a class="button quiet" href="/${mode}/coach?disconnect=1#disconnect">Disconnect Stripe</a>
            </div>`
    }
  </section>`;
}
