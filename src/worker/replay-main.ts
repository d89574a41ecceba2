import { parseArgs } from 'node:util';
import { ConfigError } from '../config/environment';
import { loadReplayConfig } from '../config/replay-config';
import { createLog } from '../log';
import { connectTemporal } from '../temporal/connect';
import { bundleFor, dataConverterFor } from '../temporal/data-converter';
import { logTemporalTo } from '../temporal/sdk-log';
import { replayFromServer } from './replay';

const USAGE = `npm run replay -- --from-server [--limit N] [--json]

Replays what runs at the Temporal server against the workflows of this build, before it is rolled out. It only reads. The
server is found by TEMPORAL_ADDRESS and the rest of Temporal's environment, as the worker does.

  --limit N   so many runs of each workflow, open ones first (200)
  --json      the report as JSON, and nothing else
`;

/** The workflows by their names at Temporal; a test compares them with those that there are. */
export const WORKFLOW_TYPES = [
  'catalogChange',
  'checkout',
  'connection',
  'coupon',
  'customerAddress',
  'mail',
  'memberErasure',
  'membership',
  'paymentRefund',
  'priceMove',
  'liveCopy',
  'priceProvisioning',
  'reconciliation',
  'retention',
  'stripeEvent',
  'webhookDelivery',
  'withdrawal',
];

/** The command. Answers the exit code: 1 where a run does not replay. */
export async function main(
  args: string[],
  env: Record<string, string | undefined>,
  print: (text: string) => void,
): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      'from-server': { type: 'boolean', default: false },
      limit: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const limit = Number(values.limit);
  if (values.help || !values['from-server'] || !Number.isInteger(limit) || limit < 1) {
    print(USAGE);
    return values.help ? 0 : 1;
  }
  const { temporal, workflowBundle } = loadReplayConfig(env);
  logTemporalTo(createLog('replay', 'silent'));
  const client = await connectTemporal(temporal);
  try {
    const report = await replayFromServer(client, WORKFLOW_TYPES, {
      taskQueue: temporal.taskQueue,
      limit,
      worker: {
        workflowBundle: { codePath: bundleFor(temporal, workflowBundle) },
        dataConverter: dataConverterFor(temporal),
      },
    });
    if (values.json) print(`${JSON.stringify(report)}\n`);
    else {
      const counts = Object.entries(report.replayed).filter(([, count]) => count > 0);
      print(`Replayed ${counts.map(([type, count]) => `${count} ${type}`).join(', ') || 'nothing'}.\n`);
      for (const { workflowId, runId, why } of report.failed)
        print(`DOES NOT REPLAY: ${workflowId} (${runId}): ${why}\n`);
    }
    return report.failed.length === 0 ? 0 : 1;
  } finally {
    await client.connection.close();
  }
}

if (require.main === module)
  main(process.argv.slice(2), process.env, (text) => void process.stdout.write(text))
    .then((code) => process.exit(code))
    .catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(
        error instanceof ConfigError ? `${message}\n` : `Nothing was replayed: ${message}\n`,
      );
      process.exit(2);
    });
