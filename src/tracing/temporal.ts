import { propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { TracingSinks } from '../workflows/trace-context';

/** A span for each call of a client, which the run that is called goes on with. https://docs.temporal.io/develop/typescript/observability */
export const tracedCalls = (): WorkflowClientInterceptor => new OpenTelemetryWorkflowClientInterceptor();

/** A span for each try of an activity, in the trace of whoever called its run. */
export const tracedActivities: ActivityInterceptorsFactory = (context) => ({
  inbound: new OpenTelemetryActivityInboundInterceptor(context),
});

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
