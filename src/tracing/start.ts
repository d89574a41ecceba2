import { tracedActivities, tracedCalls } from './temporal';
import { startTracing } from './tracing';

/**
 * All that tracing needs. It is imported where tracing is on, and not before: OpenTelemetry's libraries are a tenth of what a
 * process weighs, and of the time in which it starts.
 * @param service the process's name in traces
 */
export function traced(service: string) {
  const { stop } = startTracing(service);
  return { stop, calls: [tracedCalls()], activities: [tracedActivities] };
}
