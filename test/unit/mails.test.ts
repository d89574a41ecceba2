import { answerInCodes, MAIL_TRIES, meaningOf, secondsToNextMailTry } from '../../src/domain/mail-delivery';
import { decideMail, type MailFacts } from '../../src/domain/mail-truth';
import { MAIL_KINDS, type MailKind } from '../../src/domain/mails';
import { DAY } from '../../src/domain/time';
import { compose } from '../../src/mail/compose';
import { sampleView } from '../../src/mail/samples';
import { de } from '../../src/mail/texts/de';
import { en } from '../../src/mail/texts/en';

const TEXTS = { en, de };

const TRUE: MailFacts = {
  isOff: false,
  hasAddress: true,
  suppressed: { bounced: false, unsubscribed: false },
  isErased: false,
  isSuperseded: false,
  isTooLate: false,
  membership: { status: 'past_due', openInvoiceId: 'in_1', isCancelled: false },
  date: null,
  dateNow: null,
  isStillSo: true,
  invoiceId: 'in_1',
  leftOver: null,
  hasAccess: true,
  beginsLater: false,
};

const bought = (status: string, openInvoiceId: string | null = null, isCancelled = false) => ({
  status,
  openInvoiceId,
  isCancelled,
});
const DATED = { date: 2000, dateNow: 2000 };

