import {
  type Client,
  WithStartWorkflowOperation,
  type Workflow,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { StartOptions } from '../messages/start-options';
import type { Workflows } from '../messages/workflows';

export type Started = 'started' | 'already_started';

/**
 * The ways in which a run is reached, whichever it is. A workflow is named with its own options, and messages are
 * definitions, so a name or an input that does not fit does not compile.
 */
export function createStarts(client: Client, taskQueue: string) {
  return {
    /** Starts a run, unless one has the id. */
    async start<Name extends keyof Workflows>(name: Name, options: StartOptions<Name>): Promise<Started> {
      try {
        await client.workflow.start<Workflow>(name, { taskQueue, ...options });
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_started';
        throw error;
      }
    },

    /** Signals the run, which is started if there is none. */
    async signalWithStart<Name extends keyof Workflows>(
      name: Name,
      options: StartOptions<Name>,
      signal: SignalDefinition,
    ): Promise<void> {
      await client.workflow.signalWithStart<Workflow>(name, {
        taskQueue,
        ...options,
        signal,
        signalArgs: [],
      });
    },

    /** Asks the run, which is started if there is none, and resolves with its answer. The same id is asked once. */
    updateWithStart<Name extends keyof Workflows, Answer, Args extends unknown[]>(
      name: Name,
      options: StartOptions<Name>,
      update: UpdateDefinition<Answer, Args>,
      request: { updateId: string; args: Args },
    ): Promise<Answer> {
      const { updateId, args } = request;
      return client.workflow.executeUpdateWithStart<Workflow, Answer, unknown[]>(
        update as unknown as UpdateDefinition<Answer, unknown[]>,
        {
          updateId,
          args,
          startWorkflowOperation: new WithStartWorkflowOperation<Workflow>(name, {
            taskQueue,
            ...options,
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        },
      );
    },

    /** Signals the run if there is one. False: none is running. */
    async signal<Args extends unknown[]>(
      workflowId: string,
      signal: SignalDefinition<Args>,
      ...args: Args
    ): Promise<boolean> {
      try {
        await client.workflow.getHandle(workflowId).signal(signal, ...args);
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}
