import { mkdtempSync, appendFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Receiver } from './support/receiver';
import { Rig } from './support/rig';

describe('the control API', () => {
  let rig: Rig;
  let hook: Receiver;
  let account: string;

  beforeEach(async () => {
    rig = await Rig.start({ deliveryRetryMs: [10, 10, 3_600_000] });
    hook = await Receiver.start();
    account = await rig.connect();
    await rig.test.webhookEndpoints.create({ url: hook.url, enabled_events: ['*'], connect: true });
  });

  afterEach(async () => {
    await rig.close();
    await hook.close();
  });

  const product = (name: string) => rig.test.products.create({ name }, { stripeAccount: account });
  const names = () => hook.received.map(({ event }) => (event.data.object as { name?: string }).name);

  it('is healthy, and resets', async () => {
    expect(await rig.control('GET', '/health')).toEqual({ ok: true });
    await product('A');
    await rig.control('POST', '/reset');
    await expect(product('B')).rejects.toMatchObject({ code: 'account_invalid' });
    expect(await rig.control('GET', '/accounts')).toMatchObject({ accounts: [{ platform: true }] });
  });

  it('tries again what was not taken, with the same event', async () => {
    hook.answers.push(500, 503);
    await product('A');
    while (hook.received.length === 0) await rig.drain();
    const [event] = hook.received;
    const { deliveries } = await rig.control<{
      deliveries: { attempts: { status: number }[]; status: string }[];
    }>('GET', `/deliveries?event=${event?.event.id}`);
    expect(
      deliveries.map(({ status, attempts }) => [status, attempts.map((attempt) => attempt.status)]),
    ).toEqual([['delivered', [500, 503, 200]]]);
    expect(
      (await rig.test.events.retrieve(event?.event.id ?? '', {}, { stripeAccount: account }))
        .pending_webhooks,
    ).toBe(0);
  });

  it('leaves what will be tried much later, until it is hurried', async () => {
    hook.answers.push(500, 500, 500);
    await product('A');
    let left = await rig.drain();
    while (hook.answers.length > 0) left = await rig.drain();
    left = await rig.drain();
    expect(left).toEqual({ pending: 1, failed: 0 });
    const failed = await rig.test.events.list({ delivery_success: false }, { stripeAccount: account });
    expect(failed.data.map(({ type }) => type)).toContain('product.created');
    expect(await rig.control('POST', '/deliveries/drain', { retryNow: true })).toEqual({
      pending: 0,
      failed: 0,
    });
    expect(names()).toEqual(['A']);
  });

  it('drops, repeats, delays and holds by rule', async () => {
    await rig.control('PUT', '/delivery-rules', {
      rules: [
        { match: { type: 'product.*', account, nth: 1 }, action: 'drop' },
        { match: { type: 'product.created', nth: 1 }, action: 'repeat', times: 2 },
        { match: { type: 'product.created', nth: 1 }, action: 'delay', delayMs: 30 },
        { match: { type: 'product.created' }, action: 'hold' },
      ],
    });
    for (const name of ['dropped', 'thrice', 'late', 'held 1', 'held 2', 'held 3']) await product(name);
    expect(await rig.drain()).toEqual({ pending: 3, failed: 0 });
    expect(names().sort()).toEqual(['late', 'thrice', 'thrice', 'thrice']);
    hook.received.length = 0;
    expect(await rig.control('POST', '/deliveries/release', { order: 'reverse' })).toEqual({ released: 3 });
    await rig.drain();
    expect(names()).toEqual(['held 3', 'held 2', 'held 1']);
    await rig.control('DELETE', '/delivery-rules');
    expect(await rig.control('GET', '/delivery-rules')).toEqual({ rules: [] });
  });

  it('reorders by seed, the same way every time', async () => {
    const orders: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      hook.received.length = 0;
      await rig.control('PUT', '/delivery-rules', {
        rules: [{ match: { type: 'product.created', seed: 7 }, action: 'reorder', delayMs: 60_000 }],
      });
      for (let n = 0; n < 6; n += 1) await product(`P${n}`);
      await rig.drain();
      orders.push(names());
    }
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]).not.toEqual(['P0', 'P1', 'P2', 'P3', 'P4', 'P5']);
    expect([...(orders[0] as string[])].sort()).toEqual(['P0', 'P1', 'P2', 'P3', 'P4', 'P5']);
  });

  it('switches deliveries off and on, and delivers again on request', async () => {
    await rig.control('POST', '/webhooks', { enabled: false, account });
    await product('unheard');
    await rig.control('POST', '/webhooks', { enabled: true, account });
    await product('heard');
    await rig.drain();
    expect(names()).toEqual(['heard']);
    const events = await rig.test.events.list({ type: 'product.created' }, { stripeAccount: account });
    expect(events.data).toHaveLength(2);
    await rig.control('POST', `/events/${events.data[1]?.id}/redeliver`, { times: 2 });
    await rig.drain();
    expect(names()).toEqual(['heard', 'unheard', 'unheard']);
  });

  it('deletes a price that nobody has used, as the Dashboard does; one that was used stays', async () => {
    const asAccount = { stripeAccount: account };
    const { id, default_price: price } = await rig.test.products.create(
      { name: 'A', default_price_data: { currency: 'eur', unit_amount: 900 } },
      asAccount,
    );
    const remove = () => rig.control('POST', '/triggers/price_deleted', { account, price });
    await remove();
    await expect(rig.test.prices.retrieve(price as string, {}, asAccount)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    expect(await rig.test.products.retrieve(id, {}, asAccount)).toMatchObject({ default_price: null });
    const events = await rig.test.events.list({ type: 'price.deleted' }, asAccount);
    expect(events.data.map(({ data }) => data.object)).toMatchObject([{ id: price, object: 'price' }]);
    expect(await rig.test.products.del(id, undefined, asAccount)).toMatchObject({ deleted: true });

    const used = await rig.test.prices.create(
      { currency: 'eur', unit_amount: 900, product_data: { name: 'B' } },
      asAccount,
    );
    await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        success_url: 'https://coach.example/yes',
        line_items: [{ price: used.id, quantity: 1 }],
      },
      asAccount,
    );
    await expect(rig.control('POST', '/triggers/price_deleted', { account, price: used.id })).rejects.toThrow(
      'cannot be deleted',
    );
  });

  it('creates accounts that nobody has connected yet', async () => {
    const created = await rig.control<{ id: string }>('POST', '/accounts', {
      country: 'CH',
      businessName: 'Alp',
      verified: false,
    });
    expect(created).toMatchObject({
      connected: { test: false, live: false },
      account: { default_currency: 'chf' },
    });
    expect(await rig.connect({ account: created.id })).toBe(created.id);
  });

  it('answers mistakes with a sentence', async () => {
    await expect(rig.control('POST', '/clock', { account: 'acct_none', advanceSeconds: 1 })).rejects.toThrow(
      'no account',
    );
    await expect(rig.control('POST', '/clock', { account, advanceSeconds: -1 })).rejects.toThrow(
      'only go forward',
    );
    await expect(rig.control('POST', '/triggers/earthquake', { account })).rejects.toThrow('known:');
    await expect(rig.control('PUT', '/faults', { rules: [{}] })).rejects.toThrow('rules');
  });

  it('moves each clock alone, and only forward', async () => {
    await rig.advance(account, { advanceSeconds: 1000 });
    const { now } = await rig.clock(account);
    await rig.advance(account, { advanceTo: now - 500 });
    expect((await rig.clock(account)).now).toBeGreaterThanOrEqual(now);
    expect((await rig.clock(account, true)).offsetSeconds).toBe(0);
  });
});

