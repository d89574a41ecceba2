import { intervalInWords } from '../billing/lines';
import { cardsOf, IBANS } from '../checkout/cards';
import { PLAYABLE } from '../checkout/method-types';
import { needsMethod } from '../checkout/read-form';
import { orderFields } from './order-fields';
import { formatMoney } from '../money';
import type { CheckoutSession, SessionLine } from '../objects/checkout-session';
import type { Space } from '../space';
import { html, layout, type Html } from './html';

/** What the payer has typed so far (never the card number or code). */
export interface CheckoutForm {
  email?: string;
  billing_name?: string;
  billing_country?: string;
  payment_method?: string;
  billing_line1?: string;
  billing_postal_code?: string;
  billing_city?: string;
  business?: string;
  business_name?: string;
  tax_id?: string;
}

/** The hosted payment page of an open session. Plain HTML forms; works without JavaScript. */
export function checkoutPage(
  space: Space,
  session: CheckoutSession,
  form: CheckoutForm,
  error: string | null,
): string {
  const merchant = space.account.business_profile.name ?? 'this business';
  const body = html`<div class="two">
    <section aria-label="Order">${backLink(session)}${summary(session, merchant)}</section>
    <section class="card" aria-label="Payment">
      ${error ? html`<p class="error" role="alert" data-testid="error">${error}</p>` : null}
      <form method="post" action="/c/pay/${session.id}" novalidate>
        ${orderFields(space, session)} ${contactFields(space, session, form)}
        ${needsMethod(session) ? methodFields(session, form, space.account.country) : null}
        ${billingFields(session, form)}
        <button class="wide" type="submit" name="action" value="pay">${buttonText(session)}</button>
        ${session.custom_text.submit ? html`<p class="small" data-testid="custom-text">${session.custom_text.submit.message}</p>` : null}
        ${session.mode === 'subscription' ? html`<p class="small soft">You allow ${merchant} to charge you for future payments until you cancel.</p>` : null}
      </form>
      ${needsMethod(session) ? cardHelp(session) : null}
    </section>
  </div>`;
  return layout({ title: `${merchant} – Checkout`, livemode: session.livemode }, body);
}

/** The page for a session that can no longer be paid. */
export function closedPage(session: CheckoutSession): string {
  const body =
    session.status === 'complete'
      ? html`<div class="card narrow">
          <h1>You’re all done here</h1>
          <p>This payment has been completed. You can close this page.</p>
        </div>`
      : html`<div class="card narrow">
          <h1>Something went wrong</h1>
          <p>This Checkout page has expired. Please go back to the site you came from and start again.</p>
          ${recoveryLink(session)}
          ${session.cancel_url ? html`<p><a href="${session.cancel_url}">Back</a></p>` : null}
        </div>`;
  return layout({ title: 'Checkout', livemode: session.livemode }, body);
}

/** The bank's page of a 3-D Secure challenge. */
export function challengePage(session: CheckoutSession): string {
  const amount = formatMoney(session.amount_total ?? 0, session.currency ?? 'usd');
  const what = session.mode === 'setup' ? html`this card` : html`a payment of <strong>${amount}</strong>`;
  const body = html`<div class="card narrow">
    <h1>Confirm it’s you</h1>
    <p>The bank of this test card asks for 3-D Secure authentication of ${what}.</p>
    <form method="post" action="/c/pay/${session.id}/authenticate">
      <div class="buttons">
        <button type="submit" name="result" value="complete">Complete authentication</button>
        <button type="submit" name="result" value="fail" class="plain">Fail authentication</button>
      </div>
    </form>
  </div>`;
  return layout({ title: '3-D Secure', livemode: session.livemode }, body);
}

/** Where an expired session can be taken up again. */
function recoveryLink(session: CheckoutSession): Html | null {
  const url = session.after_expiration?.recovery?.url;
  return url ? html`<p><a href="${url}">Start again</a></p>` : null;
}

function backLink(session: CheckoutSession): Html | null {
  return session.cancel_url
    ? html`<p><a href="${session.cancel_url}" data-testid="back">← Back</a></p>`
    : null;
}

