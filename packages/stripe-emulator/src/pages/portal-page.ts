import { portalSubscriptions } from '../billing/portal';
import { intervalInWords, productName, unitAmountOf } from '../billing/lines';
import { cardsOf } from '../checkout/cards';
import { formatMoney } from '../money';
import type { CancellationFeedback, PortalConfiguration, PortalSession } from '../objects/billing-portal';
import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';
import { html, layout, type Html } from './html';

const FEEDBACK: Record<CancellationFeedback, string> = {
  customer_service: 'Customer service was less than expected',
  low_quality: 'Quality was less than expected',
  missing_features: 'I need more features',
  other: 'Other reason',
  switched_service: 'I found an alternative',
  too_complex: 'Ease of use was less than expected',
  too_expensive: 'It’s too expensive',
  unused: 'I no longer need it',
};

/** What every page of the portal shows. */
export interface PortalView {
  space: Space;
  session: PortalSession;
  configuration: PortalConfiguration;
}

/** The first page: subscriptions, payment method, invoices. */
export function portalHome(view: PortalView, notice: string | null): string {
  const { space, session, configuration } = view;
  const { features } = configuration;
  const subscriptions = portalSubscriptions(space, session);
  const { headline, privacy_policy_url, terms_of_service_url } = configuration.business_profile;
  const body = html`${returnLink(view)}
    <h1>${headline ?? `Your billing at ${merchantOf(space)}`}</h1>
    ${notice ? html`<p class="good" role="status" data-testid="notice">${notice}</p>` : null}
    <section class="card" aria-label="Subscriptions">
      <h2>Current subscriptions</h2>
      ${
        subscriptions.length === 0
          ? html`<p class="soft">There is no subscription.</p>`
          : subscriptions.map((subscription) => subscriptionBlock(view, subscription))
      }
    </section>
    ${features.payment_method_update.enabled ? methodBlock(view) : null}
    ${features.invoice_history.enabled ? invoiceBlock(view) : null}
    <p class="small soft">
      ${privacy_policy_url ? html`<a href="${privacy_policy_url}">Privacy</a> ` : null}
      ${terms_of_service_url ? html`<a href="${terms_of_service_url}">Terms</a>` : null}
    </p>`;
  return page(space, body);
}

/** Asks before a subscription is cancelled. */
export function cancelPage(view: PortalView, subscription: Subscription): string {
  const { space, session, configuration } = view;
  const { mode, cancellation_reason: reason } = configuration.features.subscription_cancel;
  const end = Math.max(...subscription.items.data.map((item) => item.current_period_end));
  const body = html`<div class="card narrow">
    <h1>Cancel your subscription</h1>
    ${itemList(space, subscription)}
    <p>
      ${
        mode === 'immediately'
          ? 'It ends at once.'
          : html`It stays available until <strong>${dateOf(end)}</strong> and is not renewed then.`
      }
    </p>
    <form method="post" action="/p/session/${session.id}/cancel">
      <input type="hidden" name="subscription" value="${subscription.id}" />
      ${
        reason.enabled
          ? html`<fieldset>
                <legend>Why do you cancel? (optional)</legend>
                ${reason.options.map(
                  (option) =>
                    html`<label class="choice"
                      ><input type="radio" name="feedback" value="${option}" /> ${FEEDBACK[option]}</label
                    >`,
                )}
              </fieldset>
              <label for="comment">Anything else? (optional)</label> <input id="comment" name="comment" />`
          : null
      }
      <div class="buttons">
        <button type="submit" name="action" value="cancel">Cancel subscription</button>
        <a class="button plain" href="/p/session/${session.id}?home=1">Go back</a>
      </div>
    </form>
  </div>`;
  return page(space, body);
}

