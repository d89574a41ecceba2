import type { Express } from 'express';
import { isPayable, payInvoice } from '../checkout/pay-invoice';
import type { Emulator } from '../emulator';
import { formatMoney } from '../money';
import type { Charge } from '../objects/charge';
import type { Invoice } from '../objects/invoice';
import type { Space } from '../space';
import { cardFields } from './checkout-page';
import { show, textFields } from './checkout-routes';
import { html, layout, type Html } from './html';

/** What `hosted_invoice_url`, `invoice_pdf` and `receipt_url` lead to. */
export function documentRoutes(app: Express, emulator: Emulator): void {
  app.get(['/invoices/:id', '/invoices/:id/pdf'], (request, response) => {
    const found = findInvoice(emulator, String(request.params.id));
    if (!found) return show(response, 404, missing());
    show(response, 200, invoicePage(found.invoice, null));
  });
  app.post('/invoices/:id', (request, response) => {
    const found = findInvoice(emulator, request.params.id);
    if (!found) return show(response, 404, missing());
    const { space, invoice } = found;
    if (!isPayable(invoice)) return show(response, 409, invoicePage(invoice, null));
    const form = textFields(request);
    const outcome = emulator.db.transaction(() => payInvoice(space, invoice.id, form));
    if (outcome.kind === 'paid') response.redirect(303, `/invoices/${invoice.id}`);
    else if (outcome.kind === 'challenge') response.redirect(303, outcome.url);
    else show(response, 402, invoicePage(space.get('invoice', invoice.id), outcome.message));
  });
  app.get('/receipts/:id', (request, response) => {
    const { id } = request.params;
    const space = emulator.allSpaces().find((candidate) => candidate.find('charge', id));
    const charge = space?.find('charge', id);
    if (!space || !charge) return show(response, 404, missing());
    show(response, 200, receiptPage(charge, space.account.business_profile.name ?? space.accountId));
  });
}

function findInvoice(emulator: Emulator, id: string): { space: Space; invoice: Invoice } | undefined {
  const space = emulator.allSpaces().find((candidate) => candidate.find('invoice', id));
  if (!space) return undefined;
  space.runDue();
  return { space, invoice: space.get('invoice', id) };
}

function invoicePage(invoice: Invoice, error: string | null): string {
  const money = (amount: number): string => formatMoney(amount, invoice.currency);
  const body = html`<div class="card narrow">
    <h1>Invoice ${invoice.number}</h1>
    <p class="soft">
      From ${invoice.account_name ?? 'the seller'} to
      ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}, ${dateOf(invoice.created)}
    </p>
    <ul class="plain">
      ${invoice.lines.data.map(
        (line) =>
          html`<li class="item">
            <span
              >${line.description}<br /><span class="soft small"
                >${dateOf(line.period.start)} – ${dateOf(line.period.end)}</span
              ></span
            >
            <span>${money(line.amount)}</span>
          </li>`,
      )}
    </ul>
    <p class="item"><span>Total</span><span>${money(invoice.total)}</span></p>
    <p class="item"><span>Paid</span><span>${money(invoice.amount_paid)}</span></p>
    <p class="item"><strong>Due</strong><strong>${money(invoice.amount_remaining)}</strong></p>
    <p>Status: <strong>${invoice.status}</strong></p>
    ${isPayable(invoice) ? payForm(invoice, money(invoice.amount_remaining), error) : null}
  </div>`;
  return layout({ title: `Invoice ${invoice.number ?? ''}`, livemode: invoice.livemode }, body);
}

function payForm(invoice: Invoice, due: string, error: string | null): Html {
  return html`<form method="post" action="/invoices/${invoice.id}" novalidate>
    ${error === null ? null : html`<p class="error" role="alert">${error}</p>`} ${cardFields()}
    <button type="submit" class="wide">Pay ${due}</button>
  </form>`;
}

function receiptPage(charge: Charge, seller: string): string {
  const body = html`<div class="card narrow">
    <h1>Receipt from ${seller}</h1>
    <p class="amount">${formatMoney(charge.amount, charge.currency)}</p>
    <p class="soft">${dateOf(charge.created)}, ${charge.description ?? charge.id}</p>
    ${
      charge.amount_refunded > 0
        ? html`<p>Refunded: ${formatMoney(charge.amount_refunded, charge.currency)}</p>`
        : null
    }
  </div>`;
  return layout({ title: 'Receipt', livemode: charge.livemode }, body);
}

function missing(): string {
  return layout(
    { title: 'Not found', livemode: null },
    html`<div class="card narrow"><h1>There is no such document</h1></div>`,
  );
}

function dateOf(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}
