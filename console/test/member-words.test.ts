import type { Membership, Price } from '../src/api/types';
import { createFormat } from '../src/format/create-format';
import { quantityOf, type When, whensOf } from '../src/pages/members/change-options';
import { nextInWords, reasonInWords, untilInWords } from '../src/pages/members/words';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';

const ENGLISH = createFormat('en-GB');
const RENEWS = '2026-12-01T00:00:00.000Z';
const LEEWAY = '2026-12-01T12:00:00.000Z';
const next = (what: NonNullable<Membership['next']>['what'], at: string | null = RENEWS) => ({
  ...{ what, at },
  inWords: 'As the API says it.',
});

describe('why a membership is as it is', () => {
  it.each<[string, string, Membership['next'], string]>([
    ['paid', 'paid', next('renewal'), en.members.reasons.paid],
    [
      'in the hour before Stripe charges, after a trial as well',
      'paid',
      next('access_end', LEEWAY),
      'The present period has begun; its payment is on its way.',
    ],
    ['cancelled', 'scheduled_to_cancel', next('access_end'), en.members.reasons.scheduled_to_cancel],
    ['a reason that is new here', 'moon', null, 'As the API says it.'],
  ])('%s', (_, reason, then, words) => {
    expect(reasonInWords({ reason, next: then, fallback: 'As the API says it.' }, en)).toBe(words);
  });

  it('says what comes of it then', () => {
    const said = (reason: string) => nextInWords({ reason, next: next('access_end'), fallback: '' }, en);
    expect(said('paid')).toBe('The payment of the present period is on its way; without it, access ends.');
    expect(said('scheduled_to_cancel')).toBe('Access ends.');
  });
});

describe('how long access lasts', () => {
  it.each<[string, string | null, Membership['next'], RegExp]>([
    ['without an end', null, null, /^Without an end$/],
    [
      'to a renewal, with the leeway named as what it is',
      LEEWAY,
      next('renewal'),
      /^Until the renewal on 1 Dec 2026.*late, until 1 Dec 2026/,
    ],
    ['to the end of a trial', LEEWAY, next('trial_end'), /^Until the renewal on/],
    ['to the end of grace', LEEWAY, next('grace_end', LEEWAY), /^Until 1 Dec 2026/],
    ['to a cancellation', LEEWAY, next('access_end', LEEWAY), /^Until 1 Dec 2026/],
    ['without leeway', RENEWS, next('renewal'), /^Until 1 Dec 2026/],
    ['beyond the renewal, by a gift', LEEWAY, null, /^Until 1 Dec 2026/],
  ])('%s', (_, until, then, words) => {
    expect(untilInWords(until, then, en, ENGLISH)).toMatch(words);
  });

  it('in German', () => {
    expect(untilInWords(LEEWAY, next('renewal'), de, createFormat('de-DE'))).toMatch(
      /^Bis zur Verlängerung am 1\. Dez/,
    );
  });
});

const every = (interval: string, intervalCount = 1) =>
  ({ recurring: { interval, intervalCount } }) as Pick<Price, 'recurring'>;

describe('a change of price offers what can be done', () => {
  it.each<[string, string, Pick<Price, 'recurring'>, When[]]>([
    ['the same rhythm', 'paid', every('month'), ['now', 'later']],
    ['another rhythm begins at once', 'paid', every('year'), ['now']],
    ['every second month', 'trial', every('month', 2), ['now']],
    ['while an invoice is open', 'invoice_sent', every('month'), ['later']],
    ['while an invoice is open, another rhythm', 'invoice_sent', every('year'), []],
    ['while a payment is disputed', 'disputed', every('month'), ['later']],
  ])('%s', (_, reason, target, whens) => {
    expect(whensOf({ reason }, every('month'), target)).toEqual(whens);
  });

  it.each<[string, number, number, number | null]>([
    ['3', 1, 5, 3],
    ['6', 1, 5, null],
    ['6', 6, 5, 6],
    ['0', 1, 5, null],
    ['', 1, 5, null],
    ['two', 1, 5, null],
  ])('%j, having %i, of a price that is sold up to %i at a time', (typed, quantity, maxQuantity, chosen) => {
    expect(quantityOf(typed, { quantity }, { maxQuantity })).toBe(chosen);
  });
});
