import { setTimeout } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  type WorkflowStartOptions,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  type SearchAttributePair,
  type SignalDefinition,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { Mode } from '../domain/mode';
import type { CatalogTarget, Target } from '../messages/messages';
import * as messages from '../messages/messages';
import type { Workflows } from '../messages/workflows';
import {
  catalogWorkflowId,
  checkoutWorkflowId,
  connectionWorkflowId,
  memberErasureWorkflowId,
  membershipWorkflowId,
  priceMoveWorkflowId,
  priceWorkflowId,
  stripeEventWorkflowId,
  workflowIdOf,
} from '../messages/ids';
import { CoachId, MemberId, ModeAttribute, StripeAccountId } from '../messages/search-attributes';

/** Who a run belongs to, as an operator searches for it. */
export interface Owner {
  mode: Mode;
  coachId: string;
  accountId?: string | null;
  memberId?: string | null;
}

/** Which run works on a thing, for logs, timelines and links to the Web UI. */
export interface RunRef {
  workflowId: string;
  runId: string;
}

export type Started = 'started' | 'already_started';

function attributes(owner: Owner): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [
    { key: CoachId, value: owner.coachId },
    { key: ModeAttribute, value: owner.mode },
  ];
  if (owner.accountId) pairs.push({ key: StripeAccountId, value: owner.accountId });
  if (owner.memberId) pairs.push({ key: MemberId, value: owner.memberId });
  return new TypedSearchAttributes(pairs);
}

async function started(start: Promise<unknown>): Promise<Started> {
  try {
    await start;
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_started';
    throw error;
  }
}

/** Milliseconds between tries while the run of a coach's previous connection ends: five seconds in all. */
const PAUSES = [20, 50, 100, 200, 400, 800, 1600, 1600];

/** gRPC's NOT_FOUND and ABORTED. */
const RUN_CLOSED = [5, 10];

/** Asks again while the run that has the id is still that of the coach's previous connection, just ending. */
async function untilOwnRun<T>(ask: () => Promise<T>): Promise<T> {
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
    return error.cause instanceof ApplicationFailure && error.cause.type === messages.PREVIOUS_CONNECTION;
  return (
    error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && RUN_CLOSED.includes(error.code))
  );
}

/**
 * Every way in which the API and the relay start, signal and update our workflows: the ids, the reuse policies and the
 * search attributes are decided here and nowhere else.
 *
 * Reuse policies (decision record 0004): the runs of checkouts and prices are replaced only when somebody terminated them
 * (their creates carry the row's keys), entities and event runs may be at any time (a terminated run has to be
 * replaceable; each run first loads its row and ends if that is terminal).
 */
