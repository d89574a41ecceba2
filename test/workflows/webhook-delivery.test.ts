import { DAY, HOUR, toSeconds } from '../../src/domain/time';
import { secondsToNextTry, TRIES } from '../../src/domain/webhook-delivery';
import { webhookDeliveryWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { receiverFor } from '../support/receiver';
import { coachUiFor, rigFor } from '../support/setup';

const rig = rigFor('test', { temporal: 'skipping' });
const coach = coachUiFor('test', rig);
const receiver = receiverFor('test');
let endpointId: string;
let secret: string;
beforeEach(async () => {
  const { body } = await coach.call('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
    types: ['member.*'],
  });
  endpointId = body.id;
  secret = body.secret;
  receiver.verifyWith(secret);
});

let members = 0;
const somethingHappens = async () => {
  const { body } = await coach.call('POST', '/v1/members', { externalId: `member-${++members}` });
  return body.id as string;
};
const deliveries = async () =>
  (await coach.call('GET', `/v1/webhook-endpoints/${endpointId}/deliveries?limit=100`)).body.data as {
    eventId: string;
    status: string;
    tries: number;
    log: { at: string; status: number | null; answer: string | null }[];
  }[];
const endpoint = async () => (await coach.call('GET', `/v1/webhook-endpoints/${endpointId}`)).body;
/** The newest delivery, once its first try is over. */
const tried = () =>
  eventually('the first try', async () => {
    const [newest] = await deliveries();
    return newest !== undefined && newest.log.length > 0 && newest;
  });
const ended = (eventId: string) => {
  const handle = rig.client.workflow.getHandle(webhookDeliveryWorkflowId(endpointId, eventId));
  return eventually('the end of the run', async () => (await handle.describe()).status.name === 'COMPLETED');
};

test('scenario 60: what fails is tried again, ten times over three days, under one id, until it is taken', async () => {
  receiver.answerWith((_id, times) => (times < TRIES ? { status: 500, body: 'not now' } : { status: 200 }));
  const memberId = await somethingHappens();
  const { eventId } = await tried();
  await rig.skip?.(4 * DAY);
  await ended(eventId);
  const [delivery] = await deliveries();
  expect(delivery).toMatchObject({ status: 'delivered', tries: TRIES });
  expect(receiver.received).toHaveLength(TRIES);
  expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([eventId]));
  expect(receiver.received[0]).toMatchObject({
    type: 'member.created',
    data: { memberId, sequence: 1, state: { object: 'member' }, present: { object: 'member' } },
  });
  const at = delivery?.log.map((each) => toSeconds(new Date(each.at))).reverse() ?? [];
  for (let i = 1; i < at.length; i++) {
    const wait = secondsToNextTry(i, `${endpointId}/${eventId}`, null) ?? 0;
    const waited = (at[i] ?? 0) - (at[i - 1] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(wait);
    expect(waited).toBeLessThan(wait + 60);
  }
  expect(delivery?.log.at(-1)).toMatchObject({ status: 500, answer: 'not now' });
  expect(await endpoint()).toMatchObject({ status: 'enabled', failingSince: null });
});

test('a receiver that asks to be left alone is, and one that redirects has not taken it', async () => {
  receiver.answerWith((_id, times) =>
    times === 1
      ? { status: 503, headers: { 'retry-after': String(6 * HOUR) } }
      : times === 2
        ? { status: 302, headers: { location: receiver.url } }
        : { status: 200 },
  );
  await somethingHappens();
  const { eventId } = await tried();
  await rig.skip?.(DAY);
  await ended(eventId);
  const [delivery] = await deliveries();
  expect(delivery?.log.map(({ status }) => status)).toEqual([200, 302, 503]);
  const [, second, first] = delivery?.log.map((each) => toSeconds(new Date(each.at))) ?? [];
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(6 * HOUR);
});

test('one that fails for three days is switched off, which is a fact; on again, it is told what it missed', async () => {
  receiver.answerWith(() => ({ status: 500 }));
  await somethingHappens();
  const { eventId } = await tried();
  await rig.skip?.(4 * DAY);
  await ended(eventId);
  await somethingHappens();
  const off = await eventually('the switch', async () => {
    const row = await endpoint();
    return row.status === 'disabled' && row;
  });
  expect(off).toMatchObject({ disabledReason: 'failing' });
  const { body: told } = await coach.call('GET', '/v1/events?type=webhook_endpoint.disabled');
  expect(told.data).toMatchObject([{ ids: { webhookEndpointId: endpointId } }]);

  // What happens now is not told.
  const before = receiver.received.length;
  await somethingHappens();
  receiver.answerWith(() => ({ status: 200 }));
  await coach.call('POST', `/v1/webhook-endpoints/${endpointId}/enable`, {});
  const { body } = await coach.call('POST', `/v1/webhook-endpoints/${endpointId}/redeliver`, {
    since: '2026-01-01T00:00:00Z',
  });
  expect(body).toEqual({ events: 3 });
  await eventually('all of them', () => receiver.accepted().length === 3);
  expect(receiver.received.length).toBe(before + 3);
  await eventually('the log', async () => (await deliveries()).every(({ status }) => status === 'delivered'));
});

test('one that is gone says so with 410, and is switched off at once', async () => {
  receiver.answerWith(() => ({ status: 410 }));
  await somethingHappens();
  await eventually('the switch', async () => (await endpoint()).disabledReason === 'gone');
  const [delivery] = await deliveries();
  await rig.skip?.(HOUR);
  await ended(delivery?.eventId ?? '');
  expect((await deliveries())[0]).toMatchObject({ status: 'failed' });
  expect(receiver.received).toHaveLength(1);
});

test('two members, ten facts each, the worker and the API killed in between, and half of all tries failing', async () => {
  // Every second one fails, and no delivery knows which.
  let number = 0;
  receiver.answerWith(() => (++number % 2 === 0 ? { status: 500 } : { status: 204 }));
  const memberIds = [await somethingHappens(), await somethingHappens()];
  for (let i = 1; i < 10; i++) {
    for (const id of memberIds)
      await rig.db.member.update({ where: { id }, data: { email: `${id}-${i}@example.com` } });
    if (i === 3) await rig.stopWorker();
    if (i === 5) await rig.replaceApi();
    if (i === 6) await rig.startWorker();
  }
  await eventually('a try of each', async () => {
    const rows = await deliveries();
    return rows.length === 20 && rows.every(({ log }) => log.length > 0);
  });
  await rig.skip?.(4 * DAY);
  await eventually('all of them', async () =>
    (await deliveries()).every(({ status }) => status === 'delivered'),
  );
  for (const memberId of memberIds) {
    const taken = receiver
      .accepted()
      .filter(({ data }) => data.memberId === memberId)
      .map(({ data }) => data.sequence)
      .sort((a, b) => (a ?? 0) - (b ?? 0));
    // Each once, none missing.
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
  const { body } = await coach.call('GET', '/v1/events?limit=100&type=member.updated');
  expect(body.data).toHaveLength(18);
});
