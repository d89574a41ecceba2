import { Refusal } from '../../domain/failure';

/** Where a page begins: after this row, newest first. */
interface Position {
  createdAt: Date;
  id: string;
}

/** Reads a cursor. @throws Refusal `invalid_request` when it is none of ours. */
function read(cursor: string): Position {
  const [at, id, ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  const millis = Number(at);
  if (
    !Number.isSafeInteger(millis) ||
    millis > 8.64e15 ||
    !/^[a-z]+_[A-Za-z0-9]{1,64}$/.test(id ?? '') ||
    more.length > 0
  )
    throw new Refusal('invalid_request', 'The cursor is not one that a list answered.', { field: 'cursor' });
  return { createdAt: new Date(millis), id: id ?? '' };
}

/** The part of a query that makes a page of rows, newest first: spread it into `findMany`. */
export function pageArgs(page: { limit: number; cursor?: string | undefined }) {
  const order = { orderBy: [{ createdAt: 'desc' as const }, { id: 'desc' as const }], take: page.limit + 1 };
  if (page.cursor === undefined) return { after: {}, order };
  const { createdAt, id } = read(page.cursor);
  return { after: { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }, order };
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
    nextCursor:
      rows.length > limit && last !== undefined
        ? Buffer.from(`${last.createdAt.getTime()}|${last.id}`).toString('base64url')
        : null,
  };
}