function summary(session: CheckoutSession, merchant: string): Html {
  if (session.mode === 'setup') {
    return html`<h1>Save your payment details</h1>
      <p class="soft">${merchant} keeps them for later. Nothing is charged today.</p>`;
  }
  const currency = session.currency ?? 'usd';
  const due = formatMoney(session.amount_total ?? 0, currency);
  const verb = session.mode === 'subscription' ? 'Subscribe to' : 'Pay';
  return html`<h1 class="lead">${verb} ${merchant}</h1>
    <p class="amount" data-testid="total">${due}${rhythmOf(session)}</p>
    ${laterOf(session)}
    <ul class="plain">
      ${session._emu.lines.map(lineItem)}
    </ul>
    ${discountItem(session)}
    <p class="item"><strong>Total due today</strong><strong>${due}</strong></p>`;
}

function discountItem(session: CheckoutSession): Html | null {
  const off = session.total_details.amount_discount;
  if (off === 0) return null;
  return html`<p class="item" data-testid="discount">
    <span>Discount</span><span>−${formatMoney(off, session.currency ?? 'usd')}</span>
  </p>`;
}

function lineItem(line: SessionLine): Html {
  const quantity = line.quantity ?? 1;
  return html`<li class="item">
    <span
      >${line.description}${quantity > 1 ? html` <span class="soft">× ${quantity}</span>` : null}${
        line.price?.recurring
          ? html`<br /><span class="soft small">billed per ${intervalInWords(line.price)}</span>`
          : null
      }</span
    >
    <span>${formatMoney(line.amount_subtotal, line.currency)}</span>
  </li>`;
}

/** What stands behind the big amount. */
function rhythmOf(session: CheckoutSession): Html | null {
  const recurring = recurringPrice(session);
  if (!recurring) return null;
  const words = isFirstDifferent(session) ? 'due today' : `per ${intervalInWords(recurring)}`;
  return html` <span class="soft small">${words}</span>`;
}

/** What will be charged from the second period on, where it is not what is due today. */
function laterOf(session: CheckoutSession): Html | null {
  const recurring = recurringPrice(session);
  if (!recurring || !isFirstDifferent(session)) return null;
  const { trialDays, trialEnd } = session._emu;
  const days = trialDays ?? (trialEnd === null ? null : Math.round((trialEnd - session.created) / 86_400));
  const then = `${formatMoney(recurringTotal(session), session.currency ?? 'usd')} per ${intervalInWords(recurring)}`;
  return html`<p class="soft">${days === null ? `Then ${then}` : `${days} days free, then ${then}`}</p>`;
}

function recurringPrice(session: CheckoutSession) {
  return session._emu.lines.find((line) => line.price?.recurring)?.price;
}

function isFirstDifferent(session: CheckoutSession): boolean {
  return recurringTotal(session) !== session.amount_total;
}

function recurringTotal(session: CheckoutSession): number {
  return session._emu.lines
    .filter((line) => line.price?.recurring)
    .reduce((sum, line) => sum + line.amount_subtotal, 0);
}

function contactFields(space: Space, session: CheckoutSession, form: CheckoutForm): Html {
  const known = session.customer ? space.find('customer', session.customer)?.email : session.customer_email;
  if (known) return html`<p>Paying as <strong>${known}</strong></p>`;
  return html`<label for="email">E-mail</label>
    <input id="email" name="email" type="email" autocomplete="email" required value="${form.email ?? ''}" />`;
}

/** `card_number`, `card_expiry` and `card_cvc`. */
export function cardFields(): Html {
  return html`<label for="card_number">Card number</label>
    <input
      id="card_number"
      name="card_number"
      inputmode="numeric"
      autocomplete="cc-number"
      placeholder="1234 1234 1234 1234"
    />
    <div class="row">
      <div>
        <label for="card_expiry">Expiry (MM/YY)</label>
        <input
          id="card_expiry"
          name="card_expiry"
          inputmode="numeric"
          autocomplete="cc-exp"
          placeholder="12 / 34"
        />
      </div>
      <div>
        <label for="card_cvc">Security code</label>
        <input id="card_cvc" name="card_cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" />
      </div>
    </div>`;
}

