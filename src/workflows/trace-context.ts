import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import {
  AsyncLocalStorage,
  proxySinks,
  type Sinks,
  workflowInfo,
  type WorkflowInterceptors,
} from '@temporalio/workflow';

/** Where `@temporalio/interceptors-opentelemetry` puts the span of a caller: W3C's `traceparent`, as a payload. */
const TRACE_HEADER = '_tracer-data';

/** A span of the caller, as W3C writes it. https://www.w3.org/TR/trace-context/ */
export type Carrier = Record<string, string>;

/** Told that a run has been called in a trace; not told again as it replays. */
export interface TracingSinks extends Sinks {
  tracing: { entered(name: string, caller: Carrier): void };
}

/** What handlers of a run are called by; each has its own. */
const handling = new AsyncLocalStorage<Headers>();

/**
 * Carries the trace of whoever calls a run to what the run does for them: its activities, its children, its next run.
 * Without a trace it does nothing, and with one it awaits nothing: the order in which workflow code goes on is the same,
 * so that tracing is turned on and off over open runs (docs/decisions/0058-traces.md).
 */
export const interceptors = (): WorkflowInterceptors => {
  const { tracing } = proxySinks<TracingSinks>();
  /** Of whoever has told the run something last: what its main loop does next, it does for them. */
  let latest: Headers = {};
  const entered = (name: string, headers: Headers): Headers => {
    const payload = headers[TRACE_HEADER];
    if (payload === undefined) return {};
    tracing.entered(name, defaultPayloadConverter.fromPayload<Carrier>(payload));
    return { [TRACE_HEADER]: payload };
  };
  const onward = <Input extends { headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...input.headers, ...(handling.getStore() ?? latest) },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          latest = entered(`RunWorkflow:${workflowInfo().workflowType}`, input.headers);
          return next(input);
        },
        handleSignal(input, next) {
          latest = entered(`HandleSignal:${input.signalName}`, input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          return handling.run(entered(`HandleUpdate:${input.name}`, input.headers), () => next(input));
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(onward(input)),
        startChildWorkflowExecution: (input, next) => next(onward(input)),
        continueAsNew: (input, next) => next(onward(input)),
      },
    ],
  };
};
