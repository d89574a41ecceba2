import type { Client } from 'pg';
import { hashToken } from '../../src/domain/ids';

export const SEEDED = {
  coachId: 'coach_bench',
  accountId: 'acct_bench',
  key: `ses_test_${'k'.repeat(43)}`,
  /** A product that everybody has. */
  productId: 'pdt_bench1',
  products: 5,
} as const;

/** A coach with a key, a connected account and something to sell, whom nobody has bought from. */
export async function seedCoach(sql: Client): Promise<void> {
  const { coachId, accountId, key, products } = SEEDED;
  await sql.query(`INSERT INTO coach (id, name) VALUES ('${coachId}', 'Bench'), ('coach_other', 'Other')`);
  await sql.query(
    `INSERT INTO api_key (id, coach_id, mode, hash, last_four) VALUES ('key_bench', $1, 'test', $2, 'kkkk')`,
    [coachId, hashToken(key)],
  );
  await sql.query(
    `INSERT INTO connection (id, coach_id, mode, status, account_id, charges_enabled, default_currency, connected_at, updated_at)
    VALUES ('conn_bench', $1, 'test', 'connected', $2, true, 'eur', now(), now()),
      ('conn_other', 'coach_other', 'test', 'connected', 'acct_other', true, 'eur', now(), now())`,
    [coachId, accountId],
  );
  for (const [coach, name] of [
    [coachId, 'bench'],
    ['coach_other', 'other'],
  ] as const) {
    await sql.query(
      `INSERT INTO product (id, coach_id, mode, name, updated_at)
      SELECT 'pdt_${name}' || n, $1, 'test', 'Product ' || n, now() FROM generate_series(1, $2) n`,
      [coach, products],
    );
    await sql.query(
      `INSERT INTO price (id, coach_id, mode, product_id, status, model, currency, unit_amount, interval, interval_count)
      SELECT 'amt_${name}' || n, $1, 'test', 'pdt_${name}' || n, 'active', 'recurring', 'eur', 4900, 'month', 1 FROM generate_series(1, $2) n`,
      [coach, products],
    );
  }
}

/**
 * Members with one monthly membership each, `from` to `to`, as the runs would have left them, and as many of another coach's
 * between them. One in fifty is unpaid, one in a hundred ended, one in forty in a trial, one in sixty cancelled, one in thirty was
 * given something besides, one in two hundred opened a checkout and left.
 */
export async function seedMemberships(sql: Client, from: number, to: number): Promise<void> {
  // What is written is known to fit together; checking it takes most of the time.
  await sql.query('SET session_replication_role = replica');
  await fill(sql, { coach: SEEDED.coachId, name: 'bench', account: SEEDED.accountId, from, to });
  await fill(sql, { coach: 'coach_other', name: 'other', account: 'acct_other', from, to });
  await sql.query('RESET session_replication_role');
  // As autovacuum would have, in a while.
  await sql.query('VACUUM ANALYZE');
}

interface Filled {
  coach: string;
  name: string;
  account: string;
  from: number;
  to: number;
}

/** When the n-th was created: spread over two years, so that no two rows of a page are of one moment. */
const AT = `now() - interval '730 days' + n * interval '97 seconds'`;

