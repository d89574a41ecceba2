import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

describe('scenario 09: a write whose answer was lost is sent again', () => {
  beforeEach(() => losesAnswers());
  afterEach(() => rig.stripeSide.faults());

  /** Stripe does what it is told next, on each path, and cuts the connection before it answers. */
  const losesAnswers = (...paths: string[]) =>
    rig.stripeSide.faults(
      ...paths.map((path) => ({
        match: { method: 'POST', path, account: seller.accountId },
        times: 1,
        fault: { kind: 'reset', when: 'after' as const },
      })),
    );
  const post = async (path: string, body: object = {}) => {
    const { status, body: answer } = await seller.coach.call('POST', path, body);
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
    return answer;
  };

  test('with the same key: every write of a story has one, and the same request never has two', async () => {
    // The catalog, and a purchase.
    await losesAnswers('/v1/products', '/v1/prices', '/v1/checkout/sessions');
    const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH, setupFee: 500 });
    const { id, stripe } = await seller.purchase(price, 'ada');
    const dearer = await seller.offer({ unitAmount: 9900, recurring: EACH_MONTH }, price.productId);

    // What people ask of a subscription.
    const subscription = `/v1/subscriptions/${stripe.subscriptionId}`;
    await losesAnswers(subscription);
    await post(`/v1/memberships/${id}/pause`);
    await losesAnswers(subscription);
    await post(`/v1/memberships/${id}/resume`);
    await losesAnswers(subscription);
    await post(`/v1/memberships/${id}/change-price`, { priceId: dearer.id, prorate: false });
    await losesAnswers(subscription);
    await post(`/v1/memberships/${id}/cancel`, { at: 'period_end' });
    await post(`/v1/memberships/${id}/cancel`, { at: 'now' });

    // Installments, whose end Stripe is told of.
    await losesAnswers('/v1/subscription_schedules', '/v1/subscription_schedules/*');
    const inThree = {
      model: 'installments',
      unitAmount: 3000,
      recurring: EACH_MONTH,
      installments: 3,
    } as const;
    const plan = await seller.purchase(await seller.offer(inThree), 'ada');
    await eventually('the schedule', async () => {
      const row = await rig.db.membership.findUniqueOrThrow({ where: { id: plan.id } });
      return row.stripeScheduleId !== null;
    });

    // A checkout that is cancelled, and a price that is sold no more.
    const once = await seller.offer({ unitAmount: 700 });
    const { body: checkout } = await seller.openFor(once, 'ada');
    await losesAnswers('/v1/checkout/sessions/*/expire');
    await post(`/v1/checkouts/${checkout.id}/cancel`);
    await seller.quiet();

    const requests = await rig.stripeSide.requests(5000);
    // A DELETE takes none: https://docs.stripe.com/api/idempotent_requests
    const writes = requests.filter(
      ({ method, account }) => method === 'POST' && account === seller.accountId,
    );
    // Whose row, which step (with the request that asked for it, or the object that it is about), which try: nothing
    // that another process would not know as well.
    const isOurs = /^[a-z]+_\w+(:[\w-]+)+:\d+$/;
    expect(writes.filter(({ idempotencyKey }) => !isOurs.test(idempotencyKey ?? ''))).toEqual([]);

    const keys = new Map<string, Set<string | null>>();
    for (const { path, params, idempotencyKey } of writes) {
      const request = JSON.stringify([path, params]);
      keys.set(request, (keys.get(request) ?? new Set()).add(idempotencyKey));
    }
    expect([...keys].filter(([, each]) => each.size > 1)).toEqual([]);

    const repeated = writes.filter(({ replayed }) => replayed).map(({ path }) => path);
    expect(repeated).toEqual(
      expect.arrayContaining(['/v1/prices', '/v1/checkout/sessions', '/v1/subscription_schedules']),
    );
    expect(repeated.filter((path) => path === subscription).length).toBeGreaterThan(0);
  });
});

describe('scenario 10: a refund', () => {
  const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;

  /** The coach gives all of the newest payment back, in the Dashboard. */
  async function refund() {
    const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
    await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: data[0]?.id });
    await seller.quiet();
  }
  const keepAfterRefund = () =>
    rig.db.settings.update({
      where: { coachId_mode: { coachId: seller.coachId, mode: seller.mode } },
      data: { keepAfterRefund: true },
    });

  describe.each([
    ['what is bought once', { unitAmount: 10_000 }],
    ['a subscription', { unitAmount: 4900, recurring: EACH_MONTH }],
  ])('of %s', (_what, terms) => {
    test('takes the access away, unless the coach chose otherwise', async () => {
      const price = await seller.offer(terms);
      const { id } = await seller.purchase(price, 'ada');
      expect(await has(price)).toBe(true);
      await refund();
      expect(await has(price)).toBe(false);
      expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({ reason: 'refunded' });
    });

    test('leaves it where the coach chose so', async () => {
      await keepAfterRefund();
      const price = await seller.offer(terms);
      await seller.purchase(price, 'ada');
      await refund();
      expect(await has(price)).toBe(true);
    });
  });

  test('of one purchase takes nothing from another', async () => {
    const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
    await seller.purchase(price, 'ada');
    const gift = { member: { externalId: 'ada' }, productId: price.productId, until: null };
    expect(await seller.coach.call('POST', '/v1/grants', gift)).toMatchObject({ status: 201 });
    await refund();
    expect(await has(price)).toBe(true);
  });
});
