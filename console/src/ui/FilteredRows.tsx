import { Button } from '@mantine/core';
import { type LucideIcon, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problem';
import { Empty } from './Empty';
import { Loaded } from './Loaded';
import { More } from './More';

interface Said {
  title: string;
  text: string;
  icon?: LucideIcon;
}

/** One row of a list, or all of them at once: a table. */
type Shown<Items extends unknown[]> =
  | { row: (item: Items[number]) => ReactNode; table?: undefined }
  | { row?: undefined; table: (items: Items) => ReactNode };

interface About<Items extends unknown[]> {
  list: Parameters<typeof More>[0]['query'] & { items: Items | undefined; error: Problem | null };
  filters: { isAny: boolean; clear: () => void };
  /** Nothing is there; the filters leave nothing, and what takes them away. */
  none: Said;
  noMatch: Said & { clear: string };
  /** How many there are, for who does not see them. */
  results?: (count: number) => string;
}

/** The rows that filters leave of a list, page by page; where they leave nothing, the way back to all of it. */
export function FilteredRows<Items extends unknown[]>({
  list,
  row,
  table,
  filters,
  none,
  noMatch,
  results,
}: About<Items> & Shown<Items>) {
  return (
    <>
      <Loaded query={{ data: list.items, error: list.error }} shape={row === undefined ? 'table' : 'rows'}>
        {(items) =>
          items.length > 0 ? (
            <>
              {results !== undefined && (
                <p role="status" className="sr-only">
                  {results(items.length)}
                </p>
              )}
              {row === undefined ? table(items) : <ul className="rows">{items.map(row)}</ul>}
            </>
          ) : filters.isAny ? (
            <div role="status">
              <Empty title={noMatch.title} text={noMatch.text} icon={SearchX}>
                <Button variant="default" onClick={filters.clear}>
                  {noMatch.clear}
                </Button>
              </Empty>
            </div>
          ) : (
            <Empty {...none} />
          )
        }
      </Loaded>
      <More query={list} />
    </>
  );
}
