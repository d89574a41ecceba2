import { Client } from 'pg';

/** Milliseconds before a lost connection is made again. */
const AGAIN = 1000;
/** Milliseconds for a new connection, and for what is done first on it. */
const CONNECT = 5000;

export interface KeptConnection {
  stop(): Promise<void>;
}

/**
 * A connection of its own that is made again whenever it is lost, for what belongs to a session of Postgres: LISTEN,
 * and locks that last as long as it does. It has to lead to Postgres itself, or to a pooler in session mode.
 */
export function keepConnection(options: {
  databaseUrl: string;
  /** As `pg_stat_activity` shows it. */
  name: string;
  /** Told in words whenever it is lost, or cannot be made yet. */
  onTrouble: (why: string) => void;
  /** What is done on every new connection, before it counts as there. */
  begin: (client: Client) => Promise<void>;
  lost?: () => void;
}): KeptConnection {
  let stopped = false;
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new Client({
      connectionString: options.databaseUrl,
      application_name: options.name,
      connectionTimeoutMillis: CONNECT,
      query_timeout: CONNECT,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    const lost = () => {
      next.removeAllListeners('end');
      if (client !== next) return;
      client = undefined;
      options.lost?.();
      if (!stopped) retry = setTimeout(() => void connect(), AGAIN);
    };
    client = next;
    next.on('error', (error) => {
      options.onTrouble(error.message);
      lost();
    });
    next.on('end', lost);
    try {
      await next.connect();
      await options.begin(next);
    } catch (error) {
      options.onTrouble(error instanceof Error ? error.message : 'error');
      lost();
      await next.end().catch(() => undefined);
    }
  };
  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
