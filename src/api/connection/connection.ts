import { z } from 'zod';
import type { Connection } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { beginAttempt } from './attempt';
import { readToken } from './token';
import { connectionSchema, connectionView, countActiveSubscriptions, findConnection } from './view';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { webAddress } from '../http/schemas';
import { expectAllowedRedirect, readSettings } from '../settings';

const TAG = 'Connection';
/** Milliseconds that a request waits for its run: starting is quick, a disconnection drains first. */
const UPDATE_TIMEOUT_MS = 10_000;
const DISCONNECT_TIMEOUT_MS = 50_000;

/** The coach's link to their own Stripe account in the mode of the key. The browser's part is in callback.ts. */
export function connectionRoutes(deps: ApiDeps): Route[] {
  const { db, workflows, config } = deps;

  const view = (auth: CoachAuth, row: Connection | null) => connectionView(db, auth.mode, row, config.stripe);
  const present = async (auth: CoachAuth) => view(auth, await findConnection(db, auth.coachId, auth.mode));
  const ownerOf = (row: Connection) => ({ coachId: row.coachId, mode: row.mode, accountId: row.accountId });

  /** An attempt needs its run, and with account links its account, before the browser is sent on its way. */
  async function giveRun(row: Connection, requestId: string): Promise<void> {
    if (row.status !== 'authorizing') return;
    await workflows.withDeadline(UPDATE_TIMEOUT_MS, async () => {
      if (row.flow === 'oauth') await workflows.openConnection(row.id, ownerOf(row));
      else await workflows.prepareConnection(row.id, ownerOf(row), `prepare-${requestId}`);
    });
  }

  /** The attempt that a confirmation token is of. Somebody else's token is as good as none. */
  async function expectReturned({ coachId, mode }: CoachAuth, token: string): Promise<Connection> {
    const read = readToken(token);
    const row =
      read === null
        ? null
        : await db.connection.findFirst({
            where: { id: read.connectionId, coachId, mode, confirmTokenHash: read.hash },
          });
    if (row === null || (row.status === 'returned' && isOver(row.expiresAt)))
      throw new ProblemError(
        'connection_token_invalid',
        'The token is not known here, was replaced, or is too old.',
        {
          field: 'token',
        },
      );
    return row;
  }

  return [
    route({
      method: 'get',
      path: '/v1/connection',
      tag: TAG,
      auth: 'coach',
      summary: 'Read the connection to Stripe',
      description: 'Status, what Stripe still wants, whether the coach can sell, why, and what to do next.',
      answers: { 200: { description: 'The connection', schema: connectionSchema } },
      handler: async ({ auth }) => answer(200, await present(auth)),
    }),
    route({
      method: 'post',
      path: '/v1/connection',
      tag: TAG,
      auth: 'coach',
      summary: 'Connect a Stripe account',
      description:
        "Send the coach's browser to `url` within 15 minutes: it leads to Stripe and, once a page of ours that names the coach was answered with yes, comes back to `returnUrl` with `connection_token` (confirm it) or `connection_error`. Whoever answers no does not come back. Asking again replaces an earlier address. An account that was created here (`flow: account_links`) and still lacks something is sent into Stripe's form again; it stays connected, and the browser comes back with `connection_onboarding`.",
      body: z.strictObject({
        returnUrl: webAddress
          .optional()
          .meta({ description: '`connectionReturnUrl` of the settings unless told' }),
      }),
      answers: {
        201: {
          description: 'Where to send the browser',
          schema: z.object({ url: z.string(), connection: connectionSchema }),
        },
      },
      problems: [
        'already_connected',
        'redirect_not_allowed',
        'mode_off',
        'stripe_refused',
        'stripe_unavailable',
        'temporarily_unavailable',
      ],
      async handler({ auth, body, newId, requestId }) {
        // Refuses a mode that is switched off.
        deps.stripe.clientId(auth.mode);
        const settings = await readSettings(db, auth.coachId, auth.mode);
        const returnUrl = body.returnUrl ?? settings.connectionReturnUrl;
        if (returnUrl === null)
          throw new ProblemError('invalid_request', 'Say where the browser goes back to.', {
            field: 'returnUrl',
          });
        expectAllowedRedirect(returnUrl, 'returnUrl', settings, config.api.publicUrl);
        const { connection, startToken } = await beginAttempt(db, auth, {
          id: newId('connection'),
          flow: config.stripe.connectFlow,
          returnUrl,
        });
        await giveRun(connection, requestId);
        const url = `${config.api.publicUrl}/connect/start/${startToken}`;
        return answer(201, { url, connection: await view(auth, connection) });
      },
    }),
    route({
      method: 'post',
      path: '/v1/connection/confirm',
      tag: TAG,
      auth: 'coach',
      summary: 'Confirm that the coach came back from Stripe',
      description:
        'Takes the `connection_token` of the return address. It is given to the browser alone whose person approved at Stripe and has read which coach the account is for.',
      body: z.strictObject({
        token: z.string().max(200).meta({ description: 'As it came with the address' }),
      }),
      answers: { 200: { description: 'The connection', schema: connectionSchema } },
      problems: [
        'connection_token_invalid',
        'connection_not_returned',
        'connection_refused',
        'connection_unclear',
        'account_in_use',
      ],
      async handler({ auth, body, requestId }) {
        const row = await expectReturned(auth, body.token);
        if (row.status === 'returned')
          await workflows.withDeadline(DISCONNECT_TIMEOUT_MS, () =>
            workflows.confirmConnection(row.id, ownerOf(row), requestId),
          );
        return answer(200, await present(auth));
      },
    }),
    route({
      method: 'post',
      path: '/v1/connection/disconnect',
      tag: TAG,
      auth: 'coach',
      summary: 'Disconnect the Stripe account',
      description:
        'Open checkouts are expired. Subscriptions are not cancelled: Stripe goes on charging them, and what was paid for is honoured. Without `confirm` it only says how many there are.',
      body: z.strictObject({ confirm: z.boolean().default(false) }),
      answers: { 200: { description: 'The connection, disconnected', schema: connectionSchema } },
      problems: ['not_connected', 'confirmation_required', 'temporarily_unavailable'],
      async handler({ auth, body, requestId }) {
        const row = await findConnection(db, auth.coachId, auth.mode);
        if (row === null || (row.status !== 'connected' && row.status !== 'disconnecting'))
          throw new ProblemError('not_connected', 'There is no connected Stripe account.');
        if (!body.confirm) throw confirmationRequired(await countActiveSubscriptions(db, row));
        await workflows.withDeadline(DISCONNECT_TIMEOUT_MS, () =>
          workflows.disconnect(row.id, ownerOf(row), requestId),
        );
        return answer(200, await present(auth));
      },
    }),
  ];
}

function isOver(expiresAt: Date | null): boolean {
  return expiresAt === null || expiresAt.getTime() <= Date.now();
}

function confirmationRequired(activeSubscriptions: number): ProblemError {
  const them =
    activeSubscriptions === 0
      ? 'No subscription is active.'
      : `Stripe goes on charging ${activeSubscriptions} ${activeSubscriptions === 1 ? 'subscription' : 'subscriptions'}; cancel them first if that is not wanted.`;
  return new ProblemError('confirmation_required', `Disconnecting does not cancel subscriptions. ${them}`, {
    field: 'confirm',
    activeSubscriptions,
  });
}