function methodFields(session: CheckoutSession, form: CheckoutForm, home: string): Html {
  const [first, ...others] = PLAYABLE.filter((type) => session.payment_method_types.includes(type));
  if (first === undefined)
    return html`<p>The emulator cannot play these methods: ${session.payment_method_types.join(', ')}</p>`;
  const chosen = form.payment_method ?? first;
  const card = cardFields();
  const iban = html`<label for="iban">IBAN</label>
    <input id="iban" name="iban" autocomplete="off" placeholder="AT00 0000 0000 0000 0000" />`;
  const methods =
    others.length > 0
      ? html`<fieldset>
          <legend>Payment method</legend>
          <label class="choice"
            ><input type="radio" name="payment_method" value="card" ${mark(chosen === 'card', 'checked')} />
            Card</label
          >
          <div class="when-card">${card}</div>
          <label class="choice"
            ><input
              type="radio"
              name="payment_method"
              value="sepa_debit"
              ${mark(chosen === 'sepa_debit', 'checked')}
            />
            SEPA Direct Debit</label
          >
          <div class="when-sepa">${iban}</div>
        </fieldset>`
      : html`<fieldset>
          <legend>${first === 'card' ? 'Card' : 'SEPA Direct Debit'}</legend>
          <input type="hidden" name="payment_method" value="${first}" />${first === 'card' ? card : iban}
        </fieldset>`;
  return html`${methods}
    <label for="billing_name">Name on card or account</label>
    <input id="billing_name" name="billing_name" autocomplete="name" value="${form.billing_name ?? ''}" />
    <label for="billing_country">Country</label>
    <select id="billing_country" name="billing_country">
      ${[...new Set([home, ...COUNTRIES])].map(
        (country) =>
          html`<option value="${country}" ${mark(country === (form.billing_country ?? home), 'selected')}>
            ${country}
          </option>`,
      )}
    </select>`;
}

/** The whole address, and what a business gives, where the session asks for it. */
function billingFields(session: CheckoutSession, form: CheckoutForm): Html {
  const field = (id: keyof CheckoutForm, label: string, autocomplete: string): Html =>
    html`<label for="${id}">${label}</label>
      <input id="${id}" name="${id}" autocomplete="${autocomplete}" value="${form[id] ?? ''}" />`;
  const address =
    session.billing_address_collection === 'required'
      ? html`${field('billing_line1', 'Address', 'address-line1')}
        ${field('billing_postal_code', 'Postal code', 'postal-code')}
        ${field('billing_city', 'City', 'address-level2')}`
      : html``;
  if (!session.tax_id_collection?.enabled) return address;
  return html`${address}
    <label class="choice"
      ><input type="checkbox" name="business" value="yes" ${mark(form.business !== undefined, 'checked')} />
      I’m purchasing as a business</label
    >
    ${field('business_name', 'Business name', 'organization')} ${field('tax_id', 'Tax ID', 'off')}`;
}

/** The attribute of a chosen option. */
function mark(on: boolean, attribute: 'checked' | 'selected'): Html | null {
  if (!on) return null;
  return attribute === 'checked' ? html` checked` : html` selected`;
}

const COUNTRIES = ['US', 'GB', 'DE', 'AT', 'CH', 'FR', 'ES', 'IT', 'NL', 'IE', 'CA', 'AU', 'JP', 'SE', 'PL'];

function buttonText(session: CheckoutSession): string {
  if (session.mode === 'setup') return 'Save';
  const { trialDays, trialEnd } = session._emu;
  if (session.mode === 'subscription')
    return trialDays === null && trialEnd === null ? 'Subscribe' : 'Start trial';
  return (session.amount_total ?? 0) === 0
    ? needsMethod(session)
      ? 'Pay'
      : 'Complete order'
    : `Pay ${formatMoney(session.amount_total ?? 0, session.currency ?? 'usd')}`;
}

function cardHelp(session: CheckoutSession): Html {
  const sepa = session.payment_method_types.includes('sepa_debit');
  return html`<details>
    <summary>${session.livemode ? 'Card numbers of emulated live mode' : 'Test cards'}</summary>
    <div class="scroll">
      <table>
        <tbody>
          ${cardsOf(session.livemode).map(
            (known) =>
              html`<tr>
                <td><code>${known.number}</code></td>
                <td>${known.label}</td>
              </tr>`,
          )}
          ${
            sepa
              ? IBANS.map(
                  (iban) =>
                    html`<tr>
                      <td><code>${iban.number}</code></td>
                      <td>${iban.label}</td>
                    </tr>`,
                )
              : null
          }
        </tbody>
      </table>
    </div>
    <p class="small soft">
      Any date in the future and any three digits will do. Every other number is refused.
    </p>
  </details>`;
}
