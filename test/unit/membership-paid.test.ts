import { installmentsPaidOf } from '../../src/domain/installments';
import { paidThroughOf } from '../../src/domain/paid-periods';
import { unpaidSince } from '../../src/domain/subscription-access';
import type { InvoiceFacts } from '../../src/domain/stripe-facts';
import { DAY } from '../../src/domain/time';
import { invoice, line, NOW, subscription } from '../support/facts';

// What is read off the invoices, before any rule decides.
const of = (...invoices: Partial<InvoiceFacts>[]) =>
  subscription({ invoices: invoices.map((over, n) => invoice({ id: `in_${n}`, ...over })) });

test.each<[string, Partial<InvoiceFacts>[], number | null]>([
  [
    'the latest paid period',
    [{ periodEnd: NOW }, { periodEnd: NOW + DAY }, { periodEnd: NOW - DAY }],
    NOW + DAY,
  ],
  ['never an unpaid one', [{ periodEnd: NOW }, { status: 'open', periodEnd: NOW + DAY }], NOW],
  ['nor a void or a written-off one', [{ status: 'void' }, { status: 'uncollectible' }], null],
  ['what has no period does not count', [{ periodEnd: null }], null],
  ['nor beside one that has', [{ periodEnd: null }, { periodEnd: NOW }], NOW],
  ['nothing, without an invoice', [], null],
])('paid through %s', (_what, invoices, end) => {
  expect(paidThroughOf(of(...invoices))).toBe(end);
});

describe('unpaid since', () => {
  const paid = { periodEnd: NOW };
  const open = (finalizedAt: number | null) => ({ status: 'open' as const, paidAt: null, finalizedAt });
  const writtenOff = (periodEnd: number | null) => ({
    status: 'uncollectible' as const,
    paidAt: null,
    finalizedAt: NOW - DAY,
    periodEnd,
  });

  test.each<[string, Partial<InvoiceFacts>[], number | null]>([
    ['the oldest open invoice', [open(NOW - 2 * DAY), open(NOW - 5 * DAY), paid], NOW - 5 * DAY],
    ['nothing, where all is paid', [paid], null],
    [
      'nothing that is still a draft',
      [{ status: 'draft', finalizedAt: NOW, periodEnd: NOW + DAY }, paid],
      null,
    ],
    ['nothing that is void', [{ status: 'void', finalizedAt: NOW, periodEnd: NOW + DAY }, paid], null],
    ['nothing that was never finalized', [open(null), paid], null],
    ['what was written off, while nothing later is paid', [writtenOff(NOW + 1), paid], NOW - DAY],
    ['what was written off, while nothing is paid at all', [writtenOff(NOW)], NOW - DAY],
    ['nothing written off in the period that is paid', [writtenOff(NOW), paid], null],
    ['nothing written off before it', [writtenOff(NOW - DAY), paid], null],
    ['nothing written off without a period', [writtenOff(null), paid], null],
  ])('%s', (_what, invoices, since) => {
    expect(unpaidSince(of(...invoices))).toBe(since);
  });
});

test.each<[string, Partial<InvoiceFacts>[], number]>([
  ['the first and each renewal', [{ reason: 'create' }, { reason: 'cycle' }], 2],
  ['one invoice once', [{ id: 'in_1' }, { id: 'in_1' }], 1],
  ['no change in between', [{ reason: 'other' }, {}], 1],
  ['not a trial’s, for which nothing was due', [{ amountPaid: 0, lines: [line({ amount: 0 })] }, {}], 1],
  ['none that is open', [{ status: 'open' }, {}], 1],
  ['none that was given back', [{ amountRefunded: 4900 }, {}], 1],
  ['one that was given back in part', [{ amountRefunded: 4899 }, {}], 2],
])('installments: %s', (_what, invoices, paid) => {
  expect(installmentsPaidOf(of(...invoices))).toBe(paid);
});
