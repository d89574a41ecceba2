import { isObject, type Json, type JsonObject } from '../src/json';
import type { Difference, Kind } from './compare';
import { DAY } from './stage';
import type { AlterStory } from './sides';
import type { Exchange } from './wire';

/** One way in which the altered emulator is wrong, and the differences that tell of it. */
export interface Alteration {
  name: string;
  story: string;
  step: string;
  kinds: Kind[];
  at?: string;
  change(exchange: Exchange): void;
}

/** What an altered answer has at a path of keys and indexes; undefined takes the field away. */
function edit(path: string, change: (old: Json) => Json | undefined) {
  return ({ body }: Exchange) => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let owner: Json | undefined = body;
    for (const key of keys) owner = (owner as JsonObject | undefined)?.[key];
    const object = owner as JsonObject | undefined;
    if (!object) return;
    const changed = change(object[last] ?? null);
    if (changed === undefined) delete object[last];
    else object[last] = changed;
  };
}

/** Changes the list of events, newest first. */
function events(change: (list: JsonObject[]) => JsonObject[]) {
  return edit('data', (list) => change(list as JsonObject[]));
}

function objectOf(event: JsonObject): Json | undefined {
  return ((event['data'] as JsonObject)['object'] as JsonObject)['id'];
}

/** All of them at once make the altered emulator; each is in a place that no other touches. */
export const alterations: Alteration[] = [
  { name: 'a field is missing', story: 'catalog', step: 'price', kinds: ['missing'], at: 'tax_behavior',
    change: edit('tax_behavior', () => undefined) },
  { name: 'a field too many', story: 'catalog', step: 'product', kinds: ['extra'], at: 'shade',
    change: edit('shade', () => 'blue') },
  { name: 'null in place of a value', story: 'coupon', step: 'coupon', kinds: ['value'], at: 'name',
    change: edit('name', () => null) },
  { name: 'another status', story: 'failure', step: 'past due', kinds: ['value'], at: 'status',
    change: edit('status', () => 'active') },
  { name: 'another error code', story: 'errors', step: 'absent customer', kinds: ['error'], at: 'error.code',
    change: edit('error.code', () => 'not_found') },
  { name: 'an error without its parameter', story: 'errors', step: 'absent price', kinds: ['missing'], at: 'error.param',
    change: edit('error.param', () => undefined) },
  { name: 'other words', story: 'errors', step: 'missing parameter', kinds: ['words'], at: 'error.message',
    change: edit('error.message', () => 'Something is missing.') },
  { name: 'another HTTP status', story: 'refund', step: 'too much', kinds: ['status'],
    change: (exchange) => { exchange.status = 402; } },
  { name: 'an answer repeated without its header', story: 'errors', step: 'again with the key', kinds: ['header'],
    at: 'idempotent-replayed', change: ({ headers }) => { delete headers['idempotent-replayed']; } },
  { name: 'an amount off by one', story: 'renewal', step: 'paid', kinds: ['value'], at: 'data[0].amount_paid',
    change: edit('data.0.amount_paid', (amount) => Number(amount) + 1) },
  { name: 'a period that ends a day later', story: 'renewal', step: 'next period', kinds: ['value'],
    at: 'items.data[0].current_period_end',
    change: edit('items.data.0.current_period_end', (at) => Number(at) + DAY) },
  { name: 'a nested list in another order', story: 'proration preview', step: 'three of it', kinds: ['order'],
    at: 'lines.data', change: edit('lines.data', (lines) => [...(lines as Json[])].reverse()) },
  { name: 'a list that says it goes on', story: 'subscription', step: 'payments', kinds: ['value'], at: 'has_more',
    change: edit('has_more', (more) => !more) },
  { name: 'a credit with the wrong sign', story: 'proration preview', step: 'dearer at once', kinds: ['value'],
    at: 'lines.data[0].amount', change: edit('lines.data.0.amount', (amount) => -Number(amount)) },
  { name: 'a currency refused, or not', story: 'customer currency', step: 'subscription in dollars', kinds: ['status'],
    change: (exchange) => {
      const refused = exchange.status >= 400;
      exchange.status = refused ? 200 : 400;
      exchange.body = refused
        ? { id: 'sub_0AlteredAltered0', object: 'subscription' }
        : { error: { type: 'invalid_request_error', message: 'No.' } };
    } },
  { name: 'the id of another', story: 'subscription', step: 'taken back', kinds: ['value'], at: 'customer',
    change: edit('customer', () => 'cus_0AlteredAltered0') },
  { name: 'an event is missing', story: 'renewal', step: 'events', kinds: ['event missing'], at: 'invoice.paid',
    change: events((list) => list.filter((_event, index) => index !== newest(list, 'invoice.paid'))) },
  { name: 'an event too many', story: 'catalog', step: 'events', kinds: ['event extra'], at: 'product.updated',
    change: events((list) => list.toSpliced(0, 0, list[newest(list, 'product.updated')] ?? {})) },
  { name: 'events in another order', story: 'refund', step: 'events', kinds: ['event order'],
    change: events(swapped) },
  { name: 'an event that hides what changed', story: 'subscription', step: 'events', kinds: ['event changes'],
    at: 'customer.subscription.updated',
    change: events((list) => {
      const data = list[newest(list, 'customer.subscription.updated')]?.['data'];
      if (isObject(data)) delete data['previous_attributes'];
      return list;
    }) },
  { name: 'an answer that fails', story: 'trial', step: 'invoices', kinds: ['status', 'broke off'],
    change: (exchange) => {
      exchange.status = 500;
      exchange.body = { error: { type: 'api_error', message: 'No.' } };
    } },
]; // prettier-ignore

function newest(list: JsonObject[], type: string): number {
  return list.findIndex((event) => event['type'] === type);
}

/** The last two events of the first object that has two of different types change places. */
function swapped(list: JsonObject[]): JsonObject[] {
  for (const [first, event] of list.entries()) {
    const second = list.findIndex(
      (other, index) =>
        index > first && objectOf(other) === objectOf(event) && other['type'] !== event['type'],
    );
    if (second < 0) continue;
    const [a, b] = [list[first] ?? {}, list[second] ?? {}];
    return list.with(first, b).with(second, a);
  }
  return list;
}

/** Makes an emulator wrong in all these ways. */
export function altering(chosen: Alteration[]): AlterStory {
  return (story) => (exchange) => {
    for (const alteration of chosen)
      if (alteration.story === story && alteration.step === exchange.step) alteration.change(exchange);
    return exchange;
  };
}

/** Whether a difference is one that the alteration makes. */
export function explains({ story, step, kinds, at }: Alteration, difference: Difference): boolean {
  return (
    difference.story === story &&
    difference.step === step &&
    kinds.includes(difference.kind) &&
    (at === undefined || difference.at === at)
  );
}
