import { type Cell, csvLine } from '../../domain/csv';

/** Rows that are in memory at once. */
const PAGE = 500;

/**
 * The lines of a list as a CSV file: read a page at a time and sent meanwhile, so that its length does not matter.
 * @param columns the line of names
 * @param read the next rows after the last one of those before (null: from the beginning), as many as it is told
 * @param cells what of each row stands in its line
 */
export async function* csvLines<Row>(
  columns: readonly string[],
  read: (last: Row | null, take: number) => Promise<readonly Row[]>,
  cells: (row: Row) => readonly Cell[],
): AsyncGenerator<string> {
  yield csvLine(columns);
  for (let last: Row | null = null; ;) {
    const rows: readonly Row[] = await read(last, PAGE);
    yield rows.map((row) => csvLine(cells(row))).join('');
    last = rows.at(-1) ?? null;
    if (rows.length < PAGE) return;
  }
}
