import type Stripe from 'stripe';
import { Receiver } from './support/receiver';
import { rigFor } from './support/setup';

describe('webhook endpoints by API', () => {
  let hook: Receiver;

  const rig = rigFor('test');
  beforeEach(async () => {
    hook = await Receiver.start();
  });

  afterEach(async () => {
    await hook.close();
  });

  const create = (more: Partial<Stripe.WebhookEndpointCreateParams> = {}) =>
    rig.test.webhookEndpoints.create({
      url: hook.url,
      enabled_events: ['product.created'],
      connect: true,
      ...more,
    });

  it('shows the secret once, and says which endpoints are Connect’s', async () => {
    const connect = await create({ description: 'ours', metadata: { part: 'test' } });
    const own = await create({ connect: false });
    expect(connect).toMatchObject({ application: 'ca_test_emulator', status: 'enabled', livemode: false });
    expect(connect.secret).toMatch(/^whsec_\w+$/);
    const { data } = await rig.test.webhookEndpoints.list();
    expect(data.map(({ id, application }) => [id, application])).toEqual([
      [own.id, null],
      [connect.id, 'ca_test_emulator'],
    ]);
    expect(data.some(({ secret }) => secret !== undefined)).toBe(false);
    expect((await rig.test.webhookEndpoints.retrieve(connect.id)).secret).toBeUndefined();
    expect((await rig.live.webhookEndpoints.list()).data).toEqual([]);
  });

  it('are changed, disabled, enabled and deleted', async () => {
    const account = await rig.connect();
    const { id } = await create({ metadata: { a: '1', b: '2' } });
    const send = async (): Promise<number> => {
      await rig.test.products.create({ name: 'A' }, { stripeAccount: account });
      await rig.drain();
      return hook.received.length;
    };
    expect(await send()).toBe(1);
    const off = await rig.test.webhookEndpoints.update(id, { disabled: true, metadata: { a: '' } });
    expect(off).toMatchObject({ status: 'disabled', metadata: { b: '2' } });
    expect(await send()).toBe(1);
    const on = await rig.test.webhookEndpoints.update(id, {
      disabled: false,
      enabled_events: ['*'],
      url: `${hook.url}/v2`,
    });
    expect(on).toMatchObject({ status: 'enabled', enabled_events: ['*'], url: `${hook.url}/v2` });
    expect(await send()).toBe(2);
    expect(await rig.test.webhookEndpoints.del(id)).toEqual({
      id,
      object: 'webhook_endpoint',
      deleted: true,
    });
    expect(await send()).toBe(2);
    await expect(rig.test.webhookEndpoints.retrieve(id)).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it('refuse addresses and events that Stripe would not take', async () => {
    await expect(create({ url: 'ftp://example.com' })).rejects.toMatchObject({ param: 'url' });
    await expect(create({ enabled_events: ['*', 'product.created'] })).rejects.toMatchObject({
      param: 'enabled_events',
    });
    await expect(create({ enabled_events: ['product.renamed' as 'product.created'] })).rejects.toMatchObject({
      param: 'enabled_events[0]',
    });
    const { id } = await create();
    await expect(
      rig.test.webhookEndpoints.update(id, { connect: false } as Stripe.WebhookEndpointUpdateParams),
    ).rejects.toMatchObject({ code: 'parameter_unknown', param: 'connect' });
  });
});