export function createWorkflowClient(
  client: Client,
  options: { taskQueue: string; checkoutPollSeconds: number },
) {
  const { taskQueue } = options;
  const handle = (workflowId: string) => client.workflow.getHandle(workflowId);
  const signalIfRunning = async (workflowId: string, signal: SignalDefinition): Promise<void> => {
    try {
      await handle(workflowId).signal(signal);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };

  /** What the starts of a kind of run have in common; `conflict` says what a running one means. */
  const checkoutOptions = (checkoutId: string, owner: Owner) =>
    ({
      taskQueue,
      workflowId: checkoutWorkflowId(checkoutId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      args: [
        { checkoutId, mode: owner.mode, coachId: owner.coachId, pollSeconds: options.checkoutPollSeconds },
      ],
      typedSearchAttributes: attributes(owner),
      staticSummary: `Checkout ${checkoutId} (${owner.mode})`,
    }) satisfies WorkflowStartOptions<Workflows['checkout']>;
  const membershipOptions = (membershipId: string, owner: Owner) =>
    ({
      taskQueue,
      workflowId: membershipWorkflowId(membershipId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ membershipId, mode: owner.mode, coachId: owner.coachId }],
      typedSearchAttributes: attributes(owner),
      staticSummary: `Membership ${membershipId} (${owner.mode})`,
    }) satisfies WorkflowStartOptions<Workflows['membership']>;
  const connectionOptions = (connectionId: string, owner: Owner) =>
    ({
      taskQueue,
      workflowId: connectionWorkflowId(owner.mode, owner.coachId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ connectionId, mode: owner.mode, coachId: owner.coachId }],
      typedSearchAttributes: attributes(owner),
      staticSummary: `Connection of ${owner.coachId} (${owner.mode})`,
    }) satisfies WorkflowStartOptions<Workflows['connection']>;

  const priceMoveOptions = (moveId: string, owner: Owner) =>
    ({
      taskQueue,
      workflowId: priceMoveWorkflowId(moveId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ moveId, mode: owner.mode, coachId: owner.coachId }],
      typedSearchAttributes: attributes(owner),
      staticSummary: `Move ${moveId} of a price's members (${owner.mode})`,
    }) satisfies WorkflowStartOptions<Workflows['priceMove']>;

  const memberErasureOptions = (memberId: string, owner: Owner) =>
    ({
      taskQueue,
      workflowId: memberErasureWorkflowId(memberId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ memberId, mode: owner.mode, coachId: owner.coachId }],
      typedSearchAttributes: attributes({ ...owner, memberId }),
      staticSummary: `Erasure of ${memberId} (${owner.mode})`,
    }) satisfies WorkflowStartOptions<Workflows['memberErasure']>;

  const withCheckout = (checkoutId: string, owner: Owner) =>
    new WithStartWorkflowOperation<Workflows['checkout']>('checkout', {
      ...checkoutOptions(checkoutId, owner),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  const withMembership = (membershipId: string, owner: Owner) =>
    new WithStartWorkflowOperation<Workflows['membership']>('membership', {
      ...membershipOptions(membershipId, owner),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  const withConnection = (connectionId: string, owner: Owner) =>
    new WithStartWorkflowOperation<Workflows['connection']>('connection', {
      ...connectionOptions(connectionId, owner),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });

  return {
    /** Gives up on calls of `fn` after that many milliseconds: what they began at Temporal goes on all the same. */
    withDeadline: <R>(milliseconds: number, fn: () => Promise<R>): Promise<R> =>
      client.withDeadline(Date.now() + milliseconds, fn),

    // --- connection
    /** Gives the row a run, or tells the run of the coach's previous connection, just ending, that there is a next. */
    async openConnection(connectionId: string, owner: Owner): Promise<void> {
      await client.workflow.signalWithStart<Workflows['connection'], []>('connection', {
        ...connectionOptions(connectionId, owner),
        signal: messages.rowChanged,
        signalArgs: [],
      });
    },
    /** Gives the row a run and its attempt an account (account links); resolves when the account is there. */
    prepareConnection: (connectionId: string, owner: Owner, updateId: string) =>
      untilOwnRun(() =>
        client.workflow.executeUpdateWithStart(messages.prepareConnection, {
          updateId,
          args: [{ connectionId }],
          startWorkflowOperation: withConnection(connectionId, owner),
        }),
      ),
    /** The row was changed by a request. A missing run is no matter: whoever starts one loads the row first. */
    connectionChanged: (owner: Owner) =>
      signalIfRunning(connectionWorkflowId(owner.mode, owner.coachId), messages.rowChanged),
    startConnection: (connectionId: string, owner: Owner) =>
      started(
        client.workflow.start<Workflows['connection']>('connection', connectionOptions(connectionId, owner)),
      ),
    confirmConnection: (connectionId: string, owner: Owner, updateId: string) =>
      untilOwnRun(() =>
        client.workflow.executeUpdateWithStart(messages.confirmConnection, {
          updateId,
          args: [{ connectionId }],
          startWorkflowOperation: withConnection(connectionId, owner),
        }),
      ),
    disconnect: (connectionId: string, owner: Owner, updateId: string) =>
      untilOwnRun(() =>
        client.workflow.executeUpdateWithStart(messages.disconnect, {
          updateId,
          args: [{ connectionId }],
          startWorkflowOperation: withConnection(connectionId, owner),
        }),
      ),

    // --- price provisioning
    startPriceProvisioning: (provisioningId: string, owner: Owner) =>
      started(
        client.workflow.start<Workflows['priceProvisioning']>('priceProvisioning', {
          taskQueue,
          workflowId: priceWorkflowId(provisioningId),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          args: [{ provisioningId, mode: owner.mode, coachId: owner.coachId }],
          typedSearchAttributes: attributes(owner),
          staticSummary: `Price provisioning ${provisioningId} (${owner.mode})`,
        }),
      ),

    /** Pushes the present row of a product or price to Stripe; edits that come meanwhile join the same run. */
    async syncCatalog(target: CatalogTarget, owner: Owner): Promise<void> {
      await client.workflow.signalWithStart<Workflows['catalogChange'], []>('catalogChange', {
        taskQueue,
        workflowId: catalogWorkflowId(target.id),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        args: [{ target, mode: owner.mode, coachId: owner.coachId }],
        signal: messages.rowChanged,
        signalArgs: [],
        typedSearchAttributes: attributes(owner),
        staticSummary: `Change of ${target.kind} ${target.id} (${owner.mode})`,
      });
    },

    // --- checkout
    openCheckout: (checkoutId: string, owner: Owner) =>
      client.workflow.executeUpdateWithStart(messages.openCheckout, {
        updateId: checkoutId,
        startWorkflowOperation: withCheckout(checkoutId, owner),
      }),
    memberReturned: (checkoutId: string, updateId: string) =>
      handle(checkoutWorkflowId(checkoutId)).executeUpdate(messages.memberReturned, { updateId }),
    cancelCheckout: (checkoutId: string, updateId: string) =>
      handle(checkoutWorkflowId(checkoutId)).executeUpdate(messages.cancelCheckout, { updateId }),

    // --- membership
    cancelMembership: (
      membershipId: string,
      owner: Owner,
      request: { requestId: string; at: 'now' | 'period_end' },
    ) =>
      client.workflow.executeUpdateWithStart(messages.cancelMembership, {
        updateId: request.requestId,
        args: [request],
        startWorkflowOperation: withMembership(membershipId, owner),
      }),
    pauseMembership: (
      membershipId: string,
      owner: Owner,
      request: { requestId: string; until?: number | null },
    ) =>
      client.workflow.executeUpdateWithStart(messages.pauseMembership, {
        updateId: request.requestId,
        args: [request],
        startWorkflowOperation: withMembership(membershipId, owner),
      }),
    changeMembershipPrice: (membershipId: string, owner: Owner, request: messages.PriceChangeRequest) =>
      client.workflow.executeUpdateWithStart(messages.changeMembershipPrice, {
        updateId: request.requestId,
        args: [request],
        startWorkflowOperation: withMembership(membershipId, owner),
      }),
    resumeMembership: (membershipId: string, owner: Owner, request: { requestId: string }) =>
      client.workflow.executeUpdateWithStart(messages.resumeMembership, {
        updateId: request.requestId,
        args: [request],
        startWorkflowOperation: withMembership(membershipId, owner),
      }),

    // --- moving the members of a price
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    async priceMoveChanged(moveId: string, owner: Owner): Promise<void> {
      await client.workflow.signalWithStart<Workflows['priceMove'], []>('priceMove', {
        ...priceMoveOptions(moveId, owner),
        signal: messages.rowChanged,
        signalArgs: [],
      });
    },
    startPriceMove: (moveId: string, owner: Owner) =>
      started(client.workflow.start<Workflows['priceMove']>('priceMove', priceMoveOptions(moveId, owner))),

    // --- erasing a member
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    async memberErasureChanged(memberId: string, owner: Owner): Promise<void> {
      await client.workflow.signalWithStart<Workflows['memberErasure'], []>('memberErasure', {
        ...memberErasureOptions(memberId, owner),
        signal: messages.rowChanged,
        signalArgs: [],
      });
    },
    startMemberErasure: (memberId: string, owner: Owner) =>
      started(
        client.workflow.start<Workflows['memberErasure']>(
          'memberErasure',
          memberErasureOptions(memberId, owner),
        ),
      ),

    // --- the relay
    /** Wakes the run that owns the target. False when none is running. */
    async signalEvent(target: Target, owner: Owner, accountId: string): Promise<boolean> {
      try {
        await handle(workflowIdOf(target, owner)).signal(messages.stripeEventReceived, { accountId });
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    /** Gives a row that is not terminal the run that it lacks. */
    async startMissing(target: Target, owner: Owner): Promise<Started> {
      switch (target.kind) {
        case 'connection':
          return this.startConnection(target.id, owner);
        case 'checkout':
          return started(
            client.workflow.start<Workflows['checkout']>('checkout', checkoutOptions(target.id, owner)),
          );
        case 'membership':
          return started(
            client.workflow.start<Workflows['membership']>('membership', membershipOptions(target.id, owner)),
          );
        case 'product':
          throw new Error('A product has no run of its own');
      }
    },
    /** The fallback for a target that has no run and needs none: the same activity, once. */
    startStripeEvent: (eventId: string, target: Target, owner: Owner) =>
      started(
        client.workflow.start<Workflows['stripeEvent']>('stripeEvent', {
          taskQueue,
          workflowId: stripeEventWorkflowId(eventId),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          args: [{ target, mode: owner.mode, coachId: owner.coachId }],
          typedSearchAttributes: attributes(owner),
          staticSummary: `Event ${eventId} for ${target.kind} ${target.id}`,
        }),
      ),

    // --- the local clock
    async signalClockMoved(workflowIds: string[]): Promise<void> {
      await Promise.all(workflowIds.map((id) => signalIfRunning(id, messages.clockMoved)));
    },
  };
}

export type WorkflowClient = ReturnType<typeof createWorkflowClient>;
