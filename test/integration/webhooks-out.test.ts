import { randomBytes } from 'node:crypto';
import { encrypt } from '../../src/db/encryption';
import { startDeliveries } from '../../src/worker/deliveries';
import { eventually } from '../support/eventually';
import { receiverFor } from '../support/receiver';
import { rigFor, sellerFor } from '../support/setup';

// A sale, as the coach's own site hears of it.
const rig = rigFor('file');
const seller = sellerFor('file', rig);
const receiver = receiverFor('test');
afterEach(() => rig.db.webhookEndpoint.deleteMany());
const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
const events = async (query: string) =>
  (await seller.coach.call('GET', `/v1/events?limit=100&order=oldest_first&${query}`)).body.data as {
    id: string;
    type: string;
    memberId: string | null;
    sequence: number | null;
  }[];

test('every fact of a sale, a renewal that fails and its end is told, once, and as it is listed', async () => {
  const { body: made } = await post('/v1/webhook-endpoints', { url: receiver.url });
  receiver.verifyWith(made.secret);
  const price = await seller.offer({ unitAmount: 4900, recurring: { interval: 'month', intervalCount: 1 } });
  const { id, memberId, paidThrough, stripe } = await seller.purchase(price, 'mia');
  await seller.moveTo(Date.parse(paidThrough) / 1000 + 7200);
  await rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });
  const { paidThrough: next } = await seller.read(`/v1/memberships/${id}`);
  await seller.moveTo(Date.parse(next) / 1000 + 7200);
  await seller.end(id);

  const own = await events(`member=${memberId}`);
  expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i + 1));
  const types = own.map(({ type }) => type);
  for (const type of [
    'member.created',
    'checkout.opened',
    'checkout.completed',
    'membership.started',
    'access.granted',
    'payment.succeeded',
    'membership.renewed',
    'membership.past_due',
    'payment.failed',
    'membership.ended',
    'access.ended',
  ])
    expect(types).toContain(type);
  // Once each: a look that finds nothing new tells nothing, however many there are.
  for (const type of ['member.created', 'membership.started', 'membership.renewed', 'membership.ended'])
    expect(types.filter((each) => each === type)).toHaveLength(1);

  const listed = (await events('')).filter(({ type }) => type !== 'webhook_endpoint.created');
  const since = listed.findIndex(({ type }) => type === 'price.created');
  const expected = listed.slice(since).map((fact) => fact.id);
  await eventually('all of them', () => receiver.received.length >= expected.length);
  expect(receiver.received.map((each) => each.id).sort()).toEqual([...expected].sort());
});

test('with two secrets valid, either verifies; with the old one ended, the new one alone', async () => {
  const { body: made } = await post('/v1/webhook-endpoints', {
    url: receiver.url,
    types: ['connection.denied'],
  });
  const { body: rotated } = await post(`/v1/webhook-endpoints/${made.id}/rotate-secret`);
  expect(rotated.secret).not.toBe(made.secret);
  receiver.verifyWith(made.secret, rotated.secret);
  const tryIt = async () => {
    const { body: sent } = await post(`/v1/webhook-endpoints/${made.id}/test`);
    expect(sent).toMatchObject({ type: 'webhook_endpoint.test' });
    await eventually('the test', () => receiver.accepted().some((each) => each.id === sent.eventId));
  };
  await tryIt();
  const { body: again } = await post(`/v1/webhook-endpoints/${made.id}/rotate-secret`, { keepOldHours: 0 });
  receiver.verifyWith(again.secret);
  await tryIt();
});

test('secrets and bodies are in no history, and the secret is encrypted in its row', async () => {
  const { body: made } = await post('/v1/webhook-endpoints', { url: receiver.url, types: ['price.failed'] });
  receiver.verifyWith(made.secret);
  const { body: sent } = await post(`/v1/webhook-endpoints/${made.id}/test`);
  await eventually('the test', () => receiver.accepted().some((each) => each.id === sent.eventId));
  const history = await rig.client.workflow.getHandle(`webhook/${made.id}/${sent.eventId}`).fetchHistory();
  const told = Buffer.from(JSON.stringify(history)).toString();
  for (const hidden of [made.secret, receiver.url]) {
    expect(told).not.toContain(hidden);
    expect(told).not.toContain(Buffer.from(hidden).toString('base64').slice(0, 20));
  }
  const row = await rig.db.webhookEndpoint.findFirstOrThrow({ where: { id: made.id } });
  expect(JSON.stringify(row)).not.toContain(made.secret.slice('whsec_'.length, 20));
});

test('scenario 61: a worker that dies before the run is there leaves the delivery in line', async () => {
  const { body: made } = await post('/v1/webhook-endpoints', { url: receiver.url, types: ['price.failed'] });
  receiver.verifyWith(made.secret);
  await rig.stopWorker();
  // Taken by a relay that dies before it has told Temporal: nothing but its lease says that it had it.
  const { body: sent } = await post(`/v1/webhook-endpoints/${made.id}/test`);
  const dead = new Proxy(rig.workflows, {
    get: (target, name: keyof typeof rig.workflows) =>
      name === 'webhookDeliveryChanged'
        ? () => Promise.reject(new Error('killed'))
        : Reflect.get(target, name),
  });
  expect(await startDeliveries({ db: rig.db, workflows: dead, log: rig.log })).toBe(1);
  const key = { endpointId: made.id as string, factId: sent.eventId as string };
  expect(await rig.db.webhookDelivery.findFirst({ where: key })).toMatchObject({ status: 'waiting' });
  await rig.db.webhookDelivery.updateMany({ where: key, data: { leaseUntil: new Date(0) } });
  await rig.startWorker();
  await eventually('the test', () => receiver.accepted().some((each) => each.id === sent.eventId));
});

test('where the secret cannot be read nothing is sent, the log says why, and the receiver is not to blame', async () => {
  const { body: made } = await post('/v1/webhook-endpoints', { url: receiver.url });
  const sealed = encrypt(randomBytes(32), made.secret, `webhook-endpoint/${made.id}`);
  await rig.db.webhookEndpoint.updateMany({ where: { id: made.id }, data: { sealed } });
  const { body: sent } = await post(`/v1/webhook-endpoints/${made.id}/test`);
  const delivery = await eventually('a try', async () => {
    const { body } = await seller.coach.call('GET', `/v1/webhook-endpoints/${made.id}/deliveries`);
    const found = body.data.find((each: { eventId: string }) => each.eventId === sent.eventId);
    return found !== undefined && found.tries === 1 && found;
  });
  expect(delivery).toMatchObject({ status: 'sending', log: [{ status: null, error: 'secret_unreadable' }] });
  expect(receiver.received.filter(({ id }) => id === sent.eventId)).toEqual([]);
  expect(await seller.read(`/v1/webhook-endpoints/${made.id}`)).toMatchObject({
    status: 'enabled',
    failingSince: null,
  });
  // With another secret it is told.
  const { body: rotated } = await post(`/v1/webhook-endpoints/${made.id}/rotate-secret`, { keepOldHours: 0 });
  receiver.verifyWith(rotated.secret);
  await post(`/v1/webhook-endpoints/${made.id}/deliveries/${sent.eventId}/redeliver`);
  await eventually('the test', () => receiver.accepted().some((each) => each.id === sent.eventId));
});
