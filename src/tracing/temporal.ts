import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** A span for each call of a client, which the run that is called goes on with. https://docs.temporal.io/develop/typescript/observability */
export const tracedCalls = (): WorkflowClientInterceptor => new OpenTelemetryWorkflowClientInterceptor();

/** A span for each try of an activity, in the trace of whoever called its run. */
export const tracedActivities: ActivityInterceptorsFactory = (context) => ({
  inbound: new OpenTelemetryActivityInboundInterceptor(context),
});
