import { createServer } from 'node:http';
import { type Config, loadConfig } from '../config/config';
import { ConfigError } from '../config/environment';
import { createDatabase } from '../db/client';
import { createMovableClock, systemClock } from '../db/clock';
import { knowKeys } from '../db/known-keys';
import { announcePresence } from '../db/presence';
import { createLog } from '../log';
import { paceOf } from '../stripe/allowance';
import { createStripeClients } from '../stripe/client';
import { wordsOf } from '../stripe/errors';
import { connectTemporalLazily } from '../temporal/connect';
import { createWorkflowClient } from '../temporal/workflow-client';
import { measureStripe } from '../stripe/metrics';
import { tracedHttpClient } from '../stripe/trace';
import { createApp } from './app';
import { closingGently } from './closing';
import { forgetOldMemberSessions } from './account/sessions';
import { forgetOldSessions } from './console/sessions';
import { createMetrics } from './http/metrics';

/** Milliseconds that requests under way get to finish after SIGTERM; longer than any of them takes. */
const GRACE = 30_000;
/**
 * Milliseconds that an idle connection stays open: longer than load balancers keep theirs (60 s as a rule), so that none
 * sends a request into a connection that closes. https://nodejs.org/api/http.html#serverkeepalivetimeout
 */
const KEEP_ALIVE = 75_000;
const HOUR = 3600 * 1000;

function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The API cannot start. ${error.message}.\n`);
    process.exit(1);
  }
}

async function main(): Promise<void> {
  const config = configOrExit();
  const log = createLog('api', config.logLevel);
  const { db, pool } = createDatabase(config.databaseUrl, config.databasePoolSize);
  const presence = announcePresence(config.databaseUrl, (why) =>
    log.warn({ why }, 'Others cannot tell whether this process is there'),
  );
  const keys = knowKeys(pool, config.databaseUrl, (why) =>
    log.warn({ why }, 'Keys are asked for each time: nobody could tell which are revoked'),
  );
  const tracing = config.tracing
    ? (await import('../tracing/start.js')).traced('session-payments-api')
    : null;
  const temporal = connectTemporalLazily(config.temporal, tracing?.calls ?? []);
  const stripe = createStripeClients(config.stripe, {
    httpClient: tracing === null ? undefined : tracedHttpClient,
    pace: paceOf(pool, config.stripe.limits, {
      onTrouble: (error) => log.warn({ why: wordsOf(error) }, 'Nobody can say whose turn at Stripe it is'),
    }),
  });
  const metrics = createMetrics();
  measureStripe(stripe, metrics.registry);
  const app = createApp({
    config,
    metrics,
    db,
    pool,
    keys,
    presence,
    log,
    clock: config.localClock ? createMovableClock(db) : systemClock,
    workflows: createWorkflowClient(temporal, {
      taskQueue: config.temporal.taskQueue,
      checkoutPollSeconds: config.checkoutPollSeconds,
    }),
    stripe,
    temporalReady: async () => {
      await temporal.withDeadline(Date.now() + 2000, () => temporal.workflowService.getSystemInfo({}));
    },
  });

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, app);
  const close = closingGently(server);
  server.on('error', (error: NodeJS.ErrnoException) => {
    const where = `${config.api.host}:${config.api.port}`;
    process.stderr.write(
      `The API cannot listen on ${where}: ${error.code ?? error.message}. Set API_PORT to a free port.\n`,
    );
    process.exit(1);
  });
  server.listen(config.api.port, config.api.host, () => {
    log.info(
      { host: config.api.host, port: config.api.port, publicUrl: config.api.publicUrl },
      'the API listens',
    );
  });
  const sweep = setInterval(() => {
    Promise.all([forgetOldSessions(db), forgetOldMemberSessions(db)]).catch((error: unknown) =>
      log.warn({ code: (error as { code?: unknown }).code }, 'sweep failed'),
    );
  }, HOUR);

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'the API stops');
    clearInterval(sweep);
    const late = setTimeout(() => process.exit(1), GRACE);
    late.unref();
    void close()
      .then(() =>
        Promise.allSettled([
          presence.stop(),
          keys.stop(),
          db.$disconnect(),
          temporal.connection.close(),
          tracing?.stop(),
        ]),
      )
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`The API stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
