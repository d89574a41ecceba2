import { eventually } from '../support/eventually';
import { Load } from './load/load';
import { compare, type Measured, median, ratioOf, type Round } from './measured';
import { SEEDED, seedCoach } from './seed';
import {
  type Database,
  type Server,
  startBare,
  startDatabase,
  startOurs,
  startWorker,
  withCpu,
} from './stack';
import { createBareTables } from './bare/tables';

const CONNECTIONS = 32;
const ROUNDS = 5;
/** Deliveries of one side in one round, and seconds after which it is over all the same. */
const COUNT = 2500;
const SECONDS = 4;
const WARM_UP = 1500;

/** How fast deliveries are acknowledged, no worker running: ours beside bare Express, HMAC and one INSERT. */
export async function webhooks(): Promise<Record<string, Measured>> {
  const { rates, tails, cpu, notStored } = await acknowledgements();
  return {
    webhooks: compare(rates, 'at least 1.3 × bare, deliveries a second', (ratio) => ratio >= 1.3, {
      notStored,
      cpuMs: median(cpu.map((round) => round.ours)),
      cpuMsBare: median(cpu.map((round) => round.baseline)),
    }),
    'webhooks p99': compare(tails, 'at most 1.0 × bare, milliseconds', (ratio) => ratio <= 1),
  };
}

/** The same while a worker brings each of them where it belongs, on the same two cores; the bare server has none. */
export async function webhooksBesideWorker(): Promise<Record<string, Measured>> {
  const { rates, tails, notStored } = await acknowledgements(startWorker);
  return {
    'webhooks beside a worker': compare(
      rates,
      'at least 0.6 × bare, deliveries a second',
      (ratio) => ratio >= 0.6,
      { notStored, p99Ratio: ratioOf(tails) },
    ),
  };
}

interface Acknowledged {
  rates: Round[];
  tails: Round[];
  cpu: Round[];
  /** Deliveries that were acknowledged and are not in the inbox. */
  notStored: number;
}

async function acknowledgements(
  startBeside?: (database: Database) => Promise<Pick<Server, 'stop'>>,
): Promise<Acknowledged> {
  const database = await startDatabase();
  const load = Load.start();
  const [ours, bare] = await Promise.all([startOurs(database), startBare(database)]);
  const beside = await startBeside?.(database);
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
    const inInbox = async (condition: string): Promise<number> => {
      const { rows } = await database.sql.query<{ count: string }>(
        `SELECT count(*) FROM inbox WHERE ${condition}`,
      );
      return Number(rows[0]?.count);
    };
    let acknowledged = 0;
    const askOurs = async (count = COUNT) => {
      const result = await deliver(ours, '/webhooks/stripe', count);
      acknowledged += result.answered;
      // What a worker has still to do is not the next side's load.
      if (beside !== undefined)
        await eventually('an empty inbox', async () => (await inInbox(`status = 'waiting'`)) === 0);
      return result;
    };
    const askBare = (count = COUNT) => deliver(bare, '/webhook', count);
    await askOurs(WARM_UP);
    await askBare(WARM_UP);

    const found: Acknowledged = { rates: [], tails: [], cpu: [], notStored: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const [own, other] =
        round % 2 === 0 ? [await askOurs(), await askBare()] : (await inTurn(askBare, askOurs)).reverse();
      if (own === undefined || other === undefined) throw new Error('a round without figures');
      found.rates.push({ ours: own.perSecond, baseline: other.perSecond });
      found.tails.push({ ours: own.p99, baseline: other.p99 });
      found.cpu.push({ ours: own.cpu, baseline: other.cpu });
    }
    found.notStored = acknowledged - (await inInbox('true'));
    return found;
  } finally {
    await Promise.all([ours.stop(), bare.stop(), beside?.stop(), load.stop()]);
    await database.stop();
  }
}

async function inTurn<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T[]> {
  const one = await first();
  return [one, await second()];
}
