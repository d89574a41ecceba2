import { isoTime, toDate } from './time';
import type { Seconds } from './time';

/** A grant as far as access is concerned. Times in seconds, UTC. */
export interface GrantFacts {
  startsAt: Seconds;
  /** Null: without an end. */
  until: Seconds | null;
  suspended: boolean;
  revoked: boolean;
}

/** The answer for one member and one product. */
export interface Access {
  access: boolean;
  /** When it ends as things stand; null when it has no end, or when there is none. */
  until: Seconds | null;
  /** When it begins as things stand; left out where it has begun, or none is to come. */
  begins?: Seconds;
}

/** Whether one grant gives access at a moment. The query behind `GET /v1/access` says the same in SQL. */
export function isLive(grant: GrantFacts, now: Seconds): boolean {
  return (
    grant.startsAt <= now && (grant.until === null || grant.until > now) && !grant.suspended && !grant.revoked
  );
}

/**
 * Whether one grant gives access at a moment, or is still to: it was bought, and begins on a date. What is paid in parts may
 * be paid to a day before that, and goes on.
 */
export function isHeld(grant: GrantFacts, now: Seconds): boolean {
  return isLive({ ...grant, startsAt: Math.min(grant.startsAt, now) }, now);
}

/** The union of the grants: a member with two causes of access keeps it until the last one ends. */
export function accessOf(grants: readonly GrantFacts[], now: Seconds): Access {
  const live = grants.filter((grant) => isLive(grant, now));
  if (live.length === 0) {
    const starts = grants.filter((grant) => isHeld(grant, now)).map(({ startsAt }) => startsAt);
    return { access: false, until: null, ...(starts.length === 0 ? {} : { begins: Math.min(...starts) }) };
  }
  const ends = live.map((grant) => grant.until);
  const until = ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0));
  return { access: true, until };
}

/** Whether a change is none for the member: the access is what it was, and what the timeline said last. */
export function isSameAccess(before: Access, after: Access, told: Access = before): boolean {
  return (
    before.access === after.access &&
    before.until === after.until &&
    before.begins === after.begins &&
    told.access === after.access
  );
}

/**
 * What a change did to access, in words for the timeline. Times in ISO 8601, UTC.
 * @param told what the timeline said last: a beginning or an end that came by the clock is told by the first entry after it.
 */
export function effectOf(before: Access, after: Access, told: Access = before): string {
  if (!before.access && !after.access) return told.access ? 'Access ended.' : aheadOf(before, after);
  if (before.access && !after.access) return 'Access ended.';
  const end = after.until === null ? 'without an end' : `until ${isoTime(toDate(after.until))}`;
  if (!before.access || !told.access) return `Access given, ${end}.`;
  return before.until === after.until ? `Access unchanged, ${end}.` : `Access goes on, ${end}.`;
}

function aheadOf(before: Access, after: Access): string {
  if (after.begins === undefined)
    return before.begins === undefined ? 'No access, as before.' : 'Access will not begin.';
  const begins = `Access begins ${isoTime(toDate(after.begins))}`;
  return before.begins === after.begins ? `${begins}, as before.` : `${begins}.`;
}
