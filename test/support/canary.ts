import { randomBytes } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import type { Db } from '../../src/db/client';
import type { RunRef } from './replay';

/** What is searched for: nothing else in the world has these letters. */
export interface Canary {
  email: string;
  name: string;
  externalId: string;
  note: string;
  /** A part of all of them, in whatever case. */
  trace: string;
}

/** A person whose every datum can be told from all others. */
export function newCanary(): Canary {
  const trace = `canary${randomBytes(6).toString('hex')}`;
  return {
    email: `${trace}@birds.example`,
    name: `Ada ${trace}`,
    externalId: `${trace}-of-the-coach`,
    note: `${trace} has sung for us`,
    trace,
  };
}

/** `table.column` of every column of every table that has one of the needles somewhere, as the database names them. */
export async function columnsWith(db: Db, needles: readonly string[]): Promise<string[]> {
  const columns = await db.$queryRaw<{ table: string; column: string }[]>`
    SELECT c.table_name AS "table", c.column_name AS "column"
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, 2`;
  const found: string[] = [];
  for (const { table, column } of columns) {
    const rows = await db.$queryRawUnsafe<{ one: number }[]>(
      `SELECT 1 AS one FROM "${table}" WHERE "${column}"::text ILIKE ANY ($1::text[]) LIMIT 1`,
      needles.map((needle) => `%${needle}%`),
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

/** The needles that stand in a text, in whatever case. */
export function needlesIn(text: string, needles: readonly string[]): string[] {
  const lower = text.toLowerCase();
  return needles.filter((needle) => lower.includes(needle.toLowerCase()));
}

/**
 * Where Temporal has one of the needles: the bytes of a run's history, and what its server tells of the run (id, search
 * attributes, memo). Answers `workflowId: what`.
 */
export async function runsWith(
  client: Client,
  runs: readonly RunRef[],
  needles: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { workflowId, runId } of runs) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const bytes = temporal.api.history.v1.History.encode(await handle.fetchHistory()).finish();
    const told = await handle.describe();
    const { memo, typedSearchAttributes } = told;
    const description = JSON.stringify([workflowId, memo, [...typedSearchAttributes.getAll()], told.raw]);
    for (const needle of needlesIn(Buffer.from(bytes).toString('utf8') + description, needles))
      found.push(`${workflowId}: ${needle}`);
  }
  return found;
}
