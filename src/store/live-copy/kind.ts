import type { Db, Tx } from '../../db/client';
import type { LiveCopyItem, Mode, Price } from '../../db/generated/client';
import {
  type CopyChange,
  type CopyDecision,
  type CopyKind,
  type CopyNote,
  changesOf,
  decideChoices,
} from '../../domain/live-copy';
import type { ReceiverRules } from '../../domain/receiver-address';
import type { Seconds } from '../../domain/time';
import type { CatalogTarget } from '../../messages/messages';
import { lockCoach } from '../coach-lock';

/** What a comparison is made with. */
export interface CopyContext {
  coachId: string;
  /** The Stripe account that is connected in live mode; null: none is. */
  accountId: string | null;
  receivers: ReceiverRules;
  /** By the clock of that account. */
  now: Seconds;
  /** The one thing in test mode that is compared; all of them if left out. */
  only?: string;
}

/** One thing in test mode, compared with live mode. */
export interface Compared extends CopyDecision {
  kind: CopyKind;
  testId: string;
  /** Null: live mode has none. */
  liveId: string | null;
  name: string;
  /** The product of a price, as it is called in test mode. */
  productName: string | null;
  note: CopyNote | null;
  changes: CopyChange[];
  /** The price in test mode. */
  price: Price | null;
}

/** What carrying something over needs besides. */
export interface CarryContext extends CopyContext {
  /** A secret that nobody has seen, encrypted for the endpoint. */
  newSecret: (endpointId: string) => string;
}

/** What was written in live mode. */
export interface Carried {
  liveId: string;
  /** As it is in test mode now. */
  copied: Record<string, unknown>;
  /** Stripe has to make it: its own run does. */
  isBeingMade?: boolean;
  /** Stripe has to be told. */
  push?: CatalogTarget;
}

/** How an item of a copying ends. */
export type Outcome = Partial<Pick<LiveCopyItem, 'liveId' | 'reason' | 'message'>> &
  Pick<LiveCopyItem, 'status'>;

/** Whose runs have no end yet. */
export interface BeingMade {
  provisioningIds: string[];
  couponIds: string[];
}

/** A kind of what is copied. */
export interface CopiedKind {
  kind: CopyKind;
  /** What Stripe has to have made before anything of this kind is brought. */
  after?: CopyKind;
  /** Everything of the kind in test mode, in the order in which it is brought. */
  compare(db: Db | Tx, context: CopyContext): Promise<Compared[]>;
  /** Writes in live mode what a comparison in the same transaction has found to do. */
  carry(tx: Tx, context: CarryContext, found: Compared): Promise<Carried>;
  /** What became of what Stripe was to make, by the id in live mode; what is not in it is being made still. */
  settle?(db: Db, liveIds: string[]): Promise<Partial<BeingMade> & { outcomes: Map<string, Outcome> }>;
}

/** How the item of something ends that Stripe has made, or has refused. */
export const madeOrNot = (row: {
  status: string;
  failureCode: string | null;
  failureMessage: string | null;
}): Outcome =>
  row.status === 'failed'
    ? { status: 'failed', reason: row.failureCode, message: row.failureMessage }
    : { status: 'copied' };

/** What was made of what, by the id in test mode. @param ids of test mode; all of them if left out */
export async function twinsOf(
  db: Db | Tx,
  coachId: string,
  kind: CopyKind,
  ids?: string[],
): Promise<Map<string, { liveId: string; copied: Record<string, unknown> }>> {
  const rows = await db.liveTwin.findMany({
    where: { coachId, kind, ...(ids === undefined ? {} : { testId: { in: ids } }) },
  });
  return new Map(
    rows.map(({ testId, liveId, copied }) => [testId, { liveId, copied: copied as Record<string, unknown> }]),
  );
}

/** Holds the coach's live mode for as long as the transaction: where what is carried over goes. */
export async function holdLive(tx: Tx, coachId: string) {
  await lockCoach(tx, coachId);
  return { coachId, mode: 'live' as const };
}

/** What there is once in each mode. @param rows of one coach */
export const byMode = <Row extends { mode: Mode }>(rows: Row[]) => ({
  test: rows.find(({ mode }) => mode === 'test') ?? null,
  live: rows.find(({ mode }) => mode === 'live') ?? null,
});

/** Choices that exist in both modes under one id, as they compare: of those that were changed, each. */
export function comparedChoices(kind: CopyKind, id: string, changes: CopyChange[]): Compared {
  return {
    kind,
    testId: id,
    liveId: id,
    name: id,
    productName: null,
    note: null,
    changes,
    price: null,
    ...decideChoices(changes.length),
  };
}

/**
 * What there is once in each mode, compared under the name of its kind.
 * @param sides `copied`: what holds where nothing was chosen and nothing was copied yet
 * @param sets the choices whose order says nothing
 */
export async function compareOnce(
  db: Db | Tx,
  coachId: string,
  kind: CopyKind,
  sides: Record<'test' | 'live' | 'copied', object>,
  sets: string[],
): Promise<Compared> {
  const twin = (await twinsOf(db, coachId, kind)).get(kind);
  const { test, live } = sides;
  // A choice that came since has its default there: it was not changed by that.
  const copied = { ...sides.copied, ...twin?.copied };
  return comparedChoices(kind, kind, changesOf({ test: { ...test }, live: { ...live }, copied }, sets));
}
