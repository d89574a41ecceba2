import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Response } from 'express';
import { z } from 'zod';
import { isoTime } from '../../domain/time';

/** A file that is sent while it is made: what comes first is there before anything is said to be well. */
export class Download {
  /** @param name as the browser saves it; `parts` are strings of any length, joined. */
  constructor(
    readonly name: string,
    readonly parts: AsyncIterable<string>,
  ) {}
}

/** Today's file of a list: `payments-2026-01-31.csv`. */
export const datedCsv = (list: string, lines: AsyncIterable<string>) =>
  new Download(`${list}-${isoTime(new Date()).slice(0, 10)}.csv`, lines);

/** What a route answers with a CSV file: a `Download` here, a text in the documentation. */
export const csvFile = z
  .string()
  .meta({ description: 'CSV (RFC 4180), UTF-8, with a line of names' }) as unknown as z.ZodType<
  string,
  Download
>;
/** How the documentation names it. */
export const CSV = 'text/csv';

/** Sends it, no faster than it is taken; who goes away ends it. */
export async function sendDownload(res: Response, { name, parts }: Download): Promise<void> {
  const iterator = parts[Symbol.asyncIterator]();
  // A database that is away is answered as everywhere, not by half a file.
  const first = await iterator.next();
  res.status(200);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  async function* all() {
    if (first.done === true) return;
    yield first.value;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  // What breaks off has no end that could be taken for one: the connection is cut.
  await pipeline(Readable.from(all()), res).catch(() => res.destroy());
}
