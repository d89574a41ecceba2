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
  startSyncEngine,
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

/**
 * How fast deliveries are acknowledged, no worker running: ours beside bare Express, HMAC and one INSERT, and beside an engine
 * that keeps what Stripe tells in tables.
 */
export async function webhooks(): Promise<Record<string, Measured>> {
  const { rates, tails, cpu, notStored } = await acknowledgements();
  const engine = await acknowledgements({ other: startSyncEngine });
  return {
    webhooks: compare(rates, 'at least 1.3 × bare, deliveries a second', (ratio) => ratio >= 1.3, {
      notStored,
      cpuMs: median(cpu.map((round) => round.ours)),
      cpuMsBare: median(cpu.map((round) => round.baseline)),
    }),
    'webhooks p99': compare(tails, 'at most 1.0 × bare, milliseconds', (ratio) => ratio <= 1),
    'webhooks, a sync engine': compare(
      engine.rates,
      'at least 1.5 × @supabase/stripe-sync-engine, deliveries a second',
      (ratio) => ratio >= 1.5,
      { notStored: engine.notStored, p99Ratio: ratioOf(engine.tails) },
    ),
  };
}

/** The same while a worker brings each of them where it belongs, on the same two cores; the bare server has none. */
export async function webhooksBesideWorker(): Promise<Record<string, Measured>> {
  const { rates, tails, notStored } = await acknowledgements({ beside: startWorker });
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

/** @param options `other`: what ours is held beside; `beside`: what runs beside both */
async function acknowledgements({
  other = startBare,
  beside: startBeside,
}: {
  other?: (database: Database) => Promise<Server>;
  beside?: (database: Database) => Promise<Pick<Server, 'stop'>>;
} = {}): Promise<Acknowledged> {
  const database = await startDatabase();
  const load = Load.start();
  const [ours, theirServer] = await Promise.all([startOurs(database), other(database)]);
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
    const askOther = (count = COUNT) => deliver(theirServer, '/webhook', count);
    await askOurs(WARM_UP);
    await askOther(WARM_UP);

    const found: Acknowledged = { rates: [], tails: [], cpu: [], notStored: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const [own, theirs] =
        round % 2 === 0 ? [await askOurs(), await askOther()] : (await inTurn(askOther, askOurs)).reverse();
      if (own === undefined || theirs === undefined) throw new Error('a round without figures');
      found.rates.push({ ours: own.perSecond, baseline: theirs.perSecond });
      found.tails.push({ ours: own.p99, baseline: theirs.p99 });
      found.cpu.push({ ours: own.cpu, baseline: theirs.cpu });
    }
    found.notStored = acknowledged - (await inInbox('true'));
    return found;
  } finally {
    await Promise.all([ours.stop(), theirServer.stop(), beside?.stop(), load.stop()]);
    await database.stop();
  }
}

async function inTurn<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T[]> {
  const one = await first();
  return [one, await second()];
}
