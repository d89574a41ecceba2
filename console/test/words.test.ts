import { OTHER_REASONS } from '../../src/api/members/access-answer';
import { nextSchema } from '../../src/api/memberships/view';
import { SETUP_STEPS } from '../../src/api/overview/setup';
import { PROBLEMS } from '@domain/problem';
import { FINDINGS, HELP_PAGE_ROWS } from '@domain/finding';
import { REASONS } from '@domain/membership-reasons';
import { COPY_ACTIONS, COPY_KINDS, COPY_NOTES, COPY_REASONS } from '@domain/live-copy';
import { SKIPPED } from '@domain/price-change';
import { TIMELINE_KINDS } from '@domain/timeline';
import { GO_LIVE } from '../src/pages/go-live/texts';
import { MOVE } from '../src/pages/products/move-texts';
import { PAYMENTS } from '../src/pages/payments/texts';
import { de as sharedDe } from '../src/texts/de';
import { en as sharedEn } from '../src/texts/en';

const en = { ...sharedEn, payments: PAYMENTS.en, move: MOVE.en, goLive: GO_LIVE.en };
const de = { ...sharedDe, payments: PAYMENTS.de, move: MOVE.de, goLive: GO_LIVE.de };
type Texts = typeof en;

/**
 * Failures of requests that the console never sends: of buyers, operators and programs, and of Stripe's webhooks. Their
 * own words are shown should one come all the same.
 */
const OF_OTHERS = [
  ...['confirmation_required', 'already_subscribed', 'already_owned', 'sold_out', 'too_many_holds'],
  ...['checkout_closed', 'checkout_not_open', 'member_token_invalid', 'member_token_outdated'],
  ...['clock_not_movable', 'not_parked', 'route_not_found', 'method_not_allowed', 'idempotency_key_reused'],
  ...['malformed_json', 'unsupported_media_type', 'payload_too_large', 'withdrawal_settled'],
  'live_mode_only',
  ...['webhook_signature_invalid', 'webhook_scope_invalid', 'webhook_body_invalid'],
];
/** The sign-in has its own words for it. */
const OF_THE_SIGN_IN = 'sign_in_failed';

const failures = Object.keys(PROBLEMS).filter((code) => ![...OF_OTHERS, OF_THE_SIGN_IN].includes(code));
const findings = Object.entries(FINDINGS).flatMap(([area, whats]) => [
  `${area}.unknown`,
  ...whats.flatMap((what) => [`${area}.${what}.ok`, `${area}.${what}.not`]),
]);
const causes = ['stripe_event', 'timer', 'member_returned', 'person', 'system'];

/** What the API sends as a code, and the console's words for it. */
const WORDS: [what: string, codes: readonly string[], words: (texts: Texts) => object][] = [
  ["a membership's reasons", Object.keys(REASONS), ({ members }) => members.reasons],
  ['other reasons of access', Object.keys(OTHER_REASONS), ({ members }) => members.reasons],
  ['what happens next', nextSchema.unwrap().shape.what.options, ({ members }) => members.nexts],
  [
    'kinds of the timeline',
    TIMELINE_KINDS,
    ({ members }) => ({ ...members.reasons, ...members.timeline.kinds }),
  ],
  ['causes of the timeline', causes, ({ members }) => members.timeline.causes],
  ['why a member was not moved', Object.keys(SKIPPED), ({ move }) => move.reasons],
  ['kinds of what is copied', COPY_KINDS, ({ goLive }) => goLive.kinds],
  ['what is done with it', COPY_ACTIONS, ({ goLive }) => goLive.actions],
  ['why it is not copied', Object.keys(COPY_REASONS), ({ goLive }) => goLive.reasons],
  ['what should be known of it', Object.keys(COPY_NOTES), ({ goLive }) => goLive.notes],
  ['failures', failures, ({ problems }) => problems.todo],
  ['steps of the set-up', SETUP_STEPS, ({ home }) => home.steps],
  ["the help page's rows", Object.values(HELP_PAGE_ROWS), ({ payments }) => payments.diagnosis.solutions],
];
/** What the API says in English by itself. */
const FOREIGN: typeof WORDS = [
  ['what happened', failures, ({ problems }) => problems.details],
  ['findings', findings, ({ payments }) => payments.diagnosis.titles],
  ["the help page's rows", Object.values(HELP_PAGE_ROWS), ({ payments }) => payments.diagnosis.rows],
];

const missing = (codes: readonly string[], words: object) => codes.filter((code) => !(code in words));

describe('the console has words for whatever the API says', () => {
  it.each(WORDS)('%s', (_, codes, words) => {
    expect(codes.length).toBeGreaterThan(0);
    expect({ en: missing(codes, words(en)), de: missing(codes, words(de)) }).toEqual({ en: [], de: [] });
  });

  it.each(FOREIGN)('%s, in German', (_, codes, words) => {
    expect(codes.length).toBeGreaterThan(0);
    expect(missing(codes, words(de))).toEqual([]);
  });
});
