import type { MailKind } from '../domain/mails';
import type { Mode } from '../domain/mode';
import { DAY, HOUR, type Seconds } from '../domain/time';
import type { MailView } from './content';

/** What a preview is about: nobody's purchase. @param now seconds, UTC */
export function sampleView(
  kind: MailKind,
  { mode, coachName, accountUrl, now }: { mode: Mode; coachName: string; accountUrl: string; now: Seconds },
): MailView {
  const subscribed: MailView = {
    mode,
    coachName,
    accountUrl,
    productName: 'Strong in 12 Weeks',
    price: { amount: 4900, currency: 'eur', interval: 'month', intervalCount: 1, installments: null },
    beside: [],
    open: null,
    hasAccess: true,
    beginsAt: null,
    until: now + 33 * DAY,
    renewsAt: now + 30 * DAY,
    trialEnd: null,
    refund: null,
    memberName: 'mia@example.com',
    isFirst: false,
    evidenceDueAt: null,
    day: null,
    cardExpiresAt: null,
    withdrawal: null,
    consoleUrl: accountUrl,
    reason: 'paid',
  };
  switch (kind) {
    case 'bought':
      return subscribed;
    case 'access_begins':
      return {
        ...subscribed,
        price: { ...ONCE, amount: 19_900 },
        renewsAt: null,
        until: now + 84 * DAY,
        reason: 'fixed_term',
      };
    case 'renewal_failed':
      return {
        ...subscribed,
        renewsAt: null,
        until: now + 6 * DAY,
        open: { amount: 4900, currency: 'eur', payUrl: accountUrl, nextAttemptAt: now + 3 * DAY },
        reason: 'grace',
      };
    case 'trial_ends_soon':
      return { ...subscribed, trialEnd: now + 3 * DAY, renewsAt: now + 3 * DAY };
    case 'renewal_soon':
      return {
        ...subscribed,
        price: { amount: 49000, currency: 'eur', interval: 'year', intervalCount: 1, installments: null },
        renewsAt: now + 7 * DAY,
      };
    case 'checkout_left':
      return { ...subscribed, checkout_left: { url: accountUrl, expiresAt: now + 3 * DAY } };
    case 'card_expires':
      return { ...subscribed, cardExpiresAt: now + 14 * DAY };
    case 'recovered':
      return subscribed;
    case 'cancellation_noted':
    case 'access_ends_soon':
      return { ...subscribed, renewsAt: null, until: now + DAY, reason: 'scheduled_to_cancel' };
    case 'refunded':
      return { ...subscribed, refund: { amount: 2000, currency: 'eur', of: 4900 } };
    case 'sale':
      return { ...subscribed, isFirst: true };
    case 'sales_of_the_day':
      return {
        ...subscribed,
        day: { at: now - DAY, count: 3, totals: [{ amount: 14700, currency: 'eur' }] },
      };
    case 'payment_failed':
      return {
        ...subscribed,
        renewsAt: null,
        open: { amount: 4900, currency: 'eur', payUrl: null, nextAttemptAt: now + 3 * DAY },
      };
    case 'dispute':
      return { ...subscribed, evidenceDueAt: now + 9 * DAY };
    case 'withdrawal_in':
      return { ...subscribed, withdrawal: withdrawn(now) };
    case 'withdrawal_waits':
      return { ...subscribed, withdrawal: withdrawn(now - 10 * DAY) };
    case 'account_restricted':
    case 'event_parked':
    case 'endpoint_off':
      return subscribed;
    case 'access_ended':
      return { ...subscribed, renewsAt: null, until: null, reason: 'canceled' };
    case 'gift':
      return { ...subscribed, price: null, renewsAt: null, until: now + 90 * DAY, reason: null };
    case 'sign_in_link':
      return { ...subscribed, sign_in_link: { url: accountUrl, expiresAt: now + HOUR / 4 } };
    case 'invited':
      return { ...subscribed, invited: { url: accountUrl, role: 'support' } };
    case 'console_sign_in_link':
      return { ...subscribed, console_sign_in_link: { url: accountUrl, expiresAt: now + HOUR / 4 } };
    case 'withdrawal_received':
      return {
        ...subscribed,
        withdrawal_received: {
          receivedAt: now,
          name: 'Mia Muster',
          contract: subscribed.productName,
          reference: 'W-2041',
        },
      };
    case 'withdrawal_done':
      return {
        ...subscribed,
        withdrawal_done: {
          reference: 'W-2041',
          outcome: 'refunded',
          amount: 4900,
          currency: 'eur',
          because: null,
        },
      };
  }
}

const ONCE = { currency: 'eur', interval: null, intervalCount: null, installments: null };

const withdrawn = (statedAt: Seconds): NonNullable<MailView['withdrawal']> => ({
  status: 'to_decide',
  statedAt,
  decideBy: statedAt + 13 * DAY,
  isOverdue: false,
  goesBack: null,
  failureCode: null,
});
