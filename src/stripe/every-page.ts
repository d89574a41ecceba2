import type Stripe from 'stripe';
import { expectObject } from './errors';

/** What Stripe's list calls answer: one page to await, or everything to iterate over. */
type Pages<T> = PromiseLike<Stripe.ApiList<T>> & AsyncIterable<T>;

/**
 * Reads a list to its end, page after page. Give the call the largest page (`limit: 100`).
 * https://docs.stripe.com/api/pagination/auto
 */
export async function everyPage<T>(pages: Pages<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of pages) all.push(each);
  return all;
}

/**
 * All of a list inside another object (`lines`, `payments`, `items`, `line_items`, `refunds`): Stripe shows the first
 * ten there, and says so by `has_more`; the rest comes from the list's own call. A list that was not included, because
 * it was not expanded or the event is of an older version, is read by its own call as well.
 * https://docs.stripe.com/api/pagination
 */
export async function wholeList<T>(
  nested: Stripe.ApiList<T> | null | undefined,
  own: () => Pages<T>,
): Promise<T[]> {
  return nested != null && !nested.has_more ? nested.data : everyPage(own());
}

/** As much of a list inside an object as is there, where nobody can be asked for the rest any more. */
export function whatIsThere<T>(nested: Stripe.ApiList<T> | null | undefined): T[] {
  return nested?.data ?? [];
}

/** One page on purpose: the caller wants the first few, or says itself that there may be more. */
export async function onePage<T>(pages: Pages<T>): Promise<T[]> {
  return expectObject(await pages, 'list').data;
}
