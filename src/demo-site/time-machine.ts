import { readFileSync } from 'node:fs';
import type { Connection, Mode } from '@session/sdk';
import { moveTime, readClock } from '../local/time-travel';
import { productOverHttp } from '../local/product-over-http';
import type { LocalJson } from '../local/local-json';

const DAY = 86_400;

/** Moves the time of the demo coach's Stripe account: the emulated Stripe and Session together. */
export interface TimeMachine {
  /** The account's time, ISO 8601; null while no account is connected. */
  now(mode: Mode, connection: Connection): Promise<string | null>;
  advance(mode: Mode, connection: Connection, days: number): Promise<void>;
}

/** @param localJson where `npm start` writes down what it runs; read each time, as it is written last. */
export function createTimeMachine(localJson: string, coachId: string): TimeMachine {
  const account = (mode: Mode, { accountId }: Connection) => {
    const { api, platformKey, stripeEmulator } = JSON.parse(readFileSync(localJson, 'utf8')) as LocalJson;
    if (stripeEmulator === null || accountId === null) return null;
    return { api, platformKey, coachId, mode, accountId, emulator: stripeEmulator };
  };
  return {
    async now(mode, connection) {
      const at = account(mode, connection);
      return at === null ? null : new Date((await readClock(at)).now * 1000).toISOString();
    },
    async advance(mode, connection, days) {
      const at = account(mode, connection);
      if (at === null) return;
      await moveTime(at, productOverHttp(at), (await readClock(at)).now + days * DAY);
    },
  };
}
