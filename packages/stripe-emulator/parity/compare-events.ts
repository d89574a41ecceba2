import type { Difference, Kind } from './compare';
import type { ToldEvent } from './events';
import type { Identities } from './identities';

/**
 * Compares, for each object, which events told of it, in which order, and what they call changed. Between events of
 * different objects Stripe promises no order, and none is compared: https://docs.stripe.com/webhooks#event-ordering
 */
export function compareEvents(
  story: string,
  left: ToldEvent[],
  right: ToldEvent[],
  ids: Identities,
): Difference[] {
  const out: Difference[] = [];
  const ours = byObject(left);
  const theirs = byObject(right);
  for (const [object, events] of ours) {
    const name = ids.ofLeft(object);
    out.push(...compareObject(story, object, events, theirs.get(name) ?? []));
    theirs.delete(name);
  }
  for (const [object, events] of theirs) out.push(...compareObject(story, object, [], events));
  return out;
}

function compareObject(story: string, object: string, left: ToldEvent[], right: ToldEvent[]): Difference[] {
  const out: Difference[] = [];
  const differ = (kind: Kind, at: string, a: string, b: string) =>
    out.push({ story, step: 'events', subject: object, kind, at, left: a, right: b });
  const [missing, kept] = withoutThoseOf(left, right);
  const [extra, others] = withoutThoseOf(right, left);
  for (const { type } of missing) differ('event missing', type, 'sent', '(absent)');
  for (const { type } of extra) differ('event extra', type, '(absent)', 'sent');
  const [a, b] = [kept, others].map((events) => events.map(({ type }) => type).join(', '));
  if (a !== b) differ('event order', '', a ?? '', b ?? '');
  else
    kept.forEach(({ type, changed }, index) => {
      const [x, y] = [changed.join(', '), (others[index]?.changed ?? []).join(', ')];
      if (x !== y) differ('event changes', type, x, y);
    });
  return out;
}

/** The events of which the other has fewer, the last ones of a type, and the rest. */
function withoutThoseOf(events: ToldEvent[], other: ToldEvent[]): [ToldEvent[], ToldEvent[]] {
  const left = new Map<string, number>();
  for (const { type } of other) left.set(type, (left.get(type) ?? 0) + 1);
  const [gone, kept]: [ToldEvent[], ToldEvent[]] = [[], []];
  for (const event of events) {
    const count = left.get(event.type) ?? 0;
    left.set(event.type, count - 1);
    (count > 0 ? kept : gone).push(event);
  }
  return [gone, kept];
}

function byObject(events: ToldEvent[]): Map<string, ToldEvent[]> {
  const out = new Map<string, ToldEvent[]>();
  for (const event of events) out.set(event.object, [...(out.get(event.object) ?? []), event]);
  return out;
}