test.each<[MailKind, Partial<MailFacts>, string]>([
  ['bought', {}, 'send'],
  ['bought', { hasAccess: false }, 'stale over'],
  ['bought', { hasAccess: false, beginsLater: true }, 'send'],
  ['access_begins', {}, 'send'],
  ['access_begins', { hasAccess: false }, 'stale over'],
  ['access_begins', { hasAccess: false, beginsLater: true }, 'stale over'],
  ['access_begins', { suppressed: { bounced: false, unsubscribed: true } }, 'suppressed unsubscribed'],
  ['access_begins', { isOff: true }, 'suppressed switched_off'],
  ['gift', {}, 'send'],
  ['gift', { hasAccess: false }, 'stale over'],
  ['gift', { suppressed: { bounced: false, unsubscribed: true } }, 'suppressed unsubscribed'],
  ['bought', { suppressed: { bounced: false, unsubscribed: true } }, 'send'],
  ['bought', { suppressed: { bounced: true, unsubscribed: false } }, 'suppressed bounced'],
  ['bought', { isOff: true }, 'suppressed switched_off'],
  ['bought', { hasAddress: false }, 'suppressed no_address'],
  ['bought', { isErased: true }, 'suppressed erased'],
  ['checkout_left', { hasAccess: false }, 'send'],
  ['checkout_left', { leftOver: 'bought' }, 'stale bought'],
  ['checkout_left', { leftOver: 'not_sold' }, 'stale not_sold'],
  ['checkout_left', { isOff: true }, 'suppressed switched_off'],
  ['checkout_left', { isErased: true }, 'suppressed erased'],
  ['checkout_left', { isTooLate: true }, 'stale too_late'],
  ['checkout_left', { suppressed: { bounced: false, unsubscribed: true } }, 'suppressed unsubscribed'],
  ['checkout_left', { suppressed: { bounced: true, unsubscribed: false } }, 'suppressed bounced'],
  ['renewal_failed', {}, 'send'],
  ['renewal_failed', { isSuperseded: true }, 'stale superseded'],
  ['renewal_failed', { membership: bought('active', null) }, 'stale recovered'],
  ['renewal_failed', { membership: bought('past_due', 'in_2') }, 'stale recovered'],
  ['renewal_failed', { membership: bought('ended', 'in_1') }, 'stale over'],
  ['renewal_failed', { membership: null }, 'stale gone'],
  ['access_ended', { hasAccess: false }, 'send'],
  ['access_ended', {}, 'stale has_access'],
  ['payment_failed', { membership: bought('active') }, 'stale recovered'],
  ['trial_ends_soon', { ...DATED, membership: bought('trialing') }, 'send'],
  ['trial_ends_soon', { ...DATED, membership: bought('active') }, 'stale over'],
  ['trial_ends_soon', { ...DATED, membership: bought('trialing', null, true) }, 'stale over'],
  ['trial_ends_soon', { ...DATED, dateNow: 3000, membership: bought('trialing') }, 'stale over'],
  ['trial_ends_soon', { ...DATED, isTooLate: true, membership: bought('trialing') }, 'stale too_late'],
  ['renewal_soon', { ...DATED, membership: bought('active') }, 'send'],
  ['renewal_soon', { ...DATED, membership: bought('active', null, true) }, 'stale over'],
  ['renewal_soon', { ...DATED, dateNow: 9000, membership: bought('active') }, 'stale over'],
  ['access_ends_soon', { ...DATED, membership: bought('canceling', null, true) }, 'send'],
  ['access_ends_soon', { ...DATED, membership: null }, 'send'],
  ['access_ends_soon', { ...DATED, membership: bought('past_due') }, 'send'],
  ['access_ends_soon', { ...DATED, membership: bought('active') }, 'stale over'],
  ['access_ends_soon', { ...DATED, hasAccess: false, membership: null }, 'stale over'],
  ['access_ends_soon', { ...DATED, dateNow: null, membership: null }, 'stale over'],
  ['card_expires', { ...DATED, membership: bought('active') }, 'send'],
  ['card_expires', { ...DATED, membership: bought('trialing') }, 'send'],
  ['card_expires', { ...DATED, membership: bought('past_due', 'in_1') }, 'send'],
  ['card_expires', { ...DATED, membership: bought('ended') }, 'stale over'],
  ['card_expires', { ...DATED, membership: bought('active', null, true) }, 'stale over'],
  ['card_expires', { ...DATED, dateNow: null, membership: bought('active') }, 'stale over'],
  ['card_expires', { ...DATED, isTooLate: true, membership: bought('active') }, 'stale too_late'],
  [
    'card_expires',
    { ...DATED, membership: bought('active'), suppressed: { bounced: false, unsubscribed: true } },
    'suppressed unsubscribed',
  ],
  ['withdrawal_in', { membership: null, isStillSo: false }, 'send'],
  ['withdrawal_in', { membership: null, isOff: true }, 'suppressed switched_off'],
  ['withdrawal_waits', { membership: null }, 'send'],
  ['withdrawal_waits', { membership: null, isStillSo: false }, 'stale over'],
  ['event_parked', { membership: null }, 'send'],
  ['event_parked', { membership: null, isStillSo: false }, 'stale over'],
  ['recovered', { membership: bought('active') }, 'send'],
  ['recovered', { membership: bought('past_due') }, 'stale over'],
  ['recovered', { membership: null }, 'stale over'],
  ['cancellation_noted', { membership: bought('canceling', null, true) }, 'send'],
  ['cancellation_noted', { membership: bought('active') }, 'stale over'],
  ['refunded', { membership: null, hasAccess: false }, 'send'],
  ['sale', { membership: null }, 'send'],
  ['sales_of_the_day', { membership: null }, 'send'],
  ['dispute', {}, 'send'],
  ['dispute', { isStillSo: false }, 'stale over'],
  ['account_restricted', { isStillSo: false }, 'stale over'],
  ['endpoint_off', { isStillSo: false }, 'stale over'],
  ['sign_in_link', { isTooLate: false }, 'send'],
  ['sign_in_link', { isTooLate: true }, 'stale too_late'],
  // Somebody waits for these.
  ['sign_in_link', { isOff: true }, 'send'],
  ['sign_in_link', { suppressed: { bounced: true, unsubscribed: true } }, 'send'],
  ['withdrawal_received', { isOff: true, membership: null, hasAccess: false }, 'send'],
  ['withdrawal_done', { isOff: true, membership: null, hasAccess: false }, 'send'],
  ['sign_in_link', { isErased: true }, 'suppressed erased'],
])('%s, where %j: %s', (kind, facts, expected) => {
  const decision = decideMail(kind, { ...TRUE, ...facts });
  expect('reason' in decision ? `${decision.status} ${decision.reason}` : decision.status).toBe(expected);
});

test('whoever has no address gets none, of whatever kind', () => {
  for (const kind of MAIL_KINDS)
    expect(decideMail(kind, { ...TRUE, hasAddress: false })).toEqual({
      status: 'suppressed',
      reason: 'no_address',
    });
});

