import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { effect, read } from './lives';

/** Nothing changes by these. */
const READS = new Set(['query', 'describe']);
/** Called around another one of these. */
const WITHIN_OTHERS = new Set(['start']);

interface Input {
  workflowType?: string;
  signalName?: string;
  updateName?: string;
}

/** Everything that a client may have intercepted, also what the SDK has only learnt since. */
const watching = new Proxy(
  {},
  {
    get(_target, method: string | symbol) {
      if (typeof method !== 'string' || WITHIN_OTHERS.has(method)) return undefined;
      return (input: Input, next: (input: Input) => Promise<unknown>) => {
        if (READS.has(method)) return read(() => next(input));
        const { workflowType, signalName, updateName } = input;
        const what = [method, workflowType, signalName, updateName].filter((word) => word !== undefined);
        return effect(`temporal ${what.join(' ')}`, () => next(input));
      };
    },
  },
) as WorkflowClientInterceptor;

/** The same client, whose every start, signal and update is an effect of whoever asks. */
export function watchTemporal(client: Client): Client {
  const { namespace, dataConverter, identity } = client.options;
  return new Client({
    connection: client.connection,
    namespace,
    dataConverter,
    identity,
    interceptors: { workflow: [watching] },
  });
}
