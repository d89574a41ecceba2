import { newId } from '../../src/domain/ids';
import { liveCopyWorkflowId } from '../../src/messages/ids';
import { type Answer, CoachUi } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { openShop } from '../support/shop';
import { rigFor } from '../support/setup';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

// What a coach has in test mode is copied to live mode: seen before, watched, killed, repeated.

/** Milliseconds, for tests whose worker is killed: Temporal notices a lost worker after fifteen seconds, and a machine may be busy. */
const FIVE_MINUTES = 300_000;
/** Milliseconds that one stretch of such a test may take. */
const STRETCH = 180_000;
const MONTHLY = { unitAmount: 4900, currency: 'usd', recurring: { interval: 'month', intervalCount: 1 } };

async function openCoach(rig: ReturnType<typeof rigFor>) {
  const shop = await openShop(rig, 'live');
  const live = await CoachUi.open(rig, 'live', shop.coachId);
  const test = await CoachUi.open(rig, 'test', shop.coachId);
  const read = (path: string) => live.call('GET', path).then(({ body }) => body as Answer['body']);
  const preview = (query = '') => read(`/v1/live-copies/preview?limit=100${query}`);
  const copy = () => live.call('POST', '/v1/live-copies', {});
  const over = (id: string): Promise<Answer['body']> =>
    eventually(
      'the end of the copying',
      async () => {
        const present = await read(`/v1/live-copies/${id}`);
        return present.endedAt === null ? false : present;
      },
      STRETCH,
    );
  const copied = async () => over((await copy()).body.id);

  /** A product of test mode, as provisioning has left it. */
  async function testProduct(name: string): Promise<string> {
    const { body } = await test.call('POST', '/v1/products', { name });
    return body.id;
  }
  /** A price of test mode that is on sale there. */
  async function testPrice(productId: string, terms: object = {}): Promise<string> {
    const id = newId('price');
    const { recurring, ...rest } = { ...MONTHLY, ...terms };
    await rig.db.price.create({
      data: {
        id,
        coachId: shop.coachId,
        mode: 'test',
        productId,
        status: 'active',
        model: 'recurring',
        ...rest,
        ...recurring,
      },
    });
    return id;
  }
  /** A coupon of test mode that can be used there, with codes. */
  async function testCoupon(terms: object = {}, codes: string[] = [], productIds: string[] = []) {
    const id = newId('coupon');
    const ours = { coachId: shop.coachId, mode: 'test' as const, accountId: 'acct_in_test' };
    await rig.db.coupon.create({
      data: {
        ...{ id, ...ours, stripeCouponId: id, status: 'active', atStripe: true },
        ...{ name: 'Spring', percentOff: 20, duration: 'once', timesRedeemed: 3, ...terms },
      },
    });
    await rig.db.couponProduct.createMany({
      data: productIds.map((productId) => ({
        coachId: shop.coachId,
        mode: 'test' as const,
        couponId: id,
        productId,
      })),
    });
    await rig.db.promotionCode.createMany({
      data: codes.map((code) => ({
        ...{ id: newId('promotionCode'), ...ours, couponId: id, code, status: 'active' as const },
        ...{ atStripe: true, stripePromotionCodeId: `promo_${id}_${code}`, timesRedeemed: 2 },
      })),
    });
    return id;
  }
  const liveTwinOf = async (kind: string, testId: string) =>
    (await rig.db.liveTwin.findFirstOrThrow({ where: { coachId: shop.coachId, kind, testId } })).liveId;
  const livePrices = () =>
    rig.db.price.findMany({ where: { coachId: shop.coachId, mode: 'live' }, orderBy: { unitAmount: 'asc' } });
  /** Everything of the catalog that the account has at Stripe. */
  const atStripe = async () => ({
    products: await shop.stripe.products
      .list({ limit: 100 }, shop.asAccount)
      .autoPagingToArray({ limit: 1000 }),
    prices: await shop.stripe.prices.list({ limit: 100 }, shop.asAccount).autoPagingToArray({ limit: 1000 }),
  });
  return {
    shop,
    live,
    test,
    read,
    preview,
    copy,
    over,
    copied,
    testProduct,
    testPrice,
    testCoupon,
    liveTwinOf,
    livePrices,
    atStripe,
  };
}

