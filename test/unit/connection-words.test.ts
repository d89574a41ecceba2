import { businessStatus, canOnboardAgain, selling, waitsFor } from '../../src/domain/selling';
import type { ConnectionFacts, ConnectionStatus, Requirements } from '../../src/domain/connection';
import { dueNow, inWords } from '../../src/domain/requirements';
import { NOW } from '../support/facts';

// What a coach and an operator read, state by state.
const NOTHING_DUE: Requirements = {
  currentlyDue: [],
  eventuallyDue: [],
  pastDue: [],
  pendingVerification: [],
  disabledReason: null,
  currentDeadline: null,
};
const DOCUMENT = { currentlyDue: ['individual.verification.document'] };
const connection = (
  over: Partial<ConnectionFacts> = {},
  due: Partial<Requirements> = {},
): ConnectionFacts => ({
  status: 'connected',
  flow: 'oauth',
  chargesEnabled: true,
  requirements: { ...NOTHING_DUE, ...due },
  endReason: null,
  ...over,
});
const cannotSell = (due: Partial<Requirements>, over: Partial<ConnectionFacts> = {}) =>
  selling(connection({ chargesEnabled: false, ...over }, due));

test('without a connection: connect one', () => {
  expect(selling(null)).toEqual({
    canSell: false,
    code: 'not_connected',
    reason: 'No Stripe account is connected.',
    todo: 'Connect one: POST /v1/connection.',
  });
});

test.each<[Exclude<ConnectionStatus, 'connected'>, Partial<ConnectionFacts>, RegExp, RegExp]>([
  ['authorizing', {}, /^The connection has not been approved at Stripe yet\.$/, /^Open the address .+\.$/],
  [
    'authorizing',
    { flow: 'account_links' },
    /has not been through Stripe’s form yet\.$/,
    /^Open the address/,
  ],
  ['returned', {}, /waits to be confirmed\.$/, /POST \/v1\/connection\/confirm\.$/],
  ['disconnecting', {}, /is being disconnected\.$/, /^Wait a moment/],
  ['disconnected', {}, /^The Stripe account was disconnected\.$/, /^Connect again/],
  [
    'disconnected',
    { endReason: 'deauthorized_at_stripe' },
    /removed from the Stripe side\.$/,
    /^Connect again/,
  ],
  ['denied', {}, /refused on Stripe’s page\.$/, /^Connect again/],
  ['abandoned', {}, /not finished in time\.$/, /^Connect again/],
  ['failed', {}, /^The connection could not be made\.$/, /^Connect again/],
  ['failed', { endReason: 'something_new' }, /^The connection could not be made\.$/, /^Connect again/],
  ['failed', { endReason: 'account_in_use' }, /belongs to another coach here\.$/, /^Connect again/],
  ['failed', { endReason: 'connection_unclear' }, /^Stripe’s answer was lost/, /^Connect again/],
  ['failed', { endReason: 'stripe_refused' }, /^Stripe did not create the account\.$/, /^Connect again/],
  ['failed', { endReason: 'stripe_unavailable' }, /^Stripe could not be reached/, /^Connect again/],
  [
    'failed',
    { endReason: 'connection_refused' },
    /^Stripe did not accept the authorization/,
    /^Connect again/,
  ],
])('%s %j: why it does not sell, and what to do', (status, over, reason, todo) => {
  const answer = selling(connection({ status, ...over }));
  expect(answer).toMatchObject({ canSell: false, code: 'not_connected' });
  expect(answer.reason).toMatch(reason);
  expect(answer.todo).toMatch(todo);
});

test.each([
  ['requirements.past_due', 'Stripe has stopped payments because information is overdue'],
  ['requirements.pending_verification', 'Stripe is still checking the information'],
  ['action_required.requested_capabilities', 'Stripe needs the payment capability to be requested'],
  ['under_review', 'Stripe is reviewing the account'],
  ['listed', 'Stripe is checking the account against its lists'],
  ['platform_paused', 'The platform has paused the account'],
  ['rejected.fraud', 'Stripe has rejected the account'],
  ['not_rejected', 'Stripe has not enabled payments yet'],
  [null, 'Stripe has not enabled payments yet'],
])('charges disabled for %p', (disabledReason, because) => {
  expect(cannotSell({ disabledReason })).toMatchObject({
    code: 'charges_not_enabled',
    reason: `${because}.`,
    todo: disabledReason?.startsWith('rejected')
      ? 'Ask Stripe’s support about it.'
      : 'There is nothing to do here but wait for Stripe, or look in the Stripe Dashboard.',
  });
  expect(cannotSell({ disabledReason, ...DOCUMENT })).toMatchObject({
    reason: `${because}; it still wants: an identity document.`,
    todo: 'Complete it in the Stripe Dashboard; this page follows by itself.',
  });
});

