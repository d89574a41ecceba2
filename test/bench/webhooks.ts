import { Load } from './load/load';
import { compare, type Measured, median, type Round } from './measured';
import { SEEDED, seedCoach } from './seed';
import { type Server, startBare, startDatabase, startOurs, withCpu } from './stack';
import { createBareTables } from './bare/tables';

const CONNECTIONS = 32;
const ROUNDS = 5;
/** Deliveries of one side in one round, and seconds after which it is over all the same. */
const COUNT = 2500;
const SECONDS = 4;
const WARM_UP = 1500;

/** How fast deliveries are acknowledged, no worker running: ours beside bare Express, HMAC and one INSERT. */
export async function webhooks(): Promise<Record<string, Measured>> {
  const database = await startDatabase();
  const load = Load.start();
  const [ours, bare] = await Promise.all([startOurs(database), startBare(database)]);
  try {
    await seedCoach(database.sql);
    await createBareTables(database.sql, 1);
    let orders = 0;
    const deliver = (server: Server, path: string, count: number) =>
      withCpu(server, () =>
        load.run({
          port: server.port,
          connections: CONNECTIONS,
          count,
          seconds: SECONDS,
          work: {
            kind: 'webhooks',
            path,
            secret: database.secret,
            accountId: SEEDED.accountId,
            type: 'invoice.paid',
            name: `${++orders}`,
          },
        }),
      );
    let acknowledged = 0;
    const askOurs = async (count = COUNT) => {
      const result = await deliver(ours, '/webhooks/stripe', count);
      acknowledged += result.answered;
      return result;
    };
    const askBare = (count = COUNT) => deliver(bare, '/webhook', count);
    await askOurs(WARM_UP);
    await askBare(WARM_UP);

    const rates: Round[] = [];
    const tails: Round[] = [];
    const cpu: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [own, other] =
        round % 2 === 0 ? [await askOurs(), await askBare()] : (await inTurn(askBare, askOurs)).reverse();
      if (own === undefined || other === undefined) throw new Error('a round without figures');
      rates.push({ ours: own.perSecond, baseline: other.perSecond });
      tails.push({ ours: own.p99, baseline: other.p99 });
      cpu.push({ ours: own.cpu, baseline: other.cpu });
    }
    const stored = await database.sql.query<{ count: string }>('SELECT count(*) FROM inbox');
    const notStored = acknowledged - Number(stored.rows[0]?.count);
    return {
      webhooks: compare(rates, 'at least 1.3 × bare, deliveries a second', (ratio) => ratio >= 1.3, {
        notStored,
        cpuMs: median(cpu.map((round) => round.ours)),
        cpuMsBare: median(cpu.map((round) => round.baseline)),
      }),
      'webhooks p99': compare(tails, 'at most 1.0 × bare, milliseconds', (ratio) => ratio <= 1),
    };
  } finally {
    await Promise.all([ours.stop(), bare.stop(), load.stop()]);
    await database.stop();
  }
}

async function inTurn<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T[]> {
  const one = await first();
  return [one, await second()];
}
