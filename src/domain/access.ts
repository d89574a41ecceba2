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
}

/** Whether one grant gives access at a moment. The query behind `GET /v1/access` says the same in SQL. */
export function isLive(grant: GrantFacts, now: Seconds): boolean {
  return (
    grant.startsAt <= now && (grant.until === null || grant.until > now) && !grant.suspended && !grant.revoked
  );
}

/** The union of the grants: a member with two causes of access keeps it until the last one ends. */
export function accessOf(grants: readonly GrantFacts[], now: Seconds): Access {
  const live = grants.filter((grant) => isLive(grant, now));
  if (live.length === 0) return { access: false, until: null };
  const ends = live.map((grant) => grant.until);
  return { access: true, until: ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)) };
}

/** Whether a change is none for the member: the access is what it was, and what the timeline said last. */
export function isSameAccess(before: Access, after: Access, told: Access = before): boolean {
  return before.access === after.access && before.until === after.until && told.access === after.access;
}

/**
 * What a change did to access, in words for the timeline. Times in ISO 8601, UTC.
 * @param told what the timeline said last: an end that came by the clock is told by the first entry after it.
 */
export function effectOf(before: Access, after: Access, told: Access = before): string {
  if (!before.access && !after.access) return told.access ? 'Access ended.' : 'No access, as before.';
  if (before.access && !after.access) return 'Access ended.';
  const end = after.until === null ? 'without an end' : `until ${isoTime(toDate(after.until))}`;
  if (!before.access) return `Access given, ${end}.`;
  return before.until === after.until ? `Access unchanged, ${end}.` : `Access goes on, ${end}.`;
}
