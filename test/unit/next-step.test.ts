import { type NextFacts, nextStep } from '../../src/domain/next-step';
import { whyInWords } from '../../src/api/memberships/view';
import { REASONS } from '../../src/domain/membership-reasons';

const NOW = 1_800_000_000;
const DAY = 86_400;
const at = (days: number) => new Date((NOW + days * DAY) * 1000);
const facts = (over: Partial<NextFacts> = {}): NextFacts => ({
  status: 'active',
  reason: 'paid',
  paidThrough: at(10),
  cancelAt: null,
  pauseUntil: null,
  verifiedAt: at(0),
  installmentsDue: null,
  installmentsPaid: null,
  ...over,
});
const sent = { collectionMethod: 'send_invoice' };
const words = (over: Partial<NextFacts>) => nextStep(facts(over), at(13));

describe('A7: Stripe does not charge by itself what it sends an invoice for', () => {
  const states: Partial<NextFacts>[] = [
    {},
    { paidThrough: at(0) },
    { status: 'trialing', reason: 'trial' },
    { status: 'canceling', reason: 'scheduled_to_cancel', cancelAt: at(40) },
    { status: 'past_due', reason: 'grace' },
    { status: 'suspended', reason: 'awaiting_payment' },
    { reason: 'installments', installmentsDue: 3, installmentsPaid: 1 },
    { reason: 'collection_paused', pauseUntil: at(2) },
  ];
  test.each(states)('%j', (over) => {
    const { inWords, what } = words({ ...over, ...sent }) ?? { inWords: '', what: null };
    expect(inWords).not.toMatch(/Stripe charges|resumes collecting/);
    expect(inWords).toMatch(/invoice/);
    // And what it charges by itself is said as ever.
    const charged = words({ ...over, collectionMethod: 'charge_automatically' });
    expect(charged?.inWords).not.toMatch(/invoice/);
    expect(charged).toEqual(words(over));
    expect(what).not.toBeNull();
  });

  test('an open invoice is named with the day on which it is due', () => {
    expect(words({ ...sent, paidThrough: at(0), openInvoice: { dueAt: NOW + 20 * DAY } })).toMatchObject({
      what: 'invoice_due',
      at: at(20),
    });
  });
});

describe('A8: what is void or written off is nothing that a member could pay', () => {
  const unpaid = { status: 'suspended', reason: 'unpaid' } as const;
  test.each([
    [{ id: 'in_1' }, 'Access comes back when the open payment is made.'],
    [null, 'Access comes back with the next payment.'],
  ])('open invoice %j: %s', (openInvoice, sentence) => {
    expect(words({ ...unpaid, openInvoice })?.inWords).toBe(sentence);
  });
});

describe('A24: a dispute is said as it is, with its dates', () => {
  const disputed = { status: 'suspended', reason: 'disputed' } as const;
  test.each<[string, Partial<NextFacts>, Date | null, string]>([
    ['without dates', {}, null, 'The bank decides about the dispute.'],
    [
      'while Stripe takes evidence',
      { disputedAt: at(-1), evidenceDueAt: at(6) },
      at(6),
      `The bank decides about the dispute. It was opened on ${at(-1).toISOString().slice(0, 10)}. Stripe takes evidence until ${at(6).toISOString().slice(0, 10)}.`,
    ],
    [
      'when it takes none any more',
      { disputedAt: at(-9), evidenceDueAt: at(-1) },
      null,
      `The bank decides about the dispute. It was opened on ${at(-9).toISOString().slice(0, 10)}.`,
    ],
  ])('%s', (_what, dates, when, inWords) => {
    expect(words({ ...disputed, ...dates })).toEqual({ what: 'dispute_outcome', at: when, inWords });
  });
});

test('A6: a trial ends when Stripe says, whatever was paid before', () => {
  expect(words({ status: 'trialing', reason: 'trial', trialEnd: at(30) })).toMatchObject({ at: at(30) });
});

/** Everything at once: whatever comes together, the sentence is one, and never promises a charge that will not be. */
test('every status, reason, way of collecting, pause and end has a true sentence or none', () => {
  const statuses = ['trialing', 'active', 'canceling', 'past_due', 'suspended', 'owned', 'ended'] as const;
  for (const status of statuses)
    for (const reason of Object.keys(REASONS))
      for (const collectionMethod of ['charge_automatically', 'send_invoice', null])
        for (const pauseUntil of [null, at(5)])
          for (const cancelAt of [null, at(40)]) {
            const found = nextStep(facts({ status, reason, collectionMethod, pauseUntil, cancelAt }), at(13));
            if (found === null) continue;
            expect(found.inWords).toMatch(/^[A-Z].*\.$/);
            if (collectionMethod === 'send_invoice') expect(found.inWords).not.toMatch(/Stripe charges/);
            const beside = nextStep(
              facts({ status, reason, collectionMethod, pauseUntil, cancelAt }),
              at(13),
              () => true,
            );
            expect(beside?.inWords).not.toMatch(/[Aa]ccess ends/);
          }
});

describe('a period that has begun and is not paid yet', () => {
  const row = facts({ paidThrough: at(0) });
  test.each<[string, Partial<NextFacts>, string]>([
    ['in the hour before Stripe charges', {}, 'The present period has begun; its payment is on its way.'],
    ['paid for', { paidThrough: at(10) }, 'Paid for the present period.'],
    ['of something that is not charged again', { status: 'owned' }, 'Paid for the present period.'],
    ['in a trial', { status: 'trialing', reason: 'trial' }, 'In the free trial.'],
  ])('%s: %s', (_, over, sentence) => {
    const { status, reason, paidThrough, verifiedAt } = { ...row, ...over };
    expect(whyInWords({ status, reason, paidThrough, verifiedAt })).toBe(sentence);
  });
});
