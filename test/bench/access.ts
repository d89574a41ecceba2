import { createBareTables } from './bare/tables';
import { Load } from './load/load';
import { compare, type Measured, median, type Round } from './measured';
import { SEEDED, seedCoach, seedMemberships } from './seed';
import { type Server, startBare, startDatabase, startOurs, withCpu } from './stack';

const ROUNDS = 5;
const MEMBERS = 1000;
const CONNECTIONS = 16;
const COUNT = 2500;
const ONE_BY_ONE = 600;
const SECONDS = 4;

/** How fast it is said whether a member has access: ours beside bare Express and one SELECT. */
export async function access(): Promise<Record<string, Measured>> {
  const database = await startDatabase();
  const load = Load.start();
  const [ours, bare] = await Promise.all([startOurs(database), startBare(database)]);
  try {
    await seedCoach(database.sql);
    await seedMemberships(database.sql, 1, MEMBERS);
    await createBareTables(database.sql, MEMBERS);
    const ask = (server: Server, paths: string[], connections: number, count: number) =>
      withCpu(server, () =>
        load.run({
          port: server.port,
          connections,
          count,
          seconds: SECONDS,
          work: { kind: 'get', paths, headers: { Authorization: `Bearer ${SEEDED.key}` } },
        }),
      );
    const sides = [
      { name: 'ours' as const, server: ours, paths: accessPaths(MEMBERS) },
      {
        name: 'baseline' as const,
        server: bare,
        paths: members(MEMBERS, (n) => `/access?member=user-${n}&product=pdt_1`),
      },
    ];
    for (const { server, paths } of sides) await ask(server, paths, CONNECTIONS, COUNT);

    const alone: Round[] = [];
    const rates: Round[] = [];
    const cpu: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [one, many, work] = [nothing(), nothing(), nothing()];
      for (const { name, server, paths } of round % 2 === 0 ? sides : sides.toReversed()) {
        one[name] = (await ask(server, paths, 1, ONE_BY_ONE)).p50;
        const { perSecond, cpu: used } = await ask(server, paths, CONNECTIONS, COUNT);
        many[name] = perSecond;
        work[name] = used;
      }
      alone.push(one);
      rates.push(many);
      cpu.push(work);
    }
    return {
      'access p50': compare(
        alone,
        'at most 1.3 × bare, milliseconds, one at a time',
        (ratio) => ratio <= 1.3,
      ),
      access: compare(
        rates,
        `at least 0.7 × bare, checks a second, ${CONNECTIONS} at once`,
        (ratio) => ratio >= 0.7,
        {
          cpuMs: median(cpu.map((round) => round.ours)),
          cpuMsBare: median(cpu.map((round) => round.baseline)),
        },
      ),
    };
  } finally {
    await Promise.all([ours.stop(), bare.stop(), load.stop()]);
    await database.stop();
  }
}

const nothing = (): Round => ({ ours: NaN, baseline: NaN });

function members<T>(count: number, of: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => of(index + 1));
}

/** Each of the first members, asked about what they bought. */
export const accessPaths = (count: number): string[] =>
  members(count, (n) => `/v1/access?member=user-${n}&product=pdt_bench${1 + (n % SEEDED.products)}`);