test.each<[string, Parameters<typeof meaningOf>[0], boolean, ReturnType<typeof meaningOf>]>([
  ['taken', { code: 250, enhanced: '2.0.0', at: 'DATA' }, true, { result: 'accepted' }],
  ['busy', { code: 421, enhanced: null, at: 'CONN' }, false, { result: 'temporary' }],
  ['grey', { code: 450, enhanced: '4.2.0', at: 'RCPT TO' }, false, { result: 'temporary' }],
  ['not now, after all', { code: 451, enhanced: '4.3.0', at: 'DATA' }, true, { result: 'temporary' }],
  ['no answer, before', { code: null, enhanced: null, at: 'ECONNECTION' }, false, { result: 'temporary' }],
  ['no answer, after', { code: null, enhanced: null, at: 'ECONNECTION' }, true, { result: 'unclear' }],
  [
    'unknown',
    { code: 550, enhanced: '5.1.1', at: 'RCPT TO' },
    false,
    { result: 'permanent', badAddress: true },
  ],
  [
    'unknown, plainly',
    { code: 550, enhanced: null, at: 'RCPT TO' },
    false,
    { result: 'permanent', badAddress: true },
  ],
  [
    'closed',
    { code: 550, enhanced: '5.2.1', at: 'RCPT TO' },
    false,
    { result: 'permanent', badAddress: true },
  ],
  [
    'full',
    { code: 552, enhanced: '5.2.2', at: 'RCPT TO' },
    false,
    { result: 'permanent', badAddress: false },
  ],
  [
    'by a rule',
    { code: 550, enhanced: '5.7.1', at: 'RCPT TO' },
    false,
    { result: 'permanent', badAddress: false },
  ],
  ['spam', { code: 550, enhanced: null, at: 'DATA' }, true, { result: 'permanent', badAddress: false }],
  [
    'sender',
    { code: 553, enhanced: null, at: 'MAIL FROM' },
    false,
    { result: 'permanent', badAddress: false },
  ],
  // What is wrong with us is mended by us.
  ['our password', { code: 535, enhanced: '5.7.8', at: 'AUTH PLAIN' }, false, { result: 'temporary' }],
])('an answer of a mail server: %s', (_name, answer, wasHandedOver, expected) => {
  expect(meaningOf(answer, wasHandedOver)).toEqual(expected);
});

test('an answer is kept by its codes', () => {
  expect(answerInCodes({ code: 550, enhanced: '5.1.1', at: 'RCPT TO' })).toBe('550 5.1.1 (RCPT TO)');
  expect(answerInCodes({ code: 421, enhanced: null, at: 'CONN' })).toBe('421 (CONN)');
  expect(answerInCodes({ code: null, enhanced: null, at: 'ETIMEDOUT' })).toBe('no answer (ETIMEDOUT)');
});

test('nine tries take three days, give or take the jitter', () => {
  for (let i = 0; i < 100; i++) {
    const waits = [];
    for (let tries = 1; ; tries++) {
      const wait = secondsToNextMailTry(tries, `mail_${i}`);
      if (wait === null) break;
      waits.push(wait);
    }
    expect(waits).toHaveLength(MAIL_TRIES - 1);
    const whole = waits.reduce((sum, wait) => sum + wait, 0);
    expect(whole).toBeGreaterThan(2.6 * DAY);
    expect(whole).toBeLessThan(3.4 * DAY);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits[0]).toBe(secondsToNextMailTry(1, `mail_${i}`));
  }
});

test('nothing that a coach has typed brings a header or a receiver', async () => {
  const evil = 'Ana"\r\nBcc: eve@evil.example\r\n\r\nNo more';
  const { from, to, message } = await compose(
    'mail_1',
    {
      from: { name: evil, address: 'pay@session.example' },
      replyTo: 'ana@yoga.example',
      to: 'ada@mail.example',
    },
    { subject: evil, html: '<p>Hello</p>', text: 'Hello' },
    'https://pay.session.example/mails/unsubscribe/abc',
  );
  // Lines that go on with a blank belong to the header before them. https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
  const [headers = ''] = message.toString().split('\r\n\r\n');
  const names = [...headers.replaceAll(/\r\n[ \t]/g, ' ').matchAll(/^([\w-]+):/gm)].map(([, name]) => name);
  expect({ from, to }).toEqual({ from: 'pay@session.example', to: 'ada@mail.example' });
  expect(names.sort()).toEqual([
    ...['Auto-Submitted', 'Content-Type', 'Date', 'From', 'List-Unsubscribe', 'List-Unsubscribe-Post'],
    ...['MIME-Version', 'Message-ID', 'Reply-To', 'Subject', 'To'],
  ]);
});

test.each([
  ['en', 'Added', 'Workbook: €9.00, Recipes: €19.00'],
  ['de', 'Dazugenommen', 'Workbook: 9,00 €, Recipes: 19,00 €'],
] as const)('what was taken beside is named to the member and to the coach: %s', (language, label, value) => {
  const sample = { mode: 'test', coachName: 'A Coach', accountUrl: 'http://x', now: 1_800_000_000 } as const;
  const beside = [
    { productName: 'Workbook', amount: 900, currency: 'eur' },
    { productName: 'Recipes', amount: 1900, currency: 'eur' },
  ];
  for (const kind of ['bought', 'sale'] as const) {
    const rows = (more: object) =>
      TEXTS[language].kinds[kind]({ ...sampleView(kind, sample), ...more }).rows.map(([name, text]) => [
        name,
        text.replaceAll('\u00a0', ' '),
      ]);
    expect(rows({ beside })).toContainEqual([label, value]);
    expect(rows({}).map(([name]) => name)).not.toContain(label);
  }
});
