import { DefaultLogger, type LogEntry, type LogLevel, Runtime } from '@temporalio/worker';
import type { Level } from 'pino';
import type { Log } from '../log';

/** Pino decides what is written; the SDK leaves out only what nobody wants of a worker. */
const LEAST: LogLevel = 'INFO';

/**
 * Temporal's SDK, its native part included, writes to the process's log, so that a worker speaks JSON lines alone.
 * To be called before anything else of the SDK's worker is used.
 * @param metricsAddress where the native part hands out its metrics for Prometheus, host and port; nowhere if absent
 * @see https://docs.temporal.io/develop/typescript/observability#logging
 * @see https://docs.temporal.io/references/sdk-metrics
 */
export function logTemporalTo(log: Log, metricsAddress?: string): void {
  Runtime.install({
    logger: new DefaultLogger(LEAST, (entry) => writeTo(log, entry)),
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress === undefined ? {} : { metrics: { prometheus: prometheusAt(metricsAddress) } }),
    },
  });
}

/** Writes what the SDK says as a line of ours. */
export function writeTo(log: Log, { level: of, message, meta: { error, ...meta } = {} }: LogEntry): void {
  const level: Level = of.toLowerCase() as Lowercase<LogLevel>;
  log[level]({ ...meta, ...(error === undefined ? {} : { err: error }) }, message);
}

/** Names and units as Prometheus has them. https://prometheus.io/docs/practices/naming/ */
const prometheusAt = (bindAddress: string) => ({
  bindAddress,
  countersTotalSuffix: true,
  unitSuffix: true,
  useSecondsForDurations: true,
});