test('an account that was created for the coach is completed by the way that we answer', () => {
  expect(cannotSell(DOCUMENT, { flow: 'account_links' }).todo).toBe(
    'Complete it at Stripe: POST /v1/connection answers the way there.',
  );
  expect(selling(connection({ flow: 'account_links' }, DOCUMENT)).todo).toBe(
    'Give Stripe what it still wants, or it may stop payments: an identity document. POST /v1/connection answers the way there.',
  );
  expect(selling(connection({}, DOCUMENT)).todo).toBe(
    'Give Stripe what it still wants, or it may stop payments: an identity document.',
  );
});

test('nothing is known of what Stripe wants: neither a reason nor a to-do is made up', () => {
  expect(selling(connection({ requirements: null }))).toEqual({
    canSell: true,
    code: null,
    reason: 'Stripe accepts payments on this account.',
    todo: null,
  });
  expect(selling(connection({ requirements: null, chargesEnabled: false })).reason).toBe(
    'Stripe has not enabled payments yet.',
  );
});

test.each<[Partial<ConnectionFacts>, Partial<Requirements>, boolean]>([
  [{ flow: 'account_links' }, DOCUMENT, true],
  [{ flow: 'account_links' }, { pastDue: ['external_account'] }, true],
  [{ flow: 'account_links', chargesEnabled: false }, {}, false],
  [{ flow: 'account_links', chargesEnabled: false }, DOCUMENT, true],
  [{ flow: 'account_links', chargesEnabled: false, requirements: null }, {}, true],
  [{ flow: 'account_links' }, {}, false],
  [{ flow: 'account_links', requirements: null }, {}, false],
  [{ flow: 'account_links', status: 'returned' }, DOCUMENT, false],
  [{ flow: 'oauth' }, DOCUMENT, false],
])('onboarding again: %j %j %p', (over, due, can) => {
  expect(canOnboardAgain(connection(over, due))).toBe(can);
});

test.each([
  [['external_account'], 'a bank account for payouts'],
  [['tos_acceptance.date', 'tos_acceptance.ip'], 'acceptance of Stripe’s terms'],
  [['tos_acceptance.ip'], 'acceptance of Stripe’s terms'],
  [['business_profile.url', 'business_profile.mcc'], 'the website of the business, the kind of business'],
  [['individual.dob.day'], 'the date of birth'],
  [['individual.dob.month', 'individual.dob.year'], 'the date of birth'],
  [['individual.dob.year'], 'the date of birth'],
  [['individual.verification.additional_document'], 'a second identity document'],
  [['company.verification.document'], 'a document about the company'],
  [['owners.first_name'], 'owners first name'],
])('%j is read as %s', (fields, words) => {
  expect(inWords(fields)).toBe(words);
});

test('what is due is named once', () => {
  expect(dueNow({ ...NOTHING_DUE, pastDue: ['a'], currentlyDue: ['b', 'a'] })).toEqual(['a', 'b']);
});

test.each<[ConnectionStatus, string]>([
  ['authorizing', 'Waits for the coach to come back from Stripe until 2027-02-16T12:00:00.000Z.'],
  ['returned', 'Back from Stripe; waits for the coach UI to confirm until 2027-02-16T12:00:00.000Z.'],
  ['connected', 'Connected. Stripe accepts payments on this account.'],
  [
    'disconnecting',
    'Disconnecting: expires open checkouts, settles what Stripe has told us, then ends the link.',
  ],
  ['disconnected', 'Ended: The Stripe account was disconnected.'],
  ['denied', 'Ended: The connection was refused on Stripe’s page.'],
  ['abandoned', 'Ended: The connection was not finished in time.'],
  ['failed', 'Ended: The connection could not be made.'],
])('an operator reads of %s', (status, words) => {
  expect(waitsFor(connection({ status }), NOW)).toBe(words);
});

test('an operator reads what a connected account lacks, and without a deadline none is named', () => {
  expect(waitsFor(connection({ chargesEnabled: false }), null)).toBe(
    'Connected, but cannot sell: Stripe has not enabled payments yet.',
  );
  expect(waitsFor(connection({}, DOCUMENT), null)).toMatch(/^Connected\. Give Stripe what it still wants/);
  expect(waitsFor(connection({ status: 'authorizing' }), null)).toBe(
    'Waits for the coach to come back from Stripe.',
  );
});

test.each<[ConnectionStatus, boolean, string]>([
  ['connected', true, 'connected'],
  ['connected', false, 'verification_due'],
  ['returned', false, 'returned'],
])('%s, charges enabled %p: filtered as %s', (status, chargesEnabled, expected) => {
  expect(businessStatus(connection({ status, chargesEnabled }))).toBe(expected);
});