describe('a restart', () => {
  it('keeps everything that was answered, even after a torn write', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'stripe-emulator-'));
    let rig = await Rig.start({ dataDir, deliveryRetryMs: [3_600_000] });
    const hook = await Receiver.start();
    try {
      hook.answers.push(500);
      const account = await rig.connect();
      const options = { stripeAccount: account };
      const { secret } = await rig.test.webhookEndpoints.create({
        url: hook.url,
        enabled_events: ['product.created'],
        connect: true,
      });
      const product = await rig.test.products.create(
        { name: 'Kept' },
        { ...options, idempotencyKey: 'kept' },
      );
      const price = await rig.test.prices.create(
        { product: product.id, currency: 'eur', unit_amount: 500, recurring: { interval: 'month' } },
        options,
      );
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'subscription',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
        },
        options,
      );
      await rig.pay(session);
      await rig.advance(account, { advanceSeconds: 100 });
      await rig.drain();
      const { offsetSeconds, nextBoundary } = await rig.clock(account);
      await rig.close();
      appendFileSync(join(dataDir, 'journal.jsonl'), '[["acct/test/product","prod_torn",{"id":');

      rig = await Rig.start({ dataDir, deliveryRetryMs: [3_600_000] });
      expect(await rig.clock(account)).toMatchObject({ offsetSeconds, nextBoundary });
      const again = await rig.test.products.create({ name: 'Kept' }, { ...options, idempotencyKey: 'kept' });
      expect(again.id).toBe(product.id);
      await rig.control('POST', '/deliveries/drain', { retryNow: true });
      const [received] = hook.received;
      expect(
        rig.test.webhooks.constructEvent(received?.body ?? '', received?.signature ?? '', secret ?? '').type,
      ).toBe('product.created');
      await rig.advance(account, { advanceSeconds: 40 * 86_400 });
      const invoices = await rig.test.invoices.list({ status: 'paid' }, options);
      expect(invoices.data).toHaveLength(2);
    } finally {
      await rig.close();
      await hook.close();
      rmSync(dataDir, { recursive: true });
    }
  });
});
