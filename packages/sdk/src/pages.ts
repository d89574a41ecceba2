/** A part of a list, as the API answers it. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** One by one what all pages have; a page is read when somebody wants what is on it. */
export async function* eachOf<T>(read: (cursor: string | null) => Promise<Page<T>>): AsyncGenerator<T, void> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
