import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createLog } from '../../src/log';
import { DAY } from '../../src/domain/time';
import { query } from '../../src/local/postgres/server';
import { PROJECT_ROOT } from '../../src/local/process/project';
import type { reconciliation } from '../../src/workflows';
import { logSdkTo } from '../harness/temporal';
import { provided } from '../harness/variables';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';

// Postgres is set back to an older point, while Stripe and Temporal go on from where they are.
beforeAll(() => logSdkTo(createLog('test', 'silent')));
afterAll(() => logSdkTo(null));
const rig = rigFor('file', { relayPollSeconds: 3600, checkoutPollSeconds: 3600, replays: false });
const shop = shopFor('file', rig);

const database = () => new URL(rig.config.databaseUrl).pathname.slice(1);
const backup = () => `${database()}_backup`;
const admin = (...statements: string[]) =>
  statements.reduce(
    (before, sql) => before.then(() => query(provided('postgres'), sql)),
    Promise.resolve([{}]),
  );

/** With nobody connected to the database. */
async function alone(...statements: string[]): Promise<void> {
  await admin(
    `ALTER DATABASE "${database()}" ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database()}'`,
    ...statements,
    `ALTER DATABASE "${database()}" ALLOW_CONNECTIONS true`,
  );
  await eventually('a database that answers', () => rig.db.$queryRaw`SELECT 1`.then(() => true));
}
const backUp = () => alone(`CREATE DATABASE "${backup()}" TEMPLATE "${database()}"`);
const restore = () =>
  alone(
    `DROP DATABASE "${database()}" WITH (FORCE)`,
    `ALTER DATABASE "${backup()}" RENAME TO "${database()}"`,
  );

const sweep = () =>
  rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
    workflowId: `reconciliation-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });

/** The guide's own question: who bought what the backup does not know. */
async function lostPurchases(): Promise<Record<string, unknown>[]> {
  const guide = readFileSync(join(PROJECT_ROOT, 'docs', 'operations.md'), 'utf8');
  const sql = /```sql\n *(SELECT mode, account_id, object_id[\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const client = new Client({ connectionString: rig.config.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [new Date(Date.now() - 600_000)])).rows;
  } finally {
    await client.end();
  }
}

test('after a restore the reconciliation brings access in line; what was bought since is found', async () => {
  const sale = await shop.sell();
  const [stays, leaves, renews] = [await shop.newMember(), await shop.newMember(), await shop.newMember()];
  const has = async (member: string) => (await shop.access(member, sale.productId)).access;
  const until = async (member: string) => (await shop.access(member, sale.productId)).until ?? 0;
  await shop.buy(sale, stays);
  const leaving = await shop.buy(sale, leaves);
  await shop.buy(sale, renews);
  await shop.quiet();
  const paidUntil = await until(renews);

  await rig.stopWorker();
  await backUp();
  await rig.startWorker();

  // Life goes on: one is cancelled, all others renew, and one more comes.
  await shop.stripe.subscriptions.cancel(leaving.subscriptionId, undefined, shop.asAccount);
  await shop.quiet();
  await shop.moveBy(32 * DAY);
  const late = await shop.newMember();
  const { url } = await shop.open(sale, late);
  await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
  await eventually('access of who came late', () => has(late));
  expect(await has(leaves)).toBe(false);
  const renewedUntil = await until(renews);
  expect(renewedUntil).toBeGreaterThan(paidUntil);
  const clock = await shop.now();

  // The disaster, and the day before.
  await rig.stopWorker();
  await restore();
  expect(await until(renews)).toBe(paidUntil);
  // The clock of a local account is a row as well; real time cannot be set back.
  await rig.clock.moveTo(shop.mode, shop.accountId, clock - Math.floor(Date.now() / 1000));
  await rig.startWorker();
  const report = await sweep();
  expect(report.eventsRecovered).toBeGreaterThan(3);
  await shop.quiet();
  await eventually('the renewal', async () => (await until(renews)) === renewedUntil);
  expect([await has(stays), await has(renews), await has(leaves)]).toEqual([true, true, false]);

  // Nobody here knows who had bought it: the row of the checkout is gone. It is found, and the coach decides.
  expect(await has(late)).toBe(false);
  expect(await lostPurchases()).toEqual([expect.objectContaining({ account_id: shop.accountId })]);
});