async function fill(sql: Client, { coach, name, account, from, to }: Filled): Promise<void> {
  const numbers = `generate_series(${from}, ${to}) n`;
  const product = `'pdt_${name}' || (1 + n % ${SEEDED.products})`;
  const price = `'amt_${name}' || (1 + n % ${SEEDED.products})`;
  const owner = `'${coach}', 'test'::"Mode"`;
  const statements = [
    `INSERT INTO member (id, coach_id, mode, external_id, email, created_at)
      SELECT 'mbr_${name}' || n, ${owner}, 'user-' || n, 'member-' || n || '@example.org', ${AT} FROM ${numbers}`,
    `INSERT INTO member_product (coach_id, mode, member_id, product_id)
      SELECT ${owner}, 'mbr_${name}' || n, ${product} FROM ${numbers}`,
    `INSERT INTO checkout (id, coach_id, mode, account_id, product_id, price_id, stripe_price_id, member_id, buyer_key,
        unit_amount, currency, recurring, status, stripe_session_id, success_url, cancel_url, created_at, ended_at)
      SELECT 'chk_${name}' || n, ${owner}, '${account}', ${product}, ${price}, 'price_x', 'mbr_${name}' || n,
        'member:mbr_${name}' || n, 4900, 'eur', true, 'completed', 'cs_${name}' || n, 'https://x.test', 'https://x.test',
        ${AT}, ${AT} FROM ${numbers}`,
    `INSERT INTO checkout (id, coach_id, mode, account_id, product_id, price_id, stripe_price_id, buyer_key,
        unit_amount, currency, recurring, status, stripe_session_id, success_url, cancel_url, created_at, ended_at)
      SELECT 'chk_left${name}' || n, ${owner}, '${account}', ${product}, ${price}, 'price_x', 'visitor:${name}' || n,
        4900, 'eur', true, 'expired', 'cs_left${name}' || n, 'https://x.test', 'https://x.test', ${AT}, ${AT}
      FROM ${numbers} WHERE n % 200 = 0`,
    `INSERT INTO membership (id, coach_id, mode, account_id, member_id, product_id, price_id, checkout_id, kind, status,
        stripe_customer_id, stripe_subscription_id, stripe_status, started_at, paid_through, next_deadline_at, reason,
        verified_at, created_at, next_charge_at, next_charge_amount, next_charge_currency, ended_at)
      SELECT 'msp_${name}' || n, ${owner}, '${account}', 'mbr_${name}' || n, ${product}, ${price}, 'chk_${name}' || n,
        'subscription',
        (CASE WHEN n % 100 = 0 THEN 'ended' WHEN n % 50 = 1 THEN 'past_due' WHEN n % 40 = 3 THEN 'trialing'
          WHEN n % 60 = 7 THEN 'canceling' ELSE 'active' END)::"MembershipStatus",
        'cus_${name}' || n, 'sub_${name}' || n, 'active', ${AT}, now() + interval '20 days', now() + interval '20 days',
        CASE WHEN n % 100 = 0 THEN 'canceled' WHEN n % 50 = 1 THEN 'grace' ELSE 'paid' END, now(), ${AT},
        CASE WHEN n % 100 <> 0 AND n % 60 <> 7 THEN now() + n % 40320 * interval '1 minute' END, 4900, 'eur',
        CASE WHEN n % 100 = 0 THEN now() END FROM ${numbers}`,
    `INSERT INTO "grant" (id, coach_id, mode, member_id, product_id, cause, membership_id, starts_at, until, created_at, updated_at)
      SELECT 'gnt_${name}' || n, ${owner}, 'mbr_${name}' || n, ${product}, 'membership', 'msp_${name}' || n, ${AT},
        CASE WHEN n % 100 = 0 THEN now() - interval '1 day' ELSE now() + interval '23 days' END, ${AT}, now()
      FROM ${numbers}`,
    `INSERT INTO "grant" (id, coach_id, mode, member_id, product_id, cause, starts_at, created_at, updated_at)
      SELECT 'gnt_gift${name}' || n, ${owner}, 'mbr_${name}' || n, ${product}, 'gift', ${AT}, ${AT}, now()
      FROM ${numbers} WHERE n % 30 = 5`,
    `INSERT INTO payment (mode, account_id, stripe_id, coach_id, membership_id, member_id, product_id, amount, currency, paid_at)
      SELECT 'test', '${account}', 'in_${name}' || n || '_' || k, '${coach}', 'msp_${name}' || n, 'mbr_${name}' || n, ${product},
        4900, 'eur', now() - k * interval '30 days' FROM ${numbers}, generate_series(0, 5) k`,
    `INSERT INTO timeline_entry (coach_id, mode, member_id, product_id, membership_id, at, kind, cause, effect, created_at)
      SELECT ${owner}, 'mbr_${name}' || n, ${product}, 'msp_${name}' || n, ${AT}, 'renewed', 'stripe_event', 'Access goes on.', ${AT}
      FROM ${numbers}`,
  ];
  for (const statement of statements) await sql.query(statement);
}
