import type { Client } from 'pg';
import { accessPaths } from './access';
import { createDb } from '../../src/db/client';
import { hintAtOverdue } from '../../src/worker/overdue';
import { Load } from './load/load';
import { progress } from '../harness/with-parts';
import { compare, type Measured, median, rounded } from './measured';
import { explainFromNowOn, scansOf } from './plans';
import { SEEDED, seedCoach, seedMemberships } from './seed';
import { type Database, startDatabase, startOurs } from './stack';

/** Memberships of one coach; three times as many are others'. */
const SIZES = [1000, 10_000, 100_000];
const ROUNDS = 5;
const COUNT = 50;
const SECONDS = 5;

/** What a coach's pages ask. */
async function pagesOf(sql: Client): Promise<Record<string, string>> {
  const [members, memberships] = [await middleOf(sql, 'member'), await middleOf(sql, 'membership')];
  return {
    overview: '/v1/overview',
    members: '/v1/members?limit=20',
    'members, a middle page': `/v1/members?limit=20&cursor=${members}`,
    'members, search': '/v1/members?limit=20&search=member-77',
    'members, overdue': '/v1/members?limit=20&who=overdue',
    'members, in a trial': '/v1/members?limit=20&who=trial',
    'members, cancelling': '/v1/members?limit=20&who=canceling',
    'members, without access': '/v1/members?limit=20&who=no_access',
    'members, with a gift': '/v1/members?limit=20&who=gift',
    'members, of a product': `/v1/members?limit=20&product=${SEEDED.productId}`,
    'members, overdue by address': '/v1/members?limit=20&who=overdue&sort=email',
    'members, by next charge': '/v1/members?limit=20&sort=next_charge',
    'members, by what is owed': '/v1/members?limit=20&sort=owed&currency=eur',
    'members, by what was paid': '/v1/members?limit=20&sort=total_paid&currency=eur',
    memberships: '/v1/memberships?limit=20',
    'memberships, a middle page': `/v1/memberships?limit=20&cursor=${memberships}`,
    checkouts: '/v1/checkouts?limit=20',
  };
}

/** The cursor of a place in the middle of a list. */
async function middleOf(sql: Client, table: 'member' | 'membership'): Promise<string> {
  const { rows } = await sql.query<{ id: string; created_at: Date }>(
    `SELECT id, created_at FROM ${table} WHERE coach_id = $1 ORDER BY created_at
    OFFSET (SELECT count(*) / 2 FROM ${table} WHERE coach_id = $1) LIMIT 1`,
    [SEEDED.coachId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no ${table}`);
  return Buffer.from(`${row.created_at.getTime()}|${row.id}`).toString('base64url');
}

/** Milliseconds that are aimed at with the most memberships. */
const AIMS: Record<string, number> = {
  overview: 10,
  'overdue sweep': 5,
  'members, overdue': 25,
  'members, of a product': 50,
};
const LIST = 5;

/** How the same questions go as a coach grows: medians with the most memberships, beside those with the fewest. */
export async function scale(): Promise<Record<string, Measured>> {
  const database = await startDatabase();
  const load = Load.start();
  const ours = await startOurs(database);
  const db = createDb(database.url, 2);
  const found = new Map<string, Map<number, number[]>>();
  let ends = NaN;
  const note = (name: string, size: number, ms: number) => {
    const sizes = found.get(name) ?? new Map<number, number[]>();
    sizes.set(size, [...(sizes.get(size) ?? []), ms]);
    found.set(name, sizes);
  };
  try {
    await seedCoach(database.sql);
    let filled = 0;
    for (const size of SIZES) {
      await seedMemberships(database.sql, filled + 1, size);
      filled = size;
      progress(`${size} memberships are there`);
      const ask = (paths: string[], count = COUNT) =>
        load.run({
          port: ours.port,
          connections: 1,
          count,
          seconds: SECONDS,
          work: { kind: 'get', paths, headers: { Authorization: `Bearer ${SEEDED.key}` } },
        });
      const pages = await pagesOf(database.sql);
      for (let round = -1; round < ROUNDS; round++) {
        const isWarm = round >= 0;
        const access = await ask(accessPaths(1000), 300);
        if (isWarm) note('access p99', size, access.p99);
        for (const [name, path] of Object.entries(pages)) {
          const { p50 } = await ask([path]);
          if (isWarm) note(name, size, p50);
        }
        const start = performance.now();
        await hintAtOverdue(db);
        if (isWarm) note('overdue sweep', size, performance.now() - start);
      }
      const figures = [...found].map(([name, sizes]) => `${name} ${rounded(median(sizes.get(size) ?? []))}`);
      progress(`${size} memberships, ms: ${figures.join(' · ')}`);
    }
    ends = await pagesFromEndToEnd(database, await pagesOf(database.sql));
  } finally {
    await Promise.all([ours.stop(), load.stop(), db.$disconnect()]);
    await database.stop();
  }
  return {
    ...Object.fromEntries([...found].map(([name, sizes]) => [`scale: ${name}`, grown(name, sizes)])),
    'scale: read from end to end': compare(
      [{ ours: ends, baseline: 1 }],
      'no page, and no access check',
      (ratio) => ratio === 0,
    ),
  };
}

/** Rows from which on a table is no small one. */
const MANY = 1000;
/** Times that a page is asked for before its plans count: Postgres plans a prepared statement anew five times. */
const PREPARED = 6;

/** How many of the pages, and of access checks, are found without an index; by which the others are, as it goes on. */
async function pagesFromEndToEnd(database: Database, pages: Record<string, string>): Promise<number> {
  await explainFromNowOn(database.sql);
  const server = await startOurs(database);
  try {
    let count = 0;
    for (const [name, path] of Object.entries({ access: accessPaths(1)[0] ?? '', ...pages })) {
      const ask = async () => {
        const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
          headers: { Authorization: `Bearer ${SEEDED.key}` },
        });
        if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
        await answer.arrayBuffer();
      };
      for (let n = 0; n < PREPARED; n++) await ask();
      const scans = await scansOf(database.logFile, ask);
      const ends = scans.filter(({ index, rows }) => index === null && rows > MANY);
      if (scans.length === 0 || ends.length > 0) count += 1;
      const told = scans.map(({ index, table, rows }) => `${index ?? `${table} from end to end`} (${rows})`);
      progress(`${name}: ${told.join(', ')}`);
    }
    return count;
  } finally {
    await server.stop();
  }
}

function grown(name: string, sizes: Map<number, number[]>): Measured {
  const [fewest = 0, most = 0] = [SIZES[0], SIZES.at(-1)];
  const [small, large] = [sizes.get(fewest) ?? [], sizes.get(most) ?? []];
  const rounds = large.map((ours, round) => ({ ours, baseline: small[round] ?? NaN }));
  const more = Object.fromEntries(
    [...sizes].map(([size, times]) => [`${size} memberships, ms`, median(times)]),
  );
  if (name === 'access p99')
    return compare(rounds, 'at most 1.5 × that of the fewest', (ratio) => ratio <= 1.5, more);
  const aim = AIMS[name] ?? LIST;
  return compare(rounds, `at most ${aim} ms with ${most} memberships`, () => median(large) <= aim, more);
}
