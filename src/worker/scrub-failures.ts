import { CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { withoutWords } from '../log';

/**
 * An error of an activity as it may stand in a history and in the log: which one it is and where, never its words. A
 * database's error has the row in its text, a library's the request. What we throw ourselves as a failure has words of
 * ours, and stays as it is.
 */
export function scrubbed(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof CompleteAsyncError) return error;
  if (!(error instanceof Error) || error.name === 'AbortError') return error;
  const { name, code, frames } = withoutWords(error);
  const message = code === undefined ? name : `${name} ${code}`;
  const failure = ApplicationFailure.create({ message, type: name });
  failure.stack = [`${name}: ${message}`, ...frames].join('\n');
  return failure;
}

/**
 * The one place that every failing activity goes through on its way to Temporal. Failures are not encoded, and a history is
 * kept for days. https://docs.temporal.io/failure-converter
 */
export const scrubFailures: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw scrubbed(error);
      }
    },
  } satisfies ActivityInboundCallsInterceptor,
});
