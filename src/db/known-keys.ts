import type { Pool } from 'pg';
import { type KnownKey, readKey } from './hot-reads';
import { keepConnection } from './kept-connection';

/** Milliseconds that a key is known without being asked for again: as long as the loss of a connection may go unnoticed. */
const KNOWN_FOR = 5000;
/** More keys than this are not known at once. */
const MOST = 10_000;
/** The channel of the trigger on `api_key`. */
const CHANNEL = 'api_key';

/** API keys by their hashes. */
export interface KnownKeys {
  find(hash: string): Promise<KnownKey | null>;
  /** The key was revoked by this process: nobody has to be told by Postgres first. */
  forget(id: string): void;
  stop(): Promise<void>;
}

/** Asks Postgres each time. */
export function askForKeys(pool: Pool): KnownKeys {
  return { find: (hash) => readKey(pool, hash), forget: () => undefined, stop: () => Promise.resolve() };
}

/**
 * Keeps keys that are in use for some seconds. Postgres tells of every key that is revoked, by whichever process; while
 * this one cannot hear it, no key is kept.
 * @param knownFor milliseconds that a key is kept
 */
export function knowKeys(
  pool: Pool,
  databaseUrl: string,
  onTrouble: (why: string) => void,
  knownFor = KNOWN_FOR,
): KnownKeys {
  const known = new Map<string, { key: KnownKey; until: number }>();
  let isListening = false;
  /** Rises with all that may make what is being read untrue. */
  let changes = 0;
  const forgetAll = () => {
    changes++;
    known.clear();
  };
  const forget = (id: string) => {
    changes++;
    for (const [hash, { key }] of known) if (key.id === id) known.delete(hash);
  };
  const connection = keepConnection({
    databaseUrl,
    name: 'keys',
    onTrouble,
    async begin(client) {
      client.on('notification', ({ payload }) => forget(payload ?? ''));
      await client.query(
        'SET idle_session_timeout = 0; SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3',
      );
      await client.query(`LISTEN ${CHANNEL}`);
      forgetAll();
      isListening = true;
    },
    lost() {
      isListening = false;
      forgetAll();
    },
  });
  return {
    async find(hash) {
      const present = known.get(hash);
      if (present !== undefined && present.until > performance.now()) return present.key;
      const before = changes;
      const key = await readKey(pool, hash);
      if (key !== null && key.revokedAt === null && isListening && changes === before) {
        if (known.size >= MOST) known.clear();
        known.set(hash, { key, until: performance.now() + knownFor });
      } else known.delete(hash);
      return key;
    },
    forget,
    stop: () => connection.stop(),
  };
}
