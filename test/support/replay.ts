import { PassThrough } from 'node:stream';
import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { atEnd } from '../harness/at-end';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { activityOf, childOf, patchOf, record } from './record';

export interface RunRef {
  workflowId: string;
  runId: string;
}

interface Replayed {
  workflowId: string;
  history: History;
}

/** Ways that runs of this process have taken and that have replayed. */
const replayed = new Set<string>();

/**
 * Replays runs against the workflows as they are: the same code has to take the same way through its own histories. One run
 * stands for all that have taken the same way.
 * @throws Error naming the first run that does not replay.
 */
export async function expectReplayable(client: Client, runs: readonly RunRef[]): Promise<void> {
  for (const { workflowId, runId } of runs) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    record(history);
    const way = wayOf(history);
    if (replayed.has(way)) continue;
    const error = await replay({ workflowId, history });
    if (error !== undefined) throw new Error(`${workflowId} (${runId}) does not replay`, { cause: error });
    replayed.add(way);
  }
}

/**
 * The way that a run has taken: the events of its history in their order, each with what it names (an activity, a timer by its
 * number, a child, a patch, who was heard).
 */
function wayOf({ events }: History): string {
  return JSON.stringify(
    events?.map((event) => [
      event.eventType,
      event.workflowExecutionStartedEventAttributes?.workflowType?.name,
      activityOf(event),
      event.activityTaskScheduledEventAttributes?.activityId,
      event.timerStartedEventAttributes?.timerId,
      childOf(event),
      event.workflowExecutionSignaledEventAttributes?.signalName,
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name,
      patchOf(event),
    ]),
  );
}

/** One worker replays for all test files of a process: starting it takes longer than what most of them leave to replay. */
let replayer: ReturnType<typeof startReplayer> | null = null;

function replay(run: Replayed): Promise<unknown> {
  if (replayer === null) {
    replayer = startReplayer();
    atEnd(async () => {
      const ending = replayer;
      replayer = null;
      await ending?.end();
    });
  }
  return replayer.replay(run);
}

/** A worker that waits for histories, and replays one after the other. */
function startReplayer() {
  const histories = new PassThrough({ objectMode: true });
  // As a replay is by default, in the debug mode, the SDK hooks into every promise of this process and never lets go: all
  // test files after the first would be slower, each more than the one before. Workflows run in a thread instead.
  const options = { workflowBundle: getWorkflowBundle(), replayName: 'rig', debugMode: false };
  const results = Worker.runReplayHistories(options, histories);
  return {
    /** @returns why it does not replay; undefined if it does */
    async replay(run: Replayed): Promise<unknown> {
      histories.write(run);
      const { done, value } = await results.next();
      if (done === true) throw new Error('The worker that replays has ended.');
      return value.error;
    },
    async end(): Promise<void> {
      histories.end();
      await results.next();
    },
  };
}
