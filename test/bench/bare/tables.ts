import type { Client } from 'pg';

/** The tables of the bare server, with as many members as the product has. */
export async function createBareTables(client: Client, members: number): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS bare_event (
      id bigserial PRIMARY KEY, event_id text UNIQUE, account_id text, type text, payload jsonb,
      received_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS bare_access (
      member_id text, product_id text, until timestamptz, PRIMARY KEY (member_id, product_id));
    TRUNCATE bare_access`);
  await client.query(
    `INSERT INTO bare_access SELECT 'user-' || n, 'pdt_1', now() + interval '30 days' FROM generate_series(1, $1) n`,
    [members],
  );
}
