import { setTimeout } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { PREVIOUS_CONNECTION } from '../messages/messages';

/** Milliseconds between tries while the run of a coach's previous connection ends: five seconds in all. */
const PAUSES = [20, 50, 100, 200, 400, 800, 1600, 1600];

/** gRPC's NOT_FOUND and ABORTED. */
const RUN_CLOSED = [5, 10];

/** Asks again while the run that has the id is still that of the coach's previous connection, just ending. */
export async function untilOwnRun<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await ask();
    } catch (error) {
      if (!isBetweenRuns(error)) throw error;
      await setTimeout(pause);
    }
  }
  return ask();
}

/** The previous run turned the request away, or closed before it took it: nothing has happened to the request yet. */
function isBetweenRuns(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError)
    return error.cause instanceof ApplicationFailure && error.cause.type === PREVIOUS_CONNECTION;
  return (
    error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && RUN_CLOSED.includes(error.code))
  );
}
