import { Counter, type Registry } from 'prom-client';
import type { WorkflowClient } from '../../temporal/workflow-client';

/** Counts what the relay tells Temporal: runs that were woken, started or found closed, and calls that failed. */
export function measureRelay(workflows: WorkflowClient, registry: Registry): WorkflowClient {
  const told = new Counter({
    name: 'session_relay_calls_total',
    help: "The relay's calls to Temporal by what came of them",
    labelNames: ['call', 'outcome'],
    registers: [registry],
  });
  const counted =
    <Args extends unknown[], Answer>(
      call: string,
      ask: (...args: Args) => Promise<Answer>,
      word: (answer: Answer) => string,
    ) =>
    async (...args: Args): Promise<Answer> => {
      try {
        const answer = await ask(...args);
        told.inc({ call, outcome: word(answer) });
        return answer;
      } catch (error) {
        told.inc({ call, outcome: 'failed' });
        throw error;
      }
    };
  return {
    ...workflows,
    signalEvent: counted('signal', workflows.signalEvent, (woken) => (woken ? 'woken' : 'not_running')),
    startMissing: counted('start', workflows.startMissing, String),
    startStripeEvent: counted('start_event', workflows.startStripeEvent, String),
  };
}
