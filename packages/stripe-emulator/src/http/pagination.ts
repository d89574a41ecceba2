import type { List } from '../objects/common';
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

/**
 * One page of a list that is ordered newest first: https://docs.stripe.com/api/pagination.
 * The cursor has to be one of the items.
 */
export function page<T extends { id: string }>(items: T[], params: PageParams, url: string): List<T> {
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
  if (params.ending_before !== undefined) {
    const end = indexOf(items, params.ending_before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: items.slice(start, end), has_more: start > 0, url };
  }
  const start =
    params.starting_after === undefined ? 0 : indexOf(items, params.starting_after, 'starting_after') + 1;
  const data = items.slice(start, start + limit);
  return { object: 'list', data, has_more: start + data.length < items.length, url };
}

function indexOf(items: { id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw resourceMissing('object', id, param);
  return index;
}
