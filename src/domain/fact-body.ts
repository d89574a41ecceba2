import { FACT_IDS, FACTS_VERSION, type FactType } from './facts';
import type { Mode } from './mode';
import { isoTime } from './time';

/** A fact as it is stored. */
export interface StoredFact {
  id: string;
  type: string;
  createdAt: Date;
  mode: Mode;
  memberId: string | null;
  sequence: number | null;
  ids: unknown;
  state: unknown;
}

/** The ids that a fact concerns, each by its name; null where it has none. */
export type FactIds = Record<(typeof FACT_IDS)[number], string | null>;

export function factIds(ids: unknown): FactIds {
  const known = ids as Partial<FactIds>;
  return Object.fromEntries(FACT_IDS.map((name) => [name, known[name] ?? null])) as FactIds;
}

/** A fact as others see it. */
export function factShown(fact: StoredFact) {
  return {
    id: fact.id,
    version: FACTS_VERSION,
    // Written by the database, from the same list.
    type: fact.type as FactType,
    createdAt: isoTime(fact.createdAt),
    mode: fact.mode,
    memberId: fact.memberId,
    sequence: fact.sequence,
    ids: factIds(fact.ids),
  } as const;
}

/**
 * What a receiver is sent: the fact with the state then, and the state now, which may have gone on since. No names and no
 * addresses travel. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function factBody(fact: StoredFact, present: unknown) {
  return {
    type: fact.type,
    timestamp: isoTime(fact.createdAt),
    data: { ...factShown(fact), state: fact.state, present },
  };
}

export type FactBody = ReturnType<typeof factBody>;