/** Asks for a new card. */
export function cardPage(view: PortalView, error: string | null): string {
  const { space, session } = view;
  const body = html`<div class="card narrow">
    <h1>Change your card</h1>
    ${error ? html`<p class="error" role="alert" data-testid="error">${error}</p>` : null}
    <form method="post" action="/p/session/${session.id}/payment-method" novalidate>
      <label for="card_number">Card number</label>
      <input id="card_number" name="card_number" inputmode="numeric" autocomplete="cc-number" />
      <div class="row">
        <div>
          <label for="card_expiry">Expiry (MM/YY)</label>
          <input id="card_expiry" name="card_expiry" inputmode="numeric" autocomplete="cc-exp" />
        </div>
        <div>
          <label for="card_cvc">Security code</label>
          <input id="card_cvc" name="card_cvc" inputmode="numeric" autocomplete="cc-csc" />
        </div>
      </div>
      <div class="buttons">
        <button type="submit">Save card</button>
        <a class="button plain" href="/p/session/${session.id}?home=1">Go back</a>
      </div>
    </form>
    <details>
      <summary>${session.livemode ? 'Card numbers of emulated live mode' : 'Test cards'}</summary>
      <div class="scroll">
        <table>
          <tbody>
            ${cardsOf(session.livemode).map(
              ({ number, label }) =>
                html`<tr>
                  <td><code>${number}</code></td>
                  <td>${label}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </div>`;
  return page(space, body);
}

/** The bank's page for a new card. */
export function cardChallengePage({ space, session }: PortalView): string {
  const body = html`<div class="card narrow">
    <h1>Confirm it’s you</h1>
    <p>The bank of this test card asks for 3-D Secure authentication before the card is saved.</p>
    <form method="post" action="/p/session/${session.id}/authenticate">
      <div class="buttons">
        <button type="submit" name="result" value="complete">Complete authentication</button>
        <button type="submit" name="result" value="fail" class="plain">Fail authentication</button>
      </div>
    </form>
  </div>`;
  return page(space, body);
}

/** After a flow with a confirmation of its own. */
export function donePage(view: PortalView, message: string): string {
  const body = html`<div class="card narrow">
    <h1>Done</h1>
    <p data-testid="notice">${message}</p>
    ${returnLink(view)}
  </div>`;
  return page(view.space, body);
}

/** There is no such session, or not any more. */
export function portalGone(reason: string): string {
  const body = html`<div class="card narrow">
    <h1>This link does not work</h1>
    <p>${reason}</p>
  </div>`;
  return layout({ title: 'Billing', livemode: null }, body);
}

function subscriptionBlock({ session, space, configuration }: PortalView, subscription: Subscription): Html {
  const end = Math.max(...subscription.items.data.map((item) => item.current_period_end));
  const canCancel = configuration.features.subscription_cancel.enabled;
  const state =
    subscription.cancel_at !== null
      ? html`<p data-testid="state">Cancels on <strong>${dateOf(subscription.cancel_at)}</strong></p>`
      : subscription.status === 'past_due' || subscription.status === 'unpaid'
        ? html`<p data-testid="state">The last payment has failed. Please change your card.</p>`
        : html`<p data-testid="state">
            ${subscription.status === 'trialing' ? 'Trial until' : 'Renews on'}
            <strong>${dateOf(end)}</strong>
          </p>`;
  return html`<article data-testid="subscription">
    ${itemList(space, subscription)} ${state}
    ${subscription.schedule !== null ? html`<p class="small soft">Its end is planned; it cannot be changed here.</p>` : canCancel ? actionOf(session, subscription) : null}
  </article>`;
}

function actionOf(session: PortalSession, subscription: Subscription): Html {
  if (subscription.cancel_at === null) {
    return html`<p>
      <a
        class="button plain"
        data-testid="cancel"
        href="/p/session/${session.id}/cancel?subscription=${subscription.id}"
        >Cancel subscription</a
      >
    </p>`;
  }
  return html`<form method="post" action="/p/session/${session.id}/renew">
    <input type="hidden" name="subscription" value="${subscription.id}" />
    <button type="submit" data-testid="renew">Don’t cancel subscription</button>
  </form>`;
}

function methodBlock({ space, session }: PortalView): Html {
  const [subscription] = portalSubscriptions(space, session);
  const id =
    subscription?.default_payment_method ??
    space.find('customer', session.customer)?.invoice_settings.default_payment_method;
  const method = id ? space.find('payment_method', id) : undefined;
  const words = method?.card
    ? `${method.card.brand} •••• ${method.card.last4}, expires ${method.card.exp_month}/${method.card.exp_year}`
    : method?.sepa_debit
      ? `SEPA debit •••• ${method.sepa_debit.last4 ?? ''}`
      : 'There is none.';
  return html`<section class="card" aria-label="Payment method">
    <h2>Payment method</h2>
    <p data-testid="payment-method">${words}</p>
    <p>
      <a class="button plain" data-testid="change-card" href="/p/session/${session.id}/payment-method"
        >Change card</a
      >
    </p>
  </section>`;
}

function invoiceBlock({ space, session }: PortalView): Html {
  const invoices = space
    .listBy('invoice', 'customer', session.customer)
    .filter(({ status }) => status !== 'draft');
  return html`<section class="card" aria-label="Invoices">
    <h2>Invoice history</h2>
    ${invoices.length === 0 ? html`<p class="soft">There is no invoice.</p>` : null}
    <ul class="plain">
      ${invoices.map(
        (invoice) =>
          html`<li class="item" data-testid="invoice">
            <a href="${invoice.hosted_invoice_url ?? '#'}">${dateOf(invoice.created)}</a>
            <span>${invoice.status}</span>
            <span>${formatMoney(invoice.total, invoice.currency)}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function itemList(space: Space, { items, currency }: Subscription): Html {
  return html`<ul class="plain">
    ${items.data.map(
      ({ price, quantity }) =>
        html`<li class="item">
          <span
            ><strong>${productName(space, price)}</strong>${quantity > 1 ? html` × ${quantity}` : null}</span
          >
          <span
            >${formatMoney(unitAmountOf(price, currency) * quantity, currency)} per
            ${intervalInWords(price)}</span
          >
        </li>`,
    )}
  </ul>`;
}

function returnLink({ space, session }: PortalView): Html | null {
  return session.return_url
    ? html`<p><a href="${session.return_url}" data-testid="return">← Return to ${merchantOf(space)}</a></p>`
    : null;
}

function merchantOf(space: Space): string {
  return space.account.business_profile.name ?? 'this business';
}

function page(space: Space, body: Html): string {
  return layout({ title: `${merchantOf(space)} – Billing`, livemode: space.livemode }, body);
}

function dateOf(time: number): string {
  return new Date(time * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
