import { type Config, temporalConnection } from './config';
import { parse, schema } from './environment';
import { withSecretFiles } from './secret-files';

/** What `npm run replay` needs to know: whoever looks at runs has none of the product's own secrets. */
export interface ReplayConfig {
  temporal: Pick<Config['temporal'], 'connection' | 'namespace' | 'taskQueue' | 'payloadKeys'>;
  workflowBundle: string;
}

/** @throws ConfigError naming the variable and what is wrong with it. */
export function loadReplayConfig(given: Record<string, string | undefined>): ReplayConfig {
  const env = withSecretFiles(given);
  const e = parse(
    schema.pick({
      TEMPORAL_ADDRESS: true,
      TEMPORAL_NAMESPACE: true,
      TEMPORAL_TASK_QUEUE: true,
      TEMPORAL_PAYLOAD_KEYS: true,
      WORKFLOW_BUNDLE: true,
    }),
    env,
  );
  return {
    temporal: {
      connection: temporalConnection(env),
      namespace: e.TEMPORAL_NAMESPACE,
      taskQueue: e.TEMPORAL_TASK_QUEUE,
      payloadKeys: e.TEMPORAL_PAYLOAD_KEYS ?? null,
    },
    workflowBundle: e.WORKFLOW_BUNDLE,
  };
}
