import { decideMembership } from '../../src/domain/membership';
import { DEFAULT_POLICY } from '../../src/domain/policy';
import { DAY, HOUR } from '../../src/domain/time';
import { invoice, membershipFacts, NOW, subscription } from '../support/facts';

describe('an account that can no longer be read', () => {
  const unreadable = (over: Parameters<typeof membershipFacts>[0], now = NOW) =>
    decideMembership(membershipFacts(over), { kind: 'unreadable' }, now, DEFAULT_POLICY);

  test.each([
    ['disputed', { status: 'suspended', suspended: true, revoked: false }],
    ['refunded', { status: 'suspended', suspended: false, revoked: true }],
    ['dispute_lost', { status: 'suspended', suspended: false, revoked: true }],
    // The coach moved the item to something else, and then disconnected: what was paid goes for that.
    ['not_sold_here', { status: 'suspended', suspended: true, revoked: false }],
  ] as const)('keeps what was withheld: %s', (withheld, expected) => {
    expect(unreadable({ kind: 'one_off', withheld })).toMatchObject({ ...expected, reason: withheld });
    const paidThrough = NOW + DAY;
    expect(unreadable({ withheld, paidThrough })).toMatchObject({ ...expected, reason: withheld });
  });

  test('ends what was withheld with what was paid for', () => {
    const paidThrough = NOW - DEFAULT_POLICY.renewalLeewayHours * HOUR;
    expect(unreadable({ withheld: 'disputed', paidThrough })).toMatchObject({
      status: 'ended',
      reason: 'disconnected_over',
    });
  });
});

describe('a period that was paid by two invoices', () => {
  const paid = (ofPeriod: number, ofChange: number) =>
    decideMembership(
      membershipFacts(),
      {
        kind: 'subscription',
        subscription: subscription({
          invoices: [
            invoice({ id: 'in_2', reason: 'other', amountPaid: 2000, amountRefunded: ofChange }),
            invoice({ amountRefunded: ofPeriod }),
          ],
        }),
      },
      NOW,
      DEFAULT_POLICY,
    );

  test.each([
    ['the change alone went back', 0, 2000, false],
    ['the period alone went back', 4900, 0, false],
    ['both went back', 4900, 2000, true],
  ])('%s', (_what, ofPeriod, ofChange, revoked) => {
    expect(paid(ofPeriod, ofChange)).toMatchObject({ revoked, cancelAtStripe: revoked });
  });
});
