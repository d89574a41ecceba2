import {
  type AccountFacts,
  type ConnectionFacts,
  type ConnectionStatus,
  decideConnection,
  isEnded,
} from '../../src/domain/connection';
import { businessStatus, canOnboardAgain, selling, waitsFor } from '../../src/domain/selling';
import { dueNow, inWords } from '../../src/domain/requirements';
import { DAY } from '../../src/domain/time';
import { NOW } from '../support/facts';

const NOTHING_DUE = {
  currentlyDue: [],
  eventuallyDue: [],
  pastDue: [],
  pendingVerification: [],
  disabledReason: null,
  currentDeadline: null,
};
const account = (
  over: Partial<AccountFacts> = {},
  due: Partial<AccountFacts['requirements']> = {},
): AccountFacts => ({
  accountId: 'acct_1',
  chargesEnabled: true,
  accountName: 'Ada Coaching',
  payoutsEnabled: true,
  detailsSubmitted: true,
  defaultCurrency: 'eur',
  country: 'DE',
  ...over,
  requirements: { ...NOTHING_DUE, ...due },
});
const connection = (over: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  status: 'connected',
  flow: 'oauth',
  chargesEnabled: true,
  requirements: NOTHING_DUE,
  endReason: null,
  ...over,
});
const ALL: ConnectionStatus[] = [
  'authorizing',
  'returned',
  'connected',
  'disconnecting',
  'disconnected',
  'denied',
  'abandoned',
  'failed',
];

describe('what Stripe says of the account decides the connection', () => {
  test.each([
    ['a verified account', account(), 7 * DAY],
    ['charges not enabled', account({ chargesEnabled: false }), DAY],
    ['something currently due', account({}, { currentlyDue: ['external_account'] }), DAY],
    ['something overdue', account({}, { pastDue: ['external_account'] }), DAY],
    ['something being verified', account({}, { pendingVerification: ['individual.id_number'] }), DAY],
    ['something due one day', account({}, { eventuallyDue: ['individual.id_number'] }), 7 * DAY],
  ])('%s: connected, looked at again in time', (_, facts, wait) => {
    for (const status of ['authorizing', 'returned', 'connected'] as const)
      expect(decideConnection(status, facts, NOW)).toEqual({
        status: 'connected',
        endReason: null,
        account: facts,
        lookAgainAt: NOW + wait,
      });
  });

  test.each([
    ['connected', 'deauthorized_at_stripe'],
    ['returned', 'deauthorized_at_stripe'],
    ['disconnecting', 'disconnected_by_coach'],
  ] as const)('an account that cannot be read any more ends a %s connection: %s', (status, endReason) => {
    expect(decideConnection(status, 'gone', NOW)).toEqual({
      status: 'disconnected',
      endReason,
      account: null,
      lookAgainAt: null,
    });
  });

  test('an account that can still be read is not disconnected, and is looked at again soon', () => {
    const decision = decideConnection('disconnecting', account(), NOW);
    expect(decision.status).toBe('disconnecting');
    expect(decision.lookAgainAt).toBe(NOW + 60);
  });
});

describe('scenario 18: selling is gated on charges_enabled, and the reason is shown', () => {
  test('only a connected account that may charge sells', () => {
    for (const status of ALL)
      for (const chargesEnabled of [true, false])
        expect(selling(connection({ status, chargesEnabled })).canSell).toBe(
          status === 'connected' && chargesEnabled,
        );
    expect(selling(null)).toMatchObject({ canSell: false, code: 'not_connected' });
  });

  test.each(ALL.filter((status) => status !== 'connected'))('%s: says why not, and what to do', (status) => {
    const { code, reason, todo } = selling(connection({ status }));
    expect(code).toBe('not_connected');
    expect(reason).toMatch(/\.$/);
    expect(todo).toMatch(/\.$/);
  });

  test.each([
    [{ currentlyDue: ['external_account'] }, /it still wants: a bank account for payouts\./],
    [
      { pastDue: ['tos_acceptance.date', 'tos_acceptance.ip'], disabledReason: 'requirements.past_due' },
      /overdue; it still wants: acceptance of Stripe’s terms\.$/,
    ],
    [{ disabledReason: 'requirements.pending_verification' }, /still checking the information\.$/],
    [{ disabledReason: 'rejected.fraud' }, /has rejected the account\.$/],
    [{ disabledReason: 'something_new' }, /has not enabled payments yet\.$/],
    [{}, /has not enabled payments yet\.$/],
  ])('charges not enabled, %j', (due, reason) => {
    const answer = selling(connection({ chargesEnabled: false, requirements: { ...NOTHING_DUE, ...due } }));
    expect(answer).toMatchObject({ canSell: false, code: 'charges_not_enabled' });
    expect(answer.reason).toMatch(reason);
  });

  test('one who can sell is told what Stripe will stop it for', () => {
    const due = { ...NOTHING_DUE, currentlyDue: ['individual.verification.document'] };
    expect(selling(connection({ requirements: due })).todo).toContain('an identity document');
    expect(selling(connection()).todo).toBeNull();
  });
});

describe('an account that was created for the coach', () => {
  const due = { ...NOTHING_DUE, currentlyDue: ['external_account'] };
  test.each<[string, Partial<ConnectionFacts>, boolean]>([
    ['without charges, for which Stripe wants something', { chargesEnabled: false, requirements: due }, true],
    ['without charges, while Stripe is checking', { chargesEnabled: false }, false],
    ['with something due', { requirements: due }, true],
    ['complete', {}, false],
    ['disconnected', { status: 'disconnected', requirements: due }, false],
    ['brought by the coach', { flow: 'oauth', chargesEnabled: false, requirements: due }, false],
  ])('%s: there is a way back into the form: %s', (_, over, wayBack) => {
    const facts = connection({ flow: 'account_links', ...over });
    expect(canOnboardAgain(facts)).toBe(wayBack);
    if (facts.status === 'connected')
      expect(selling(facts).todo?.includes('POST /v1/connection') ?? false).toBe(wayBack);
  });

  test('waits for its owner, not for an approval', () => {
    expect(selling(connection({ status: 'authorizing', flow: 'account_links' })).reason).toContain('form');
    expect(selling(connection({ status: 'authorizing' })).reason).toContain('approved');
  });
});

test('fields of Stripe are words, each once, the overdue ones first', () => {
  const due = { ...NOTHING_DUE, pastDue: ['b.c_d'], currentlyDue: ['external_account', 'b.c_d'] };
  expect(inWords(dueNow(due))).toBe('b c d, a bank account for payouts');
});

test('an operator reads what every state waits for, and filters by it', () => {
  for (const status of ALL) expect(waitsFor(connection({ status }), NOW)).toMatch(/\.$/);
  expect(waitsFor(connection({ status: 'authorizing' }), NOW)).toContain('2027-02-16T12:00:00.000Z');
  expect(businessStatus(connection({ chargesEnabled: false }))).toBe('verification_due');
  expect(ALL.filter(isEnded)).toEqual(['disconnected', 'denied', 'abandoned', 'failed']);
});
