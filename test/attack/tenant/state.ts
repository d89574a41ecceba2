import type { Stack } from '../stack';
import type { Business } from './business';

/** Columns that a look leaves behind, which is no change. */
const LOOKS = ['last_used_at', 'seen_at'];
/** What a coach's own keys may not is in their own audit log. */
const OWN_REFUSALS =
  "(r.outcome = 'refused') IS TRUE AND r.actor_id IN (SELECT k.id FROM api_key k WHERE k.coach_id = r.coach_id)";

/** All that is stored of a coach in test mode, table by table, as something that is equal while nothing has changed. */
export async function stateReader({ db, stripeSide }: Stack, { coachId, accountId }: Business) {
  const tables = await db.$queryRaw<{ table: string; hasMode: boolean }[]>`
    SELECT c.table_name AS "table", bool_or(c.column_name = 'mode') AS "hasMode"
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
    GROUP BY 1 HAVING bool_or(c.column_name = 'coach_id') ORDER BY 1`;
  const without = LOOKS.map((column) => ` - '${column}'`).join('');
  const parts = [
    ...tables.map(({ table, hasMode }) => [
      table,
      `FROM "${table}" r WHERE r.coach_id = '${coachId}'${hasMode ? ` AND r.mode = 'test'` : ''}${table === 'audit_entry' ? ` AND NOT (${OWN_REFUSALS})` : ''}`,
    ]),
    ['coach', `FROM coach r WHERE r.id = '${coachId}'`],
    ['idempotency_record', `FROM idempotency_record r WHERE r.scope = '${coachId}/test'`],
  ];
  const query = parts
    .map(
      ([table = '', from = '']) =>
        `SELECT '${table}' AS "table", md5(coalesce(string_agg(one, ',' ORDER BY one), '')) AS digest FROM (SELECT (to_jsonb(r)${without})::text AS one ${from}) rows`,
    )
    .join(' UNION ALL ');
  return {
    /** The tables in which something is another than it was. */
    async changedSince(before: Map<string, string>): Promise<string[]> {
      const now = await this.read();
      return [...now].filter(([table, digest]) => before.get(table) !== digest).map(([table]) => table);
    },
    async read(): Promise<Map<string, string>> {
      const rows = await db.$queryRawUnsafe<{ table: string; digest: string }[]>(query);
      return new Map(rows.map(({ table, digest }) => [table, digest]));
    },
    /** How often Stripe was asked to change something on the coach's account. */
    async changesAtStripe(): Promise<number> {
      const requests = await stripeSide.requests(100_000);
      return requests.filter(({ account, method }) => account === accountId && method !== 'GET').length;
    },
  };
}