describe('with a worker that is killed', () => {
  const rig = rigFor('test', { worker: false });
  let worker: WorkerProcess | null = null;
  afterEach(() => worker?.kill());

  test(
    'scenario 83: a hundred prices are complete at Stripe and here, nothing twice, however often the worker dies; again there is nothing to do',
    async () => {
      const coach = await openCoach(rig);
      const { coachId } = coach.shop;
      for (let n = 0; n < 10; n++) {
        const productId = await coach.testProduct(`Course ${n}`);
        await rig.db.price.createMany({
          data: Array.from({ length: 10 }, (_, i) => ({
            id: newId('price'),
            coachId,
            mode: 'test' as const,
            productId,
            status: 'active' as const,
            model: 'one_off' as const,
            currency: 'usd',
            unitAmount: 1000 + n * 10 + i,
          })),
        });
      }
      expect(await coach.preview()).toMatchObject({ connected: true, new: 110, same: 3, impossible: 0 });
      const { status, body: copy } = await coach.copy();
      expect(status).toBe(202);
      expect(copy.status).toBe('running');

      const on = (price: { status: string }) => price.status === 'active';
      for (const share of [15, 55]) {
        worker = await startWorkerProcess(rig);
        await eventually(
          `${share} prices on sale`,
          async () => (await coach.livePrices()).filter(on).length >= share,
          STRETCH,
        );
        await worker.kill();
        const { copied, total } = await coach.read(`/v1/live-copies/${copy.id}`);
        expect(total).toBe(copy.total);
        expect(copied).toBeLessThan(total);
      }
      worker = await startWorkerProcess(rig);
      expect(await coach.over(copy.id)).toMatchObject({
        status: 'done',
        total: copy.total,
        failed: 0,
        waiting: 0,
      });

      const prices = await coach.livePrices();
      expect(prices.map(({ unitAmount }) => unitAmount)).toEqual(
        Array.from({ length: 100 }, (_, i) => 1000 + i),
      );
      expect(prices.every(on)).toBe(true);
      expect(await rig.db.liveTwin.count({ where: { coachId, kind: 'price' } })).toBe(100);
      const there = await coach.atStripe();
      expect(there.products).toHaveLength(10);
      expect(
        there.prices.map(({ unit_amount }) => unit_amount).sort((a, b) => Number(a) - Number(b)),
      ).toEqual(Array.from({ length: 100 }, (_, i) => 1000 + i));
      expect(there.prices.every(({ active }) => active)).toBe(true);

      expect(await coach.preview()).toMatchObject({ new: 0, change: 0 });
      expect(await coach.copied()).toMatchObject({ status: 'done', total: 0 });
      expect(await coach.atStripe()).toMatchObject({ prices: { length: 100 }, products: { length: 10 } });
      const run = rig.client.workflow.getHandle(liveCopyWorkflowId(copy.id));
      expect((await run.describe()).searchAttributes).toMatchObject({
        CoachId: [coachId],
        StripeAccountId: [coach.shop.accountId],
        BusinessStatus: ['done'],
      });
      expect((await run.describe()).memo).toEqual({ summary: `Copy ${copy.id} of test mode (live)` });
    },
    FIVE_MINUTES,
  );

  test(
    'coupons and their codes are there once each, here and at Stripe, when the worker dies among them',
    async () => {
      const coach = await openCoach(rig);
      const { shop } = coach;
      for (let n = 0; n < 12; n++) await coach.testCoupon({ name: `Coupon ${n}` }, [`A-${n}`, `B-${n}`]);
      const { body: copy } = await coach.copy();
      expect(copy).toMatchObject({ status: 'running', total: 36 });
      worker = await startWorkerProcess(rig);
      const mine = { coachId: shop.coachId, mode: 'live' as const };
      await eventually(
        'some coupons at Stripe',
        async () => (await rig.db.coupon.count({ where: { ...mine, status: 'active' } })) >= 5,
        STRETCH,
      );
      await worker.kill();
      expect((await coach.read(`/v1/live-copies/${copy.id}`)).copied).toBeLessThan(36);
      worker = await startWorkerProcess(rig);
      expect(await coach.over(copy.id)).toMatchObject({ status: 'done', total: 36, copied: 36, failed: 0 });
      const coupons = await shop.stripe.coupons.list({ limit: 100 }, shop.asAccount);
      const codes = await shop.stripe.promotionCodes.list({ limit: 100, active: true }, shop.asAccount);
      expect(coupons.data).toHaveLength(12);
      expect(new Set(codes.data.map(({ code }) => code)).size).toBe(24);
      expect(codes.data).toHaveLength(24);
      const here = { where: { ...mine, status: 'active' as const } };
      expect(await Promise.all([rig.db.coupon.count(here), rig.db.promotionCode.count(here)])).toEqual([
        12, 24,
      ]);
      expect(await coach.preview()).toMatchObject({ new: 0, change: 0, impossible: 0 });
      expect(await coach.copied()).toMatchObject({ status: 'done', total: 0 });
    },
    FIVE_MINUTES,
  );
});

