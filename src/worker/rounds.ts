import { keepConnection } from '../db/kept-connection';
import type { Log } from '../log';
import { wordsOf } from '../stripe/errors';
import { createBell } from './bell';

/** A part of the relay that works in rounds. */
export interface Rounds {
  log: Log;
  databaseUrl: string;
  /** Where Postgres notifies of new work. */
  channel: string;
  /** For the log. */
  name: string;
  /** The fallback, where nobody notifies. */
  pollSeconds: number;
  /** Does what there is to do; true: there may be more at once. */
  round: () => Promise<boolean>;
}

/** Works in rounds, one after the other, whenever Postgres notifies; outside of Temporal, so that it outlives an outage of it. */
export function startRounds({ log, databaseUrl, channel, name, pollSeconds, round }: Rounds): {
  stop(): Promise<void>;
} {
  const bell = createBell();
  const listener = keepConnection({
    databaseUrl,
    name,
    async begin(client) {
      client.on('notification', bell.ring);
      await client.query(`LISTEN ${channel}`);
      bell.ring();
    },
    onTrouble: (why) => log.warn({ why, name }, 'The relay cannot listen at the moment'),
  });
  const running = (async () => {
    while (!bell.isStopped()) {
      bell.reset();
      try {
        if (await round()) continue;
      } catch (error) {
        log.warn({ why: wordsOf(error), name }, 'A round of the relay failed');
      }
      await bell.wait(pollSeconds * 1000);
    }
  })();
  return {
    async stop() {
      bell.stop();
      // It hears of nothing new; what is under way comes to its end.
      await listener.stop();
      await running;
    },
  };
}
