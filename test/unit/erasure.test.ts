import { erasureProblem, secondsLeft } from '../../src/domain/erasure';
import { withoutPersonalData } from '../../src/domain/event-skeleton';
import { goesBefore } from '../../src/domain/retention';
import { DAY, HOUR } from '../../src/domain/time';

test.each([
  [{ pendingCheckouts: 0, liveMemberships: 0, endMemberships: false }, null],
  [{ pendingCheckouts: 0, liveMemberships: 2, endMemberships: false }, 'member_has_memberships'],
  [{ pendingCheckouts: 0, liveMemberships: 2, endMemberships: true }, null],
  [{ pendingCheckouts: 1, liveMemberships: 0, endMemberships: true }, 'checkout_in_progress'],
  [{ pendingCheckouts: 1, liveMemberships: 1, endMemberships: false }, 'checkout_in_progress'],
])('what stands in the way of an erasure: %j', (facts, problem) => {
  expect(erasureProblem(facts)).toBe(problem);
});

test('how long it can be taken back', () => {
  expect(secondsLeft(100, 40)).toBe(60);
  expect(secondsLeft(100, 100)).toBe(0);
  expect(secondsLeft(100, 500)).toBe(0);
});

test('the moment before which things go', () => {
  const retention = { eventBodyDays: 30, eventDays: 90, idempotencyHours: 24, factDays: 90, auditDays: 730 };
  expect(goesBefore('event_bodies', retention, 100 * DAY)).toBe(70 * DAY);
  expect(goesBefore('events', retention, 100 * DAY)).toBe(10 * DAY);
  expect(goesBefore('facts', retention, 100 * DAY)).toBe(10 * DAY);
  expect(goesBefore('mails', retention, 100 * DAY)).toBe(10 * DAY);
  expect(goesBefore('idempotency_records', retention, 100 * DAY)).toBe(100 * DAY - 24 * HOUR);
});

test('of an event what resolves it and what it proves stays, and nothing that names a person', () => {
  const event = {
    id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
    object: 'event',
    type: 'charge.refunded',
    created: 1700000000,
    livemode: false,
    account: 'acct_1032D82eZvKYlo2C',
    data: {
      object: {
        id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
        object: 'charge',
        status: 'succeeded',
        amount: 4900,
        currency: 'eur',
        customer: 'cus_NffrFeUfNV2Hib',
        payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        billing_details: {
          name: 'Mia Muster',
          email: 'mia@example.com',
          phone: null,
          address: { line1: 'Hauptstr. 1', city: 'Berlin' },
        },
        receipt_email: 'mia@example.com',
        receipt_url: 'https://pay.stripe.com/receipts/acct_1/ch_1',
        description: 'sub_Mia_Muster_Hauptstrasse',
        metadata: { checkoutId: 'chk_3kTMd0fWbJ9xQeN4vYzA', nickname: 'cus_Mia_Muster' },
        customer_name: 'cus_MiaMusterFrau',
        lines: { data: [{ id: 'il_1MtHbELkdIwHu7ix', description: 'Yoga for Mia' }] },
      },
    },
  };
  const kept = withoutPersonalData(event);
  expect(JSON.stringify(kept)).not.toMatch(/mia|muster|haupt|berlin|https/i);
  expect(kept).toMatchObject({
    id: event.id,
    type: event.type,
    created: event.created,
    data: {
      object: {
        id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
        status: 'succeeded',
        amount: 4900,
        currency: 'eur',
        customer: 'cus_NffrFeUfNV2Hib',
        payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        metadata: { checkoutId: 'chk_3kTMd0fWbJ9xQeN4vYzA' },
        lines: { data: [{ id: 'il_1MtHbELkdIwHu7ix' }] },
      },
    },
  });
  expect(withoutPersonalData(null)).toEqual({});
});
