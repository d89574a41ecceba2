import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import { isMoment, toSeconds } from '../../domain/time';

/** Where a page begins: after this row, newest first. */
export interface Position {
  createdAt: Date;
  id: string;
}

/** Milliseconds since 1970 and an id. */
const POSITION = /^([1-9]\d{0,14})\|([a-z]+_[A-Za-z0-9]{1,64})$/;
const NO_CURSOR = 'is not one that a list answered';

/** The number of a row: from one, as Postgres counts, within its `bigint`, without leading zeros. */
export const rowNumber = z.string().regex(/^[1-9]\d{0,17}$/, NO_CURSOR);

/** Reads a cursor. @throws ProblemError `invalid_request` when it is none of ours. */
export function positionOf(cursor: string): Position {
  const [, at = '', id = ''] = POSITION.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const position = { createdAt: new Date(Number(at)), id };
  // Written anew it has to be the same: there is one way to name a place.
  if (at === '' || !isMoment(toSeconds(position.createdAt)) || write(position) !== cursor)
    throw new ProblemError('invalid_request', `The cursor ${NO_CURSOR}.`, { field: 'cursor' });
  return position;
}

function write({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt.getTime()}|${id}`).toString('base64url');
}

/**
 * The part of a query that makes a page of rows, newest first: spread it into `findMany`.
 * @param by the columns that order the rows: a time, and what is unique
 */
export function pageArgs<At extends string = 'createdAt', Id extends string = 'id'>(
  page: { limit: number; cursor?: string | undefined },
  by: { at: At; id: Id } = { at: 'createdAt' as At, id: 'id' as Id },
) {
  type OrderBy = Record<At, 'desc'> | Record<Id, 'desc'>;
  type After = {
    [Column in At]?: { lte: Date };
  } & { OR?: (Record<At, { lt: Date }> | Record<Id, { lt: string }>)[] };
  const order = {
    orderBy: [{ [by.at]: 'desc' }, { [by.id]: 'desc' }] as OrderBy[],
    take: page.limit + 1,
  };
  if (page.cursor === undefined) return { after: {} as After, order };
  const { createdAt, id } = positionOf(page.cursor);
  // The first condition says nothing that the second does not, but an index can be entered by it.
  const after = {
    [by.at]: { lte: createdAt },
    OR: [{ [by.at]: { lt: createdAt } }, { [by.id]: { lt: id } }],
  } as After;
  return { after, order };
}

/** A page of rows that are shown together, as what they are shown with is read once for all of them. */
export async function pageOfAll<R extends Position, V>(
  rows: R[],
  limit: number,
  views: (rows: R[]) => Promise<V[]>,
): Promise<{ data: V[]; nextCursor: string | null }> {
  const { data, nextCursor } = pageOf(rows, limit, (row) => row);
  return { data: await views(data), nextCursor };
}

/** A page of rows: one row more than the limit was read, to know whether there is a next page. */
export function pageOf<R extends Position, V>(
  rows: R[],
  limit: number,
  view: (row: R) => V,
): { data: V[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? write(last) : null,
  };
}
