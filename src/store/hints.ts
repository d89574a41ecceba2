import type { Tx } from '../db/client';
import type { HintType } from '../domain/hints';
import type { Mode } from '../domain/mode';
import type { Target } from '../messages/messages';

/** A row of the inbox that we write ourselves: it has the relay wake what it is about. */
export interface Hint {
  mode: Mode;
  /** The account that the target lives on. */
  accountId: string | null;
  /** What has happened. Which of them ask for more than a look: src/domain/hints.ts. */
  type: HintType;
  /** What makes it one hint, however often the code around it is tried; `newId('hint')` where every one counts. */
  eventId: string;
  target: Pick<Target, 'kind' | 'id'>;
}

/** The id of a hint that is given once for what it names. */
export const hintId = (type: HintType, ...about: (string | number)[]) =>
  ['hint', type.replaceAll('.', '_'), ...about].join('_');

/** Stores hints. One that is there already is not stored again. */
export async function insertHints(tx: Pick<Tx, 'inbox'>, hints: readonly Hint[]): Promise<void> {
  if (hints.length === 0) return;
  await tx.inbox.createMany({
    skipDuplicates: true,
    data: hints.map(({ mode, accountId, type, eventId, target }) => ({
      mode,
      eventId,
      accountId,
      type,
      objectId: target.id,
      payload: {},
      targetKind: target.kind,
      targetId: target.id,
    })),
  });
}
