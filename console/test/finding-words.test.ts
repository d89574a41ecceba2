import { DASHBOARD_CODES, dashboardMessage } from '@domain/catalog';
import { CONNECTION_STATUSES } from '@domain/connection';
import { diagnose } from '@domain/diagnosis';
import type { AccountNow, DiagnosisFacts } from '@domain/diagnosis-facts';
import type { EndpointFacts } from '@domain/webhook-endpoints';
import { createFormat } from '../src/format/create-format';
import { SENTENCES } from '../src/pages/payments/finding-words-de';
import { findingInWords } from '../src/pages/payments/finding-words';
import { PAYMENTS } from '../src/pages/payments/texts';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';

const NOW = 1_802_000_000;
const HERE = 'https://pay.example/webhooks/stripe';
const ENDPOINT: EndpointFacts = {
  id: 'we_1',
  url: HERE,
  scope: 'connect',
  enabled: true,
  events: ['account.updated', 'invoice.paid'],
  apiVersion: 'v1',
  managed: true,
};
const NOTHING_DUE = {
  ...{ currentlyDue: [], eventuallyDue: [], pastDue: [], pendingVerification: [] },
  disabledReason: null,
  currentDeadline: null,
};
type Account = Exclude<AccountNow, string>;
const account = (over: Partial<Account> = {}, due: Partial<Account['requirements']> = {}): Account => ({
  ...{ accountId: 'acct_1', chargesEnabled: true, payoutsEnabled: true, detailsSubmitted: true },
  ...{ defaultCurrency: 'eur', country: 'DE', platformControlled: false, accountName: 'Ada Coaching' },
  ...over,
  requirements: { ...NOTHING_DUE, ...due },
});
type Link = NonNullable<DiagnosisFacts['connection']>;
const link = (over: Partial<Link> = {}): Link => ({
  ...{ status: 'connected', flow: 'oauth', accountId: 'acct_1', chargesEnabled: true },
  ...{ requirements: NOTHING_DUE, endReason: null },
  ...over,
});
const event = { type: 'invoice.paid', at: NOW };
const WELL: DiagnosisFacts = {
  ...{ mode: 'test', connection: link(), account: account(), taxMissing: [], endpoints: [ENDPOINT] },
  wanted: { url: HERE, scope: 'connect', events: ['account.updated', 'invoice.paid'], apiVersion: 'v1' },
  lastEvent: { ofAccount: event, ofAny: event },
  undelivered: { count: 0, newest: null },
  inbox: { late: 0, parked: 0 },
  defaultCurrency: 'eur',
  foreignPrices: [],
};
const endpoint = (over: Partial<EndpointFacts>) => ({ endpoints: [{ ...ENDPOINT, ...over }] });
const none = { account: null, undelivered: null } as const;
const notEnabled = (disabledReason: string | null, currentlyDue: string[] = []) =>
  (['oauth', 'account_links'] as const).map((flow) => ({
    connection: link({ flow }),
    account: account({ chargesEnabled: false, payoutsEnabled: false }, { disabledReason, currentlyDue }),
  }));
const DISABLED = ['requirements.past_due', 'requirements.pending_verification', 'under_review', 'listed'];
const OTHERS = ['action_required.requested_capabilities', 'platform_paused', 'rejected.fraud', null];
const ENDED = ['deauthorized_at_stripe', 'not_approved', 'account_in_use', 'connection_unclear'];
const FAILED = ['stripe_refused', 'stripe_unavailable', 'connection_refused', null];

/** Whatever a diagnosis can find, at least once. */
const FACTS: Partial<DiagnosisFacts>[] = [
  {},
  { mode: 'live' },
  { ...none, connection: null },
  { account: 'gone' },
  { account: 'unreachable', endpoints: 'unreachable', undelivered: 'unreachable', taxMissing: 'unreachable' },
  { account: 'unreachable', defaultCurrency: null },
  ...CONNECTION_STATUSES.filter((status) => status !== 'connected').flatMap((status) =>
    [...ENDED, ...FAILED].flatMap((endReason) =>
      (['oauth', 'account_links'] as const).map((flow) => ({
        ...none,
        connection: link({ status, endReason, flow }),
      })),
    ),
  ),
  ...[...DISABLED, ...OTHERS].flatMap((reason) => [
    ...notEnabled(reason),
    ...notEnabled(reason, ['external_account', 'individual.dob.day']),
  ]),
  { account: account({}, { currentlyDue: ['external_account'], currentDeadline: NOW }) },
  { account: account({}, { pendingVerification: ['individual.verification.document'] }) },
  { account: account({}, { eventuallyDue: ['business_profile.url'] }) },
  { account: account({ accountName: null, platformControlled: true }) },
  { taxMissing: ['head_office'] },
  { endpoints: [] },
  { mode: 'live', endpoints: [] },
  endpoint({ scope: 'platform' }),
  endpoint({ url: 'https://old.example/webhooks/stripe' }),
  endpoint({ enabled: false, events: [], apiVersion: 'v0' }),
  endpoint({ apiVersion: null }),
  { lastEvent: { ofAccount: null, ofAny: null } },
  { lastEvent: { ofAccount: null, ofAny: event }, undelivered: { count: 1, newest: event } },
  { undelivered: { count: 2, newest: null } },
  ...[1, 2].flatMap((count) => [
    { inbox: { late: count, parked: 0 } },
    { inbox: { late: 0, parked: count } },
  ]),
  { defaultCurrency: null },
  { foreignPrices: [{ name: 'Yoga', currency: 'usd' }] },
  { foreignPrices: Array.from({ length: 7 }, () => ({ name: 'Yoga', currency: 'usd' })) },
  { mails: { sends: false, unclear: 0 } },
  { mails: { sends: true, unclear: 3 } },
  { offSale: DASHBOARD_CODES.map((code) => ({ name: 'Yoga', why: dashboardMessage(code) })) },
  {
    offSale: Array.from({ length: 7 }, () => ({
      name: 'Yoga',
      why: dashboardMessage('price_deleted_at_stripe'),
    })),
  },
];

const sentences = [
  ...new Set(
    FACTS.flatMap((facts) => diagnose({ ...WELL, ...facts }).findings).flatMap(({ detail, todo }) =>
      todo === null ? [detail] : [detail, todo],
    ),
  ),
];
const ISO = /\d{4}-\d{2}-\d{2}T/;
const german = (said: string) => findingInWords(said, SENTENCES, PAYMENTS.de, de, createFormat('de-DE'));
const english = (said: string) => findingInWords(said, [], PAYMENTS.en, en, createFormat('en-GB'));

describe('what a diagnosis says', () => {
  it.each(sentences)('%s', (said) => {
    const inGerman = german(said);
    expect(inGerman.language).toBe('de');
    for (const { text } of [inGerman, english(said)]) {
      expect(text).not.toMatch(ISO);
      expect(text).not.toMatch(/\/v1\/|undefined/);
    }
    expect(inGerman.text).not.toMatch(/\b(the|and|your|nobody|any|this)\b/);
  });

  it('is read with figures, names, times and lists', () => {
    expect(
      german(
        'Stripe wants: a bank account for payouts, the date of birth. It is due by 2027-02-07T12:26:40.000Z.',
      ).text,
    ).toMatch(/^Stripe braucht: Ein Bankkonto für Auszahlungen, .*\. Fällig am 7\. Feb\. 2027/);
    expect(german('Something new.')).toEqual({ text: 'Something new.', language: 'en' });
  });
});
