import type { WebhookEndpoint } from '../../db/generated/client';
import { newId } from '../../domain/ids';
import { changedBy, changesOf, decideEndpoint } from '../../domain/live-copy';
import { receiverFault } from '../../domain/receiver-address';
import { lockCoach } from '../coach-lock';
import { MOST_WEBHOOK_ENDPOINTS } from '../webhook-endpoints';
import { type CopiedKind, twinsOf } from './kind';

const fieldsOf = ({ url, types, description }: WebhookEndpoint) => ({ url, types, description });

/**
 * Receivers of events. A secret belongs to one mode: in live mode an endpoint gets its own, which nobody has seen, and is
 * switched off until the coach has it shown (POST /v1/webhook-endpoints/{id}/rotate-secret).
 */
export const webhookEndpoints: CopiedKind = {
  kind: 'webhook_endpoint',

  async compare(db, { coachId, receivers, only }) {
    const order = { orderBy: [{ createdAt: 'asc' as const }, { id: 'asc' as const }] };
    const [rows, there, twins] = await Promise.all([
      db.webhookEndpoint.findMany({ where: { coachId, mode: 'test' }, ...order }),
      db.webhookEndpoint.findMany({ where: { coachId, mode: 'live' } }),
      twinsOf(db, coachId, 'webhook_endpoint'),
    ]);
    const byId = new Map(there.map((row) => [row.id, row]));
    let room = MOST_WEBHOOK_ENDPOINTS - there.length;
    return rows
      .filter(({ id }) => only === undefined || id === only)
      .map((row) => {
        const twin = twins.get(row.id);
        const live = twin === undefined ? undefined : byId.get(twin.liveId);
        const changes =
          live === undefined || twin === undefined
            ? []
            : changesOf({ test: fieldsOf(row), live: fieldsOf(live), copied: twin.copied });
        const isTold = twin === undefined && there.some(({ url }) => url === row.url);
        const decision = decideEndpoint({
          live: twin === undefined ? null : live === undefined ? 'gone' : 'there',
          isAllowed: receiverFault(row.url, receivers) === null,
          isTold,
          isRoomLeft: room > 0,
          changes: changes.length,
        });
        if (decision.action === 'new') room -= 1;
        return {
          kind: 'webhook_endpoint' as const,
          testId: row.id,
          liveId: live?.id ?? null,
          name: row.url,
          productName: null,
          note:
            decision.action === 'new'
              ? ('disabled_until_secret' as const)
              : isTold
                ? ('already_there' as const)
                : null,
          changes,
          price: null,
          ...decision,
        };
      });
  },

  async carry(tx, { coachId, newSecret }, { testId, liveId, changes }) {
    await lockCoach(tx, coachId);
    const test = await tx.webhookEndpoint.findUniqueOrThrow({
      where: { coachId_mode_id: { coachId, mode: 'test', id: testId } },
    });
    const copied = fieldsOf(test);
    if (liveId !== null) {
      const where = { coachId_mode_id: { coachId, mode: 'live' as const, id: liveId } };
      await tx.webhookEndpoint.update({ where, data: changedBy(changes) });
      return { liveId, copied };
    }
    const id = newId('webhookEndpoint');
    await tx.webhookEndpoint.create({
      data: {
        id,
        coachId,
        mode: 'live',
        ...copied,
        status: 'disabled',
        disabledReason: 'copied',
        sealed: newSecret(id),
      },
    });
    return { liveId: id, copied };
  },
};
