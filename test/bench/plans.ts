import { readFileSync, statSync } from 'node:fs';
import type { Client } from 'pg';

/** One node of a plan, as `EXPLAIN (FORMAT JSON)` has it. https://www.postgresql.org/docs/current/using-explain.html */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** A table as a query has read it. */
export interface Scan {
  /** The index by which it was found; null: it was read from end to end. */
  index: string | null;
  table: string;
  /** Rows that were looked at. */
  rows: number;
}

/**
 * Has Postgres write down the plan of whatever sessions ask that begin from now on.
 * https://www.postgresql.org/docs/current/auto-explain.html
 * @param sql a superuser's
 */
export async function explainFromNowOn(sql: Client): Promise<void> {
  await sql.query(`LOAD 'auto_explain'`);
  const settings = {
    session_preload_libraries: `'auto_explain'`,
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_format': 'json',
  };
  for (const [name, value] of Object.entries(settings))
    await sql.query(`ALTER SYSTEM SET ${name} = ${value}`);
  await sql.query('SELECT pg_reload_conf()');
}

/** The scans of everything that is asked of Postgres during `work`. */
export async function scansOf(logFile: string, work: () => Promise<unknown>): Promise<Scan[]> {
  const before = statSync(logFile).size;
  await work();
  const written = readFileSync(logFile).subarray(before).toString();
  return [...written.matchAll(/ plan:\n((?:\t.*\n)+)/g)].flatMap(([, json = '']) => {
    const { Plan: plan } = JSON.parse(json) as { Plan: PlanNode };
    return scansIn(plan);
  });
}

function scansIn(node: PlanNode): Scan[] {
  const below = (node.Plans ?? []).flatMap(scansIn);
  const { 'Relation Name': table, 'Index Name': index = null } = node;
  if (node['Node Type'] === 'Seq Scan' && table !== undefined)
    return [
      { index: null, table, rows: (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) },
      ...below,
    ];
  return index === null ? below : [{ index, table: table ?? '', rows: node['Actual Rows'] ?? 0 }, ...below];
}
