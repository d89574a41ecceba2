import { createDb, type Db, type Tx } from '../../src/db/client';
import { lockMemberProduct } from '../../src/store/access-change';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';
import { eventually } from '../support/eventually';

// A member and a product are locked from the first look on, whether there is a row of theirs yet or not.
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 5);
  await db.coach.create({ data: { id: 'coach_1', name: 'Ana' } });
  await db.product.create({ data: { id: 'pdt_1', coachId: 'coach_1', mode: 'test', name: 'Course' } });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const keyOf = (memberId: string) =>
  ({ coachId: 'coach_1', mode: 'test', memberId, productId: 'pdt_1' }) as const;

/** A transaction that has locked the pair, until it is let go. */
function holding(memberId: string) {
  let letGo: () => void = () => undefined;
  let isHeld = false;
  const go = new Promise<void>((resolve) => (letGo = resolve));
  const over = db.$transaction(async (tx: Tx) => {
    await lockMemberProduct(tx, keyOf(memberId), 1_700_000_000);
    isHeld = true;
    await go;
    const [row] = await tx.$queryRaw<{ at: string }[]>`SELECT current_setting('session.decided_at') AS at`;
    return row?.at;
  });
  return { over, letGo: () => letGo(), isHeld: () => isHeld };
}

/** Whether somebody holds the pair's row. */
const isLocked = async (memberId: string) =>
  (
    await db.$queryRaw<object[]>`
      SELECT 1 FROM member_product WHERE member_id = ${memberId} FOR UPDATE SKIP LOCKED`
  ).length === 0;
const someoneWaits = async () =>
  (await db.$queryRaw<object[]>`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0;

test.each([
  ['for the first time', false],
  ['again', true],
])('of two who lock it %s, one waits, and has it then', async (_when, isKnown) => {
  const memberId = isKnown ? 'mbr_known' : 'mbr_new';
  await db.member.create({ data: { id: memberId, coachId: 'coach_1', mode: 'test' } });
  if (isKnown) await db.memberProduct.create({ data: keyOf(memberId) });
  const first = holding(memberId);
  await eventually('the first to have it', () => first.isHeld());
  const second = holding(memberId);
  await eventually('the second to wait', someoneWaits);
  expect(second.isHeld()).toBe(false);
  first.letGo();
  expect(await first.over).toBe('1700000000');
  await eventually('the second to have it', () => second.isHeld());
  expect(await isLocked(memberId)).toBe(true);
  second.letGo();
  expect(await second.over).toBe('1700000000');
  expect(await isLocked(memberId)).toBe(false);
});
