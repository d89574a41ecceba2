import { DAY, HOUR, type Seconds } from './time';

/** How long things are kept. The defaults are those of src/config/config.ts. */
export interface Retention {
  /** Days after which the body of a settled event goes. */
  eventBodyDays: number;
  /** Days after which the row of a settled event goes. */
  eventDays: number;
  /** Hours that the answer to a request with an Idempotency-Key is kept. */
  idempotencyHours: number;
  /** Days that facts are kept, and what was told of them: deliveries and mails. */
  factDays: number;
  /** Days that the audit log is kept. */
  auditDays: number;
}

/** The fewest days that the audit log may be kept: a quarter, in which somebody looks into it. */
export const LEAST_AUDIT_DAYS = 90;

/**
 * The fewest days that an event's row may be kept. Stripe lists events for 30 days, and the reconciliation reads that list:
 * an event whose row is gone would be taken for one that never came. https://docs.stripe.com/api/events
 */
export const LEAST_EVENT_DAYS = 35;
/** Years that a timeline is kept after its membership has ended, unless the coach says otherwise. */
export const DEFAULT_TIMELINE_YEARS = 10;

/** The fewest hours that an answer may be kept: the API promises them. */
export const LEAST_IDEMPOTENCY_HOURS = 24;

/** What is deleted by its age, each kind by itself. */
export const RETENTION_KINDS = [
  'event_bodies',
  'events',
  'idempotency_records',
  'timelines',
  'facts',
  'mails',
  'audit_entries',
  'former_users',
] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** The moment before which a kind goes; timelines have a moment of each coach's. */
export function goesBefore(
  kind: Exclude<RetentionKind, 'timelines'>,
  { eventBodyDays, eventDays, idempotencyHours, factDays, auditDays }: Retention,
  now: Seconds,
): Seconds {
  switch (kind) {
    case 'event_bodies':
      return now - eventBodyDays * DAY;
    case 'events':
      return now - eventDays * DAY;
    case 'idempotency_records':
      return now - idempotencyHours * HOUR;
    case 'facts':
    case 'mails':
      return now - factDays * DAY;
    case 'audit_entries':
      return now - auditDays * DAY;
    case 'former_users':
      // Made a moment ago, and not invited yet: the transaction goes on.
      return now - DAY;
  }
}
