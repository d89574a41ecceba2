import type { Mode } from '../domain/mode';
import type { Seconds } from '../domain/time';
import type { Db } from './client';

/** The present time of an account. Signature times, leases and tokens use the system's clock instead. */
export interface Clock {
  /** Seconds, UTC. Without an account: the system's time. */
  now(mode: Mode, accountId: string | null): Promise<Seconds>;
  /** Moves an account's clock to that offset (seconds ahead of the system); forward only. */
  moveTo(mode: Mode, accountId: string, offsetSeconds: number): Promise<void>;
}

const system = (): Seconds => Math.floor(Date.now() / 1000);

/** The clock of production: the system's, the same for every account, and nothing moves it. */
export const systemClock: Clock = {
  now: () => Promise.resolve(system()),
  moveTo: () => Promise.reject(new Error('With real Stripe no clock can be moved.')),
};

/** The clock of the local stack and of tests: each account shares its offset with the emulator's clock. */
export function createMovableClock(db: Db): Clock {
  return {
    async now(mode, accountId) {
      if (accountId === null) return system();
      const row = await db.accountClock.findUnique({ where: { mode_accountId: { mode, accountId } } });
      return system() + (row?.offsetSeconds ?? 0);
    },
    async moveTo(mode, accountId, offsetSeconds) {
      await db.$executeRaw`
        INSERT INTO account_clock (mode, account_id, offset_seconds) VALUES (${mode}::"Mode", ${accountId}, ${offsetSeconds})
        ON CONFLICT (mode, account_id) DO UPDATE
          SET offset_seconds = GREATEST(account_clock.offset_seconds, EXCLUDED.offset_seconds)`;
    },
  };
}
