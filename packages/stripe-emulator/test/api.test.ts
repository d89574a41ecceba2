import Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

describe('the API', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  /** A request without the client, for what the client would not send. */
  async function raw(method: string, path: string, body = '', headers: Record<string, string> = {}) {
    const response = await fetch(`${rig.emulator.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer sk_test_emulator',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      ...(method === 'GET' ? {} : { body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, never>,
    };
  }

  it('refuses unknown keys, accounts and paths as Stripe does', async () => {
    const stranger = new Stripe('sk_test_other', {
      host: '127.0.0.1',
      port: rig.emulator.port,
      protocol: 'http',
    });
    await expect(stranger.products.list()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    });
    await expect(rig.test.products.list({}, { stripeAccount: 'acct_nobody' })).rejects.toMatchObject({
      type: 'StripePermissionError',
      code: 'account_invalid',
      statusCode: 403,
    });
    await expect(rig.live.products.list({}, account.options)).rejects.toMatchObject({
      code: 'account_invalid',
    });
    const unknown = await raw('GET', '/v1/nothing');
    expect(unknown.status).toBe(404);
    expect(unknown.body.error).toMatchObject({ type: 'invalid_request_error' });
    expect(unknown.headers.get('request-id')).toMatch(/^req_/);
  });

  it('refuses unknown, missing and wrong parameters with their names', async () => {
    const cases: [string, string, object][] = [
      ['/v1/products', 'name=A&colour=red', { code: 'parameter_unknown', param: 'colour' }],
      ['/v1/products', '', { code: 'parameter_missing', param: 'name' }],
      ['/v1/products', 'name=A&active=perhaps', { param: 'active' }],
      ['/v1/products', 'name=', { code: 'parameter_invalid_empty', param: 'name' }],
      [
        '/v1/prices',
        'currency=usd&unit_amount=1.5&product_data[name]=A',
        { code: 'parameter_invalid_integer', param: 'unit_amount' },
      ],
      [
        '/v1/prices',
        'currency=usd&unit_amount=1&product=prod_no',
        { code: 'resource_missing', param: 'product' },
      ],
      [
        '/v1/prices',
        'currency=usd&unit_amount=1&product_data[name]=A&recurring[interval]=fortnight',
        { param: 'recurring[interval]' },
      ],
      [
        '/v1/checkout/sessions',
        'mode=payment&success_url=http://a/b',
        { code: 'parameter_missing', param: 'line_items' },
      ],
      [
        '/v1/checkout/sessions',
        'mode=payment&line_items[0][nothing]=1',
        { code: 'parameter_unknown', param: 'line_items[0][nothing]' },
      ],
      ['/v1/products', 'name=A&metadata[a[b]]=1', {}],
    ];
    for (const [path, body, error] of cases) {
      const answer = await raw('POST', path, body);
      expect({ path, body, status: answer.status }).toEqual({ path, body, status: 400 });
      expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', ...error });
    }
  });

  it('pages through lists, both ways, as the client’s auto-paging wants', async () => {
    const names = Array.from({ length: 23 }, (_unused, index) => `P${index}`);
    const made: string[] = [];
    for (const name of names) made.push((await rig.test.products.create({ name }, account.options)).id);
    const all = await rig.test.products
      .list({ limit: 5 }, account.options)
      .autoPagingToArray({ limit: 1000 });
    expect(all.map(({ id }) => id)).toEqual([...made].reverse());
    const first = await rig.test.products.list({ limit: 3 }, account.options);
    const next = await rig.test.products.list(
      { limit: 3, starting_after: first.data[2]?.id ?? '' },
      account.options,
    );
    const back = await rig.test.products.list(
      { limit: 3, ending_before: next.data[0]?.id ?? '' },
      account.options,
    );
    expect(back.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
    expect([first.has_more, next.has_more, back.has_more]).toEqual([true, true, false]);
    await expect(rig.test.products.list({ limit: 1000 }, account.options)).rejects.toMatchObject({
      param: 'limit',
    });
  });

  it('lets the caller choose product ids and move lookup keys', async () => {
    const product = await rig.test.products.create({ id: 'product/own 1', name: 'Mine' }, account.options);
    expect((await rig.test.products.retrieve(product.id, {}, account.options)).name).toBe('Mine');
    await expect(
      rig.test.products.create({ id: product.id, name: 'Again' }, account.options),
    ).rejects.toMatchObject({
      code: 'resource_already_exists',
    });
    const price = { product: product.id, currency: 'usd', unit_amount: 100, lookup_key: 'k1' };
    const first = await rig.test.prices.create(price, account.options);
    await expect(rig.test.prices.create(price, account.options)).rejects.toMatchObject({
      param: 'lookup_key',
    });
    const second = await rig.test.prices.create({ ...price, transfer_lookup_key: true }, account.options);
    const found = await rig.test.prices.list({ lookup_keys: ['k1'] }, account.options);
    expect(found.data.map(({ id }) => id)).toEqual([second.id]);
    expect((await rig.test.prices.retrieve(first.id, {}, account.options)).lookup_key).toBeNull();
  });

  it('merges metadata and removes keys', async () => {
    const customer = await rig.test.customers.create({ metadata: { a: '1', b: '2' } }, account.options);
    const changed = await rig.test.customers.update(
      customer.id,
      { metadata: { a: '', c: '3' } },
      account.options,
    );
    expect(changed.metadata).toEqual({ b: '2', c: '3' });
    const cleared = await rig.test.customers.update(customer.id, { metadata: '' }, account.options);
    expect(cleared.metadata).toEqual({});
    const long = { metadata: { k: 'x'.repeat(501) } };
    await expect(rig.test.customers.update(customer.id, long, account.options)).rejects.toMatchObject({
      param: 'metadata[k]',
    });
    const events = await rig.test.events.list({ type: 'customer.updated' }, account.options);
    expect(events.data[1]?.data.previous_attributes).toEqual({ metadata: { a: '1', c: null } });
  });

  it('remembers a deleted customer as deleted', async () => {
    const { id } = await rig.test.customers.create({}, account.options);
    await rig.test.customers.del(id, {}, account.options);
    expect(await rig.test.customers.retrieve(id, {}, account.options)).toMatchObject({ id, deleted: true });
    await expect(rig.test.customers.update(id, { name: 'A' }, account.options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  it('refuses to expand what cannot be expanded', async () => {
    const customer = await rig.test.customers.create({}, account.options);
    await expect(
      rig.test.customers.retrieve(customer.id, { expand: ['email'] }, account.options),
    ).rejects.toMatchObject({
      message: expect.stringContaining('cannot be expanded') as string,
    });
  });

  describe('idempotency', () => {
    it('repeats the answer, refuses other parameters, and separates accounts', async () => {
      const key = { ...account.options, idempotencyKey: 'once' };
      const first = await rig.test.products.create({ name: 'Once' }, key);
      const second = await rig.test.products.create({ name: 'Once' }, key);
      expect(second.id).toBe(first.id);
      expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
      expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
      await expect(rig.test.products.create({ name: 'Other' }, key)).rejects.toMatchObject({
        type: 'StripeIdempotencyError',
        statusCode: 400,
      });
      const platform = await rig.test.products.create({ name: 'Once' }, { idempotencyKey: 'once' });
      expect(platform.id).not.toBe(first.id);
    });

    it('remembers refusals of the endpoint, but not of its parameters', async () => {
      const missing = { product: 'prod_later', currency: 'usd', unit_amount: 1 };
      await expect(
        rig.test.prices.create(missing, { ...account.options, idempotencyKey: 'refused' }),
      ).rejects.toMatchObject({
        code: 'resource_missing',
      });
      await rig.test.products.create({ id: 'prod_later', name: 'Later' }, account.options);
      await expect(
        rig.test.prices.create(missing, { ...account.options, idempotencyKey: 'refused' }),
      ).rejects.toMatchObject({
        code: 'resource_missing',
      });
      const headers = { 'idempotency-key': 'unread', 'stripe-account': account.id };
      expect((await raw('POST', '/v1/products', 'nome=A', headers)).status).toBe(400);
      expect((await raw('POST', '/v1/products', 'name=A', headers)).status).toBe(200);
    });

    it('remembers a 500, with or without the effect', async () => {
      for (const when of ['before', 'after'] as const) {
        await rig.control('PUT', '/faults', {
          rules: [
            {
              match: { path: '/v1/products', method: 'POST' },
              times: 1,
              fault: { kind: 'status', status: 500, when },
            },
          ],
        });
        const name = `Five hundred ${when}`;
        const key = { ...account.options, idempotencyKey: `500-${when}` };
        await expect(rig.test.products.create({ name }, key)).rejects.toMatchObject({ statusCode: 500 });
        await expect(rig.test.products.create({ name }, key)).rejects.toMatchObject({
          statusCode: 500,
          headers: { 'idempotent-replayed': 'true' },
        });
        const products = await rig.test.products.list({ limit: 100 }, account.options);
        expect(products.data.filter((product) => product.name === name)).toHaveLength(
          when === 'after' ? 1 : 0,
        );
      }
    });

    it('answers 409 while the first request is still running', async () => {
      await rig.control('PUT', '/faults', {
        rules: [
          { match: { path: '/v1/products' }, times: 1, fault: { kind: 'hang', hangMs: 300, when: 'after' } },
        ],
      });
      const key = { ...account.options, idempotencyKey: 'busy' };
      const hanging = rig.test.products.create({ name: 'Busy' }, key).catch((error: unknown) => error);
      let conflict: unknown;
      while (conflict === undefined) {
        const answer = await rig.test.products.create({ name: 'Busy' }, key).catch((error: unknown) => error);
        if (answer instanceof Stripe.errors.StripeError) conflict = answer;
      }
      expect(conflict).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
      await hanging;
      const replayed = await rig.test.products.create({ name: 'Busy' }, key);
      expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true');
    });
  });

  describe('faults', () => {
    const product = (name: string, key: string) =>
      rig.test.products.create({ name }, { ...account.options, idempotencyKey: key });
    // The client itself repeats a request when the connection was closed, whatever its settings.
    const fault = (kind: string, when: string, extra: object = {}) =>
      rig.control('PUT', '/faults', {
        rules: [
          {
            match: { account: account.id, path: '/v1/products', method: 'POST' },
            fault: { kind, when, ...extra },
          },
        ],
      });

    it.each(['reset', 'truncate', 'html502'])(
      '%s after the effect is healed by the same key',
      async (kind) => {
        await fault(kind, 'after');
        await expect(product(kind, `fault-${kind}`)).rejects.toBeDefined();
        await rig.control('DELETE', '/faults');
        const again = await product(kind, `fault-${kind}`);
        expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
      },
    );

    it.each(['reset', 'truncate', 'html502'])('%s before the effect leaves nothing', async (kind) => {
      await fault(kind, 'before');
      await expect(product(`${kind}-before`, `before-${kind}`)).rejects.toBeDefined();
      await rig.control('DELETE', '/faults');
      const products = await rig.test.products.list({ limit: 100 }, account.options);
      expect(products.data.map(({ name }) => name)).not.toContain(`${kind}-before`);
    });

    it('limits the rate with the header that says whether to try again', async () => {
      await fault('rate_limit', 'before', { shouldRetry: true });
      await expect(product('Limited', 'limited')).rejects.toMatchObject({
        type: 'StripeRateLimitError',
        headers: { 'stripe-should-retry': 'true' },
      });
      await rig.control('DELETE', '/faults');
      expect((await product('Limited', 'limited')).name).toBe('Limited');
    });

    it('answers a 500 without an error object, which the client takes for an answer', async () => {
      await fault('bare500', 'before');
      const answer = await product('Bare', 'bare');
      expect(answer.object).toBeUndefined();
    });

    it('picks the nth call', async () => {
      await rig.control('PUT', '/faults', {
        rules: [
          {
            match: { path: '/v1/customers*', nth: 2 },
            fault: { kind: 'status', status: 503, when: 'before' },
          },
        ],
      });
      const statuses: number[] = [];
      for (let call = 0; call < 3; call += 1) statuses.push((await raw('GET', '/v1/customers')).status);
      expect(statuses).toEqual([200, 503, 200]);
      await rig.control('DELETE', '/faults');
    });
  });

  it('logs requests', async () => {
    await rig.test.products.create({ name: 'Logged' }, { ...account.options, idempotencyKey: 'logged' });
    const { requests } = await rig.control<{ requests: object[] }>('GET', '/requests?limit=1');
    expect(requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: '/v1/products',
        account: account.id,
        livemode: false,
        params: { name: 'Logged' },
        idempotencyKey: 'logged',
        replayed: false,
        status: 200,
      }),
    ]);
  });
});
