import type { List } from '../objects/common';
import { Listing } from '../store/listing';
import { invalidRequest, resourceMissing } from './errors';

export interface PageParams {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
}

export type TimeRange = number | { gt?: number; gte?: number; lt?: number; lte?: number };

/** Whether a time (Unix seconds) is inside a `created`-like filter. */
export function inRange(time: number, range: TimeRange | undefined): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return time === range;
  return (
    (range.gt === undefined || time > range.gt) &&
    (range.gte === undefined || time >= range.gte) &&
    (range.lt === undefined || time < range.lt) &&
    (range.lte === undefined || time <= range.lte)
  );
}

/** The first and the last whole second that a `created`-like filter lets through. */
export function boundsOf(range: TimeRange | undefined): { from: number; to: number } {
  if (typeof range === 'number') return { from: range, to: range };
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range ?? {};
  return { from: Math.max(gt + 1, gte), to: Math.min(lt - 1, lte) };
}

/**
 * One page of a list that is ordered newest first: https://docs.stripe.com/api/pagination.
 * The cursor has to be in the list, but need not fit its filters: it may have changed since the page before.
 */
export function page<T extends { id: string }>(
  items: readonly T[] | Listing<T>,
  params: PageParams,
  url: string,
): List<T> {
  const limit = params.limit ?? 10;
  if (limit < 1 || limit > 100) {
    throw invalidRequest(
      `Invalid integer: ${limit}; must be between 1 and 100`,
      'limit',
      'parameter_invalid_integer',
    );
  }
  if (params.starting_after !== undefined && params.ending_before !== undefined) {
    throw invalidRequest('You can only use one of starting_after and ending_before.', 'starting_after');
  }
  const listing = items instanceof Listing ? items : Listing.of(items);
  const back = params.ending_before !== undefined;
  const cursor = params.ending_before ?? params.starting_after;
  const place = cursor === undefined ? { before: -1, behind: 0 } : listing.placeOf(cursor);
  if (place === undefined)
    throw resourceMissing('object', cursor ?? '', back ? 'ending_before' : 'starting_after');
  const data: T[] = [];
  for (const item of back ? listing.from(place.before, -1) : listing.from(place.behind)) {
    data.push(item);
    if (data.length > limit) break;
  }
  const found = data.slice(0, limit);
  return { object: 'list', data: back ? found.reverse() : found, has_more: data.length > limit, url };
}