describe('with a worker', () => {
  const rig = rigFor('file');
  afterEach(() => {
    delete rig.hooks.nextOfLiveCopy;
    return rig.stripeSide.faults();
  });
  const byKind = (preview: Answer['body'], kind: string) =>
    preview.data.filter((one: { kind: string }) => one.kind === kind);

  test('catalog, settings, mails and receivers come over; what changes in test mode afterwards follows, and nothing that was done in live mode is undone', async () => {
    const coach = await openCoach(rig);
    const { live, test: inTest } = coach;
    await inTest.call('PATCH', '/v1/settings', { graceDays: 3, origins: ['https://ana.example'] });
    await live.call('PATCH', '/v1/settings', { renewalLeewayHours: 24, origins: ['https://other.example'] });
    await inTest.call('PATCH', '/v1/mail-settings', {
      colour: '#3b4fd8',
      off: ['gift'],
      texts: [{ kind: 'bought', language: 'de', before: 'Willkommen', after: '' }],
    });
    const { body: receiver } = await inTest.call('POST', '/v1/webhook-endpoints', {
      url: 'https://ana.example/hook',
      types: ['membership.*'],
    });
    const product = await coach.testProduct('Morning circle');
    const price = await coach.testPrice(product, {
      nickname: 'Monthly',
      currencyOptions: [{ currency: 'eur', unitAmount: 4500 }],
    });
    const free = await coach.testPrice(product, {
      model: 'free',
      unitAmount: 0,
      recurring: { interval: null, intervalCount: null },
    });

    const seen = await coach.preview();
    expect(seen).toMatchObject({ connected: true, chargesEnabled: true, impossible: 0, same: 1 });
    expect(byKind(seen, 'settings')[0]).toMatchObject({
      action: 'change',
      changes: [
        { field: 'graceDays', from: 7, to: 3 },
        { field: 'origins', to: ['https://other.example', 'https://ana.example'] },
      ],
    });
    expect(byKind(seen, 'price')[0]).toMatchObject({
      action: 'new',
      testId: price,
      productName: 'Morning circle',
      price: { unitAmount: 4900, recurring: MONTHLY.recurring },
    });
    const copied = await coach.copied();
    expect(copied).toMatchObject({ status: 'done', total: 7, copied: 7, failed: 0 });

    const settings = await coach.read('/v1/settings');
    expect(settings).toMatchObject({ graceDays: 3, renewalLeewayHours: 24 });
    expect(await coach.read('/v1/mail-settings')).toMatchObject({ colour: '#3b4fd8', off: ['gift'] });
    const [mine] = await coach.livePrices().then((rows) => rows.filter(({ model }) => model !== 'free'));
    expect(mine).toMatchObject({
      status: 'active',
      unitAmount: 4900,
      interval: 'month',
      nickname: 'Monthly',
      currencyOptions: [{ currency: 'eur', unitAmount: 4500 }],
    });
    expect(mine?.id).not.toBe(price);
    const pairs = await rig.db.liveTwin.findMany({ where: { coachId: coach.shop.coachId, kind: 'price' } });
    expect(pairs.map(({ testId }) => testId).sort()).toEqual([price, free].sort());

    // Its secret is one that nobody has seen: it is shown once, which switches it on.
    const { data: receivers } = await coach.read('/v1/webhook-endpoints');
    expect(receivers).toMatchObject([
      { url: 'https://ana.example/hook', status: 'disabled', disabledReason: 'copied' },
    ]);
    const shown = await live.call('POST', `/v1/webhook-endpoints/${receivers[0].id}/rotate-secret`, {});
    expect(shown.body).toMatchObject({ status: 'enabled', disabledReason: null, oldSecretValidUntil: null });
    expect(shown.body.secret).not.toBe(receiver.secret);

    expect(await coach.preview()).toMatchObject({ new: 0, change: 0, impossible: 0 });
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 0 });

    // A choice that came after it was copied was not changed in test mode by that.
    await rig.db.$executeRaw`UPDATE live_twin SET copied = copied - 'oneTrialPerMember'
      WHERE coach_id = ${coach.shop.coachId} AND kind = 'settings'`;
    await live.call('PATCH', '/v1/settings', { oneTrialPerMember: false });
    expect(await coach.preview()).toMatchObject({ change: 0 });

    // What follows: only what was changed in test mode since.
    await live.call('PATCH', '/v1/settings', { graceDays: 10 });
    await inTest.call('PATCH', '/v1/settings', { keepAfterRefund: true });
    await inTest.call('PATCH', `/v1/products/${product}`, { name: 'Evening circle' });
    await inTest.call('PATCH', `/v1/prices/${price}`, { nickname: 'Every month' });
    expect(await coach.preview()).toMatchObject({ new: 0, change: 3 });
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 3, copied: 3 });
    expect(await coach.read('/v1/settings')).toMatchObject({ graceDays: 10, keepAfterRefund: true });
    await eventually('the new words at Stripe', async () => {
      const { products, prices } = await coach.atStripe();
      return products[0]?.name === 'Evening circle' && prices[0]?.nickname === 'Every month';
    });
    expect(await coach.preview()).toMatchObject({ new: 0, change: 0 });
  });

  test('scenario 84: what was sold in live mode is not touched; what nobody has bought there is replaced', async () => {
    const coach = await openCoach(rig);
    const product = await coach.testProduct('Morning circle');
    const [sold, unsold] = [
      await coach.testPrice(product),
      await coach.testPrice(product, { unitAmount: 900 }),
    ];
    await coach.copied();
    const priceOf = async (testId: string) => {
      const twin = await rig.db.liveTwin.findFirstOrThrow({ where: { kind: 'price', testId } });
      return rig.db.price.findUniqueOrThrow({ where: { id: twin.liveId } });
    };
    await rig.db.price.update({ where: { id: (await priceOf(sold)).id }, data: { soldAt: new Date() } });
    const before = await priceOf(sold);
    // In test mode both are replaced by a dearer one.
    const dearer: string[] = [];
    for (const [id, unitAmount] of [
      [sold, 5900],
      [unsold, 1900],
    ] as const) {
      dearer.push(await coach.testPrice(product, { unitAmount, replacesPriceId: id }));
      await rig.db.price.update({ where: { id }, data: { status: 'archived', archivedAt: new Date() } });
    }
    const seen = await coach.preview('&action=new');
    expect(seen.data.map((one: { note: string }) => one.note)).toEqual(['sold_stays', 'replaces']);
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 2 });
    expect(await priceOf(sold)).toEqual(before);
    expect(await priceOf(unsold)).toMatchObject({ status: 'archived' });
    for (const id of dearer) expect(await priceOf(id)).toMatchObject({ status: 'active' });
    expect(await coach.copied()).toMatchObject({ total: 0 });
  });

  test('what is not possible says why, and what Stripe refuses keeps nothing else from being copied', async () => {
    const coach = await openCoach(rig);
    const { coachId } = coach.shop;
    const product = await coach.testProduct('Morning circle');
    const archived = await coach.testPrice(product, { status: 'archived' });
    const failed = await coach.testPrice(product, { status: 'failed' });
    await coach.test.call('POST', '/v1/webhook-endpoints', { url: 'https://ana.example/hook' });
    await rig.db.webhookEndpoint.updateMany({
      where: { coachId },
      data: { url: 'http://10.0.0.1/hook' },
    });
    const reasons = async () =>
      Object.fromEntries(
        (await coach.preview('&action=impossible')).data.map((one: Answer['body']) => [
          one.kind === 'price' ? one.testId : one.kind,
          one.reason,
        ]),
      );
    const always = {
      [archived]: 'archived_in_test',
      [failed]: 'not_on_sale_in_test',
      webhook_endpoint: 'receiver_not_allowed',
    };
    expect(await reasons()).toEqual(always);
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/prices' },
      fault: { kind: 'status', status: 400, code: 'invalid_currency', when: 'before' },
    });
    const refused = await coach.testPrice(product, { currency: 'clp', unitAmount: 9000 });
    const copy = await coach.copied();
    await rig.stripeSide.faults();
    expect(copy).toMatchObject({ status: 'incomplete', total: 2, copied: 1, failed: 1 });
    const { data } = await coach.read(`/v1/live-copies/${copy.id}/items?status=failed`);
    expect(data).toMatchObject([{ kind: 'price', testId: refused, reason: 'invalid_currency' }]);
    expect(await reasons()).toEqual({ ...always, [refused]: 'currency_not_possible' });

    // Without an account in live mode nothing that is paid for can come.
    await rig.db.connection.updateMany({ where: { coachId }, data: { status: 'disconnected' } });
    const late = await coach.testPrice(product, { unitAmount: 700 });
    expect(await coach.preview()).toMatchObject({ connected: false });
    expect(await reasons()).toMatchObject({ [late]: 'live_not_connected' });
    // Test mode does not write in live mode.
    for (const answer of [
      await coach.test.call('POST', '/v1/live-copies', {}),
      await coach.test.call('GET', '/v1/live-copies/preview'),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'live_mode_only' } });
  });

  test('what is offered beside comes with the prices, follows changes of test mode, and nothing else', async () => {
    const coach = await openCoach(rig);
    const once = { model: 'one_off', recurring: {} };
    const [course, workbook, recipes] = [
      await coach.testPrice(await coach.testProduct('Course'), once),
      await coach.testPrice(await coach.testProduct('Workbook'), { ...once, unitAmount: 900 }),
      await coach.testPrice(await coach.testProduct('Recipes'), { ...once, unitAmount: 1900 }),
    ];
    const offer = async (offersBeside: string[]) =>
      expect(await coach.test.call('PATCH', `/v1/prices/${course}`, { offersBeside })).toMatchObject({
        status: 200,
      });
    await offer([recipes, workbook]);
    const seen = await coach.preview();
    expect(byKind(seen, 'offers_beside')).toMatchObject([
      { action: 'change', testId: course, name: 'Course' },
    ]);
    expect(await coach.copied()).toMatchObject({ status: 'done', failed: 0, skipped: 0 });
    const live = await coach.liveTwinOf('price', course);
    const liveOf = (ids: string[]) => Promise.all(ids.map((id) => coach.liveTwinOf('price', id)));
    const offered = async () => (await coach.read(`/v1/prices/${live}`)).offersBeside;
    expect(await offered()).toEqual(await liveOf([recipes, workbook]));
    expect(byKind(await coach.preview(), 'offers_beside')).toMatchObject([{ action: 'same' }]);
    // What is said in live mode alone stays.
    await coach.live.call('PATCH', `/v1/prices/${live}`, { offersBeside: [] });
    expect(byKind(await coach.preview(), 'offers_beside')).toMatchObject([{ action: 'same' }]);
    await offer([workbook]);
    await coach.copied();
    expect(await offered()).toEqual(await liveOf([workbook]));
    // A price that is not on sale in test mode is not copied, and so is nothing of what names it.
    const later = await coach.testPrice(await coach.testProduct('Later'), {
      ...once,
      status: 'provisioning',
    });
    await offer([workbook, later]);
    expect(byKind(await coach.preview(), 'offers_beside')).toMatchObject([
      { action: 'impossible', reason: 'price_not_copied' },
    ]);
  });

  test('coupons come with their codes, limited to the products of live mode, and with the offer to who cancels; nobody has used them there, and again there is nothing to do', async () => {
    const coach = await openCoach(rig);
    const { shop, live, test: inTest } = coach;
    const product = await coach.testProduct('Morning circle');
    await coach.testPrice(product);
    const limited = await coach.testCoupon(
      { percentOff: null, amountOff: 500, currency: 'usd', duration: 'repeating', months: 3 },
      ['SPRING', 'spring-2'],
      [product],
    );
    const once = await coach.testCoupon({ name: 'Thanks' });
    const offer = { cancelOffer: 'coupon', cancelOfferCouponId: once, cancelOfferDays: 14 };
    await inTest.call('PATCH', '/v1/settings', offer);

    const seen = await coach.preview();
    expect(seen).toMatchObject({ new: 6, change: 1, same: 2, impossible: 0 });
    const named = (kind: string) => byKind(seen, kind).map(({ name }: { name: string }) => name);
    expect(named('coupon')).toEqual(['Spring', 'Thanks']);
    expect(named('promotion_code').sort()).toEqual(['SPRING', 'spring-2']);
    expect(byKind(seen, 'cancel_offer')).toMatchObject([
      {
        action: 'change',
        changes: [
          { field: 'cancelOffer', from: 'none', to: 'coupon' },
          { field: 'cancelOfferCouponId', from: null },
          { field: 'cancelOfferDays', from: 30, to: 14 },
        ],
      },
    ]);
    const copy = await coach.copied();
    expect(copy).toMatchObject({ status: 'done', total: 7, copied: 7, failed: 0 });

    const [liveLimited, liveOnce] = [
      await coach.liveTwinOf('coupon', limited),
      await coach.liveTwinOf('coupon', once),
    ];
    const liveProduct = await coach.liveTwinOf('product', product);
    const { data: coupons } = await coach.read('/v1/coupons');
    expect(coupons).toMatchObject([
      { id: liveOnce, status: 'active', percentOff: 20, timesRedeemed: 0, onConnectedAccount: true },
      {
        ...{ id: liveLimited, status: 'active', amountOff: 500, currency: 'usd', months: 3 },
        ...{ productIds: [liveProduct], timesRedeemed: 0, onConnectedAccount: true },
      },
    ]);
    const { data: codes } = await coach.read('/v1/promotion-codes');
    expect(
      codes.map((code: Answer['body']) => [code.code, code.couponId, code.status, code.timesRedeemed]),
    ).toEqual(
      expect.arrayContaining([
        ['SPRING', liveLimited, 'active', 0],
        ['spring-2', liveLimited, 'active', 0],
      ]),
    );
    expect(await coach.read('/v1/settings')).toMatchObject({ ...offer, cancelOfferCouponId: liveOnce });
    // At Stripe as well, and for that product alone.
    const atStripe = async () => ({
      coupons: (await shop.stripe.coupons.list({ limit: 100, expand: ['data.applies_to'] }, shop.asAccount))
        .data,
      codes: (await shop.stripe.promotionCodes.list({ limit: 100 }, shop.asAccount)).data,
    });
    const made = await atStripe();
    expect(made.coupons).toHaveLength(2);
    expect(made.coupons.find(({ id }) => id === liveLimited)).toMatchObject({
      amount_off: 500,
      applies_to: { products: [liveProduct] },
    });
    expect(made.codes.map(({ code }) => code).sort()).toEqual(['SPRING', 'spring-2']);

    expect(await coach.preview()).toMatchObject({ new: 0, change: 0, impossible: 0 });
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 0 });
    // What follows: what was changed in test mode since; what was chosen in live mode stays.
    await live.call('PATCH', '/v1/settings', { cancelOfferDays: 21 });
    await coach.testCoupon({ name: 'Summer' }, ['SUMMER']);
    await inTest.call('PATCH', '/v1/settings', { cancelOfferCouponId: limited });
    expect(await coach.preview()).toMatchObject({ new: 2, change: 1, impossible: 0 });
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 3, copied: 3 });
    expect(await coach.read('/v1/settings')).toMatchObject({
      cancelOfferCouponId: liveLimited,
      cancelOfferDays: 21,
    });
    expect((await atStripe()).coupons).toHaveLength(3);
    expect(await coach.copied()).toMatchObject({ total: 0 });
  });

  test('scenario 105: a coupon that was deleted in the Dashboard of live mode is not made again; what Stripe refuses is tried again when it is copied again', async () => {
    const coach = await openCoach(rig);
    const { shop } = coach;
    const gone = await coach.testCoupon({ name: 'Gone' }, ['GONE']);
    await coach.copied();
    const liveId = await coach.liveTwinOf('coupon', gone);
    await rig.db.coupon.update({
      where: { id: liveId },
      data: {
        status: 'failed',
        atStripe: false,
        failureCode: 'coupon_deleted_at_stripe',
        failureMessage: 'Gone.',
      },
    });
    await shop.stripe.coupons.del(liveId, undefined, shop.asAccount);
    const mine = { coachId: shop.coachId, mode: 'live' as const };
    await rig.db.promotionCode.create({
      data: {
        ...{ ...mine, id: newId('promotionCode'), couponId: liveId, accountId: shop.accountId },
        ...{ code: 'TAKEN', status: 'active' },
      },
    });
    await coach.testCoupon({ name: 'Over', expiresAt: new Date('2020-01-01') }, ['OVER']);
    const refused = await coach.testCoupon({ name: 'Refused' }, ['taken', 'FREE']);
    const { data } = await coach.preview('&action=impossible');
    expect(data.map((one: Answer['body']) => [one.name, one.reason])).toEqual([
      ['Gone', 'deleted_at_stripe'],
      ['Over', 'expired'],
      ['OVER', 'coupon_not_copied'],
      ['taken', 'code_taken_in_live'],
    ]);

    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/coupons' },
      fault: { kind: 'status', status: 400, code: 'parameter_invalid_empty', when: 'before' },
    });
    const copy = await coach.copied();
    expect(copy).toMatchObject({ status: 'incomplete', total: 2, failed: 2 });
    const { data: failed } = await coach.read(`/v1/live-copies/${copy.id}/items?status=failed`);
    expect(failed).toMatchObject([
      { kind: 'coupon', testId: refused, reason: 'parameter_invalid_empty' },
      { kind: 'promotion_code', name: 'FREE' },
    ]);
    await rig.stripeSide.faults();
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 1, copied: 1 });
    const again = await coach.liveTwinOf('coupon', refused);
    expect(await rig.db.coupon.findUniqueOrThrow({ where: { id: again } })).toMatchObject({
      status: 'active',
    });
    await eventually('its code', async () => {
      const codes = await rig.db.promotionCode.findMany({ where: { couponId: again } });
      return codes.length === 1 && codes[0]?.status === 'active';
    });
    const { data: coupons } = await shop.stripe.coupons.list({ limit: 100 }, shop.asAccount);
    expect(coupons.map(({ name }) => name)).toEqual(['Refused']);
  });

  test('one at a time; one that is cancelled leaves what was copied, and the next goes on', async () => {
    const coach = await openCoach(rig);
    for (let n = 0; n < 25; n++) await coach.testProduct(`Course ${n}`);
    let looks = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    rig.hooks.nextOfLiveCopy = {
      before: () => {
        looks += 1;
        return looks < 2 ? Promise.resolve() : held;
      },
    };
    const { body: copy } = await coach.copy();
    await eventually('the second look', () => Promise.resolve(looks > 1));
    expect(await coach.copy()).toMatchObject({ status: 409, body: { code: 'live_copy_in_progress' } });
    const { body: stopping } = await coach.live.call('POST', `/v1/live-copies/${copy.id}/cancel`, {});
    expect(stopping).toMatchObject({ status: 'cancelling', copied: 20, waiting: 5 });
    release();
    expect(await coach.over(copy.id)).toMatchObject({ status: 'cancelled', copied: 20, waiting: 5 });
    expect(await coach.preview()).toMatchObject({ new: 5, same: 23 });
    expect(await coach.copied()).toMatchObject({ status: 'done', total: 5, copied: 5 });
    expect(await coach.live.call('POST', `/v1/live-copies/${copy.id}/cancel`, {})).toMatchObject({
      status: 200,
    });
  });
});
