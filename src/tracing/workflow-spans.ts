import { propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { InjectedSinks } from '@temporalio/worker';
import type { TracingSinks } from '../workflows/trace-context';

/** A span for each call that reaches a run: the moment in which it does. Without tracing, nothing. */
export const tracedWorkflows: InjectedSinks<TracingSinks> = {
  tracing: {
    entered: {
      fn({ workflowId, runId, workflowType }, name, caller) {
        const attributes = { temporalWorkflowId: workflowId, run_id: runId, workflowType };
        const parent = propagation.extract(ROOT_CONTEXT, caller);
        trace.getTracer('session-payments').startSpan(name, { attributes }, parent).end();
      },
    },
  },
};
