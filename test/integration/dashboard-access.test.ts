import { eventually } from '../support/eventually';
import type Stripe from 'stripe';
import { DAY, HOUR } from '../../src/domain/time';
import { type Bought, dashboardOf } from '../support/dashboard';
import { rigFor, sellerFor } from '../support/setup';

// The coach works in their own Stripe Dashboard: who has access afterwards, and what the coach reads of it.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;
const EACH_YEAR = { interval: 'year', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const { atStripe, ownItem, update, foreignPrice, invoicesOf, openInvoice } = dashboardOf(() => seller);
const seconds = (time: string | null) => Date.parse(time ?? '') / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (id: string, action: string, body: object = {}) =>
  seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
const monthly = (unitAmount: number, productId?: string, more: object = {}) =>
  seller.offer({ unitAmount, recurring: EACH_MONTH, ...more }, productId);
const yearly = (unitAmount: number, productId?: string) =>
  seller.offer({ unitAmount, recurring: EACH_YEAR }, productId);
const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;
const kinds = async ({ memberId }: Bought) => (await seller.timeline(memberId)).map(({ kind }) => kind);
const afterEnd = ({ paidThrough }: Bought) => seller.moveTo(seconds(paidThrough) + 2 * HOUR);
const attention = async () => (await seller.read('/v1/overview')).attention;
const gross = async () => {
  const { revenue } = await seller.read('/v1/overview');
  return revenue[0].months.reduce((sum: number, month: { gross: number }) => sum + month.gross, 0);
};

/** The price at Stripe that ours is. */
async function stripePriceOf({ id }: { id: string }): Promise<string> {
  const { stripePriceId } = await rig.db.priceProvisioning.findFirstOrThrow({ where: { priceId: id } });
  if (stripePriceId === null) throw new Error('Not at Stripe');
  return stripePriceId;
}

/** From now on the bank declines. */
const fails = ({ stripe }: Bought) =>
  rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });
const recovers = ({ stripe }: Bought) =>
  rig.stripeSide.trigger('payment_method_recovers', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });

const refusedToBuy = async (price: { id: string }, code: string) =>
  expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 409, body: { code } });

describe('A4, scenario 24: pending invoice items stand before the subscription’s own line', () => {
  test.each([10, 12])('A4: %i extra invoice items on a renewal: access goes on', async (count) => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    for (let item = 0; item < count; item++)
      await seller.stripe.invoiceItems.create(
        {
          customer: bought.stripe.customerId,
          amount: 100,
          currency: 'usd',
          description: `Extra ${item}`,
          // Of the subscription, or of whatever is invoiced next.
          ...(count === 10 ? { subscription: bought.stripe.subscriptionId } : {}),
        },
        seller.asAccount,
      );
    await afterEnd(bought);
    expect(await seller.charges()).toEqual([1000, 1000 + 100 * count]);
    const { status, reason, paidThrough } = await now(bought.id);
    expect({ status, reason }).toEqual({ status: 'active', reason: 'paid' });
    expect(seconds(paidThrough)).toBeGreaterThan(seconds(bought.paidThrough) + 27 * DAY);
    // Past every leeway.
    await seller.moveBy(10 * DAY);
    expect(await has(price)).toBe(true);
  });
});

describe('A5, scenario 25: what was credited back is not paid for', () => {
  /** A year that became a month after ten days. */
  async function downgraded() {
    const year = await yearly(49_000);
    const month = await monthly(4900, year.productId);
    const bought: Bought = await seller.purchase(year, 'ada');
    await seller.moveBy(10 * DAY);
    const { status, body } = await post(bought.id, 'change-price', { priceId: month.id });
    expect(status).toBe(200);
    await seller.quiet();
    expect(seconds(body.paidThrough)).toBeLessThan((await seller.now()) + 32 * DAY);
    return { month, changed: body as Bought };
  }

  test('A5: yearly → monthly: paid through the month', async () => {
    const { month, changed } = await downgraded();
    await afterEnd(changed);
    // The credit pays the months that come.
    expect(await now(changed.id)).toMatchObject({ status: 'active', reason: 'paid' });
    expect(await has(month)).toBe(true);
  });

  test('A5: yearly → monthly, then pause: access ends with the month', async () => {
    const { month, changed } = await downgraded();
    await post(changed.id, 'pause');
    const { until } = await seller.accessOf('ada', month);
    expect(until).toBe(changed.paidThrough);
  });

  test('A5: yearly → monthly, then cancel with honourPaidPeriod: access ends with the month', async () => {
    await seller.coach.call('PUT', '/v1/settings', { honourPaidPeriod: true });
    const { month, changed } = await downgraded();
    await post(changed.id, 'cancel', { at: 'now' });
    expect((await seller.accessOf('ada', month)).until).toBe(changed.paidThrough);
    await afterEnd(changed);
    expect(await has(month)).toBe(false);
  });

  test('A5: yearly → monthly, then disconnect: honoured to the end of the month', async () => {
    const { month, changed } = await downgraded();
    await rig.stripeSide.trigger('deauthorize', { account: seller.accountId });
    await seller.quiet();
    const { until } = await seller.accessOf('ada', month);
    expect(seconds(until)).toBeLessThanOrEqual(seconds(changed.paidThrough) + 3 * DAY);
  });

  test('A5: the same in the Dashboard', async () => {
    const year = await yearly(49_000);
    const month = await monthly(4900, year.productId);
    const bought: Bought = await seller.purchase(year, 'ada');
    await update(bought, {
      items: [{ id: (await ownItem(bought)).id, price: await stripePriceOf(month) }],
      proration_behavior: 'always_invoice',
    });
    await seller.quiet();
    const { paidThrough, priceId } = await now(bought.id);
    expect(priceId).toBe(month.id);
    expect(seconds(paidThrough)).toBeLessThan((await seller.now()) + 32 * DAY);
  });

  test('A5: a yearly add-on on a monthly membership lends it no year', async () => {
    const price = await monthly(1000);
    const addOn = await yearly(5000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await update(bought, {
      items: [{ price: await stripePriceOf(addOn) }],
      proration_behavior: 'always_invoice',
    });
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ paidThrough: bought.paidThrough });
    expect(await has(addOn)).toBe(true);
    await post(bought.id, 'pause');
    await afterEnd(bought);
    expect([await has(price), await has(addOn)]).toEqual([false, true]);
  });
});

describe('A6: a trial gives access to its end at least', () => {
  test('A6: a trial that is extended', async () => {
    const price = await monthly(1000, undefined, { trialDays: 7 });
    const bought: Bought = await seller.purchase(price, 'ada');
    const end = seconds(bought.paidThrough) + 30 * DAY;
    await update(bought, { trial_end: end, proration_behavior: 'none' });
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ status: 'trialing', reason: 'trial' });
    await seller.moveTo(seconds(bought.paidThrough) + 20 * DAY);
    expect(await has(price)).toBe(true);
    expect(seconds((await seller.accessOf('ada', price)).until)).toBeGreaterThanOrEqual(end);
    await seller.moveTo(end + 2 * HOUR);
    expect(await seller.charges()).toEqual([1000]);
    expect(await now(bought.id)).toMatchObject({ status: 'active', reason: 'paid' });
  });

  test('A6: a trial that is given to a running subscription', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    const end = seconds(bought.paidThrough) + 60 * DAY;
    await update(bought, { trial_end: end, proration_behavior: 'none' });
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ status: 'trialing', reason: 'trial' });
    await seller.moveTo(end - DAY);
    expect(await has(price)).toBe(true);
    expect(await seller.charges()).toEqual([1000]);
  });
});

// https://docs.stripe.com/billing/collection-method
test('A7: send_invoice, due in 30 days: access to the due date and the grace after it, in words that fit', async () => {
  const price = await monthly(1000);
  const bought: Bought = await seller.purchase(price, 'ada');
  await update(bought, { collection_method: 'send_invoice', days_until_due: 30 });
  await afterEnd(bought);
  const sent = await now(bought.id);
  expect(sent).toMatchObject({ status: 'active', reason: 'invoice_sent', next: { what: 'invoice_due' } });
  const due = sent.openInvoice.dueAt;
  expect(sent).toMatchObject({ openInvoice: { amountRemaining: 1000, currency: 'usd' }, next: { at: due } });
  await seller.moveTo(seconds(due) - DAY);
  expect(await has(price)).toBe(true);
  await seller.moveTo(seconds(due) + 2 * DAY);
  expect(await has(price)).toBe(true);
  await seller.moveTo(seconds(due) + 8 * DAY);
  expect(await has(price)).toBe(false);
  expect((await attention()).payments.data).toMatchObject([{ membershipId: bought.id }]);
});

test('A7: an invoice that was sent and is paid renews', async () => {
  const price = await monthly(1000);
  const bought: Bought = await seller.purchase(price, 'ada');
  await update(bought, { collection_method: 'send_invoice', days_until_due: 30 });
  await afterEnd(bought);
  await seller.moveBy(20 * DAY);
  await seller.stripe.invoices.pay(await openInvoice(bought), { paid_out_of_band: true }, seller.asAccount);
  await seller.quiet();
  expect(await now(bought.id)).toMatchObject({ reason: 'paid', openInvoice: null });
  expect(await kinds(bought)).toEqual(expect.arrayContaining(['invoice_sent', 'renewed']));
});

// https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
describe('A8: a failed renewal', () => {
  async function failed() {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await fails(bought);
    await afterEnd(bought);
    expect(await now(bought.id)).toMatchObject({ status: 'past_due', reason: 'grace' });
    return { price, bought, invoice: await openInvoice(bought) };
  }
  const WAITS = {
    reason: 'awaiting_payment',
    next: {
      what: 'renewal',
      inWords: 'Stripe charges the next period; access comes back when it is paid.',
    },
    openInvoice: null,
  };

  test('A8: is voided: Stripe takes nothing for this period, and the next one is charged', async () => {
    const { price, bought, invoice } = await failed();
    await seller.stripe.invoices.voidInvoice(invoice, undefined, seller.asAccount);
    await seller.moveBy(8 * DAY);
    expect(await has(price)).toBe(false);
    expect(await now(bought.id)).toMatchObject({ status: 'suspended', ...WAITS });
  });

  test('A8: is written off: likewise', async () => {
    const { price, bought, invoice } = await failed();
    await seller.stripe.invoices.markUncollectible(invoice, undefined, seller.asAccount);
    await seller.moveBy(8 * DAY);
    expect(await has(price)).toBe(false);
    expect(await now(bought.id)).toMatchObject({ status: 'suspended', ...WAITS });
    await recovers(bought);
    await seller.moveBy(25 * DAY);
    expect(await has(price)).toBe(true);
  });

  test('A8: is paid in cash: access, as paid', async () => {
    const { price, bought, invoice } = await failed();
    await seller.stripe.invoices.pay(invoice, { paid_out_of_band: true }, seller.asAccount);
    await seller.moveBy(8 * DAY);
    expect(await has(price)).toBe(true);
    expect(await now(bought.id)).toMatchObject({ status: 'active', reason: 'paid', openInvoice: null });
    expect(await kinds(bought)).toContain('payment_recovered');
  });
});

describe('A9, scenario 26: one of three installments is settled otherwise', () => {
  const inThree = {
    model: 'installments',
    unitAmount: 3000,
    recurring: EACH_MONTH,
    installments: 3,
  } as const;
  const complete = async (bought: Bought) => {
    await seller.moveBy(70 * DAY);
    expect(await now(bought.id)).toMatchObject({
      status: 'owned',
      reason: 'installments_complete',
      installments: { due: 3, paid: 3 },
    });
  };

  test('A9: from the customer’s balance', async () => {
    const price = await seller.offer(inThree);
    const bought: Bought = await seller.purchase(price, 'ada');
    await seller.stripe.customers.update(bought.stripe.customerId, { balance: -3000 }, seller.asAccount);
    await complete(bought);
    expect(await seller.charges()).toEqual([3000, 3000]);
    expect(await has(price)).toBe(true);
  });

  test('A9: marked as paid out of band', async () => {
    const price = await seller.offer(inThree);
    const bought: Bought = await seller.purchase(price, 'ada');
    await fails(bought);
    await afterEnd(bought);
    await seller.stripe.invoices.pay(await openInvoice(bought), { paid_out_of_band: true }, seller.asAccount);
    await recovers(bought);
    await complete(bought);
    expect(await has(price)).toBe(true);
  });

  test('A9: by a coupon of 100 %', async () => {
    const price = await seller.offer(inThree);
    const bought: Bought = await seller.purchase(price, 'ada');
    const coupon = await seller.stripe.coupons.create(
      { percent_off: 100, duration: 'once' },
      seller.asAccount,
    );
    await update(bought, { discounts: [{ coupon: coupon.id }] });
    await complete(bought);
    expect(await seller.charges()).toEqual([3000, 3000]);
  });
});

describe('A10, scenario 27: retries are used up, Stripe cancels, and then the open invoice is paid', () => {
  async function cancelledByStripe() {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await fails(bought);
    await afterEnd(bought);
    const invoice = await openInvoice(bought);
    await seller.moveBy(12 * DAY);
    // As Stripe does it when the retries are used up and the setting says so; in the Dashboard it is the same.
    await seller.stripe.subscriptions.cancel(bought.stripe.subscriptionId, undefined, seller.asAccount);
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ status: 'ended', reason: 'canceled' });
    expect(await has(price)).toBe(false);
    await recovers(bought);
    // Stripe's times are whole seconds: what is paid in the second of the end cannot be told from what was paid before.
    await seller.moveBy(HOUR);
    return { price, bought, invoice };
  }

  test('A10: the period that was paid for is given, never "renewed", and revenue agrees', async () => {
    const { price, bought, invoice } = await cancelledByStripe();
    await seller.stripe.invoices.pay(invoice, undefined, seller.asAccount);
    await seller.quiet();
    const given = await now(bought.id);
    expect(given).toMatchObject({
      status: 'canceling',
      reason: 'paid_after_end',
      next: { what: 'access_end' },
    });
    expect(given.next.inWords).toBe(
      'Access ends: the subscription had ended already when its last invoice was paid.',
    );
    expect(await has(price)).toBe(true);
    expect(await gross()).toBe(2000);
    const told = await kinds(bought);
    expect(told).toContain('paid_after_end');
    expect(told).not.toContain('renewed');
    await seller.moveTo(seconds(given.paidThrough) + DAY);
    expect(await has(price)).toBe(false);
    expect(await now(bought.id)).toMatchObject({ status: 'ended', reason: 'paid_after_end' });
  });

  test('A10: paid when its period is over too: nothing is given, and the coach is told at once', async () => {
    const { price, bought, invoice } = await cancelledByStripe();
    const { endedAt } = await now(bought.id);
    await seller.moveBy(60 * DAY);
    await seller.stripe.invoices.pay(invoice, undefined, seller.asAccount);
    await seller.quiet();
    expect(await has(price)).toBe(false);
    // It has ended when it has; only the reason is another one.
    expect(await now(bought.id)).toMatchObject({ status: 'ended', reason: 'paid_after_end', endedAt });
    const told = await kinds(bought);
    expect(told.at(-1)).toBe('paid_too_late');
    expect(told).not.toContain('renewed');
    expect(await gross()).toBe(2000);
    expect((await attention()).paidTooLate).toMatchObject({ total: 1, data: [{ membershipId: bought.id }] });
    await seller.moveBy(40 * DAY);
    expect((await attention()).paidTooLate.total).toBe(0);
  });
});

describe('A16, scenario 37: the newest period decides, whatever it cost', () => {
  const refund = (charge: string, params: object = {}) =>
    seller.stripe.refunds.create({ charge, ...params }, seller.asAccount);
  const charge = async (at: number) => {
    const { data } = await seller.stripe.charges.list({ limit: 100 }, seller.asAccount);
    return data.reverse()[at]?.id ?? '';
  };

  test('A16: the newest was free by a coupon of 100 %, the older one is refunded in full', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    const coupon = await seller.stripe.coupons.create(
      { percent_off: 100, duration: 'once' },
      seller.asAccount,
    );
    await update(bought, { discounts: [{ coupon: coupon.id }] });
    await afterEnd(bought);
    expect((await invoicesOf(bought))[0]).toMatchObject({ status: 'paid', amount_paid: 0 });
    await refund(await charge(0));
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({
      status: 'active',
      reason: 'paid',
      stripe: { status: 'active' },
    });
    expect(await has(price)).toBe(true);
  });

  test('A16: the newest was settled by credit, the older one is refunded in full', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await seller.stripe.customers.update(bought.stripe.customerId, { balance: -1000 }, seller.asAccount);
    await afterEnd(bought);
    await refund(await charge(0));
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ status: 'active', stripe: { status: 'active' } });
    expect(await has(price)).toBe(true);
  });

  test('A16: the newest itself is refunded in full: revoked and cancelled, as before', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await afterEnd(bought);
    await refund(await charge(1));
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ reason: 'refunded' });
    // Access goes with the look; the subscription is cancelled right after it.
    await eventually(
      'the cancellation at Stripe',
      async () => (await atStripe(bought)).status === 'canceled',
    );
    expect(await has(price)).toBe(false);
  });
});

describe('A17, scenario 30: what the items are decides what is given', () => {
  const moved = async (bought: Bought, price: string) => {
    await update(bought, { items: [{ id: (await ownItem(bought)).id, price }], proration_behavior: 'none' });
    await seller.quiet();
  };
  const added = async (bought: Bought, price: string) => {
    // Stripe's times are whole seconds: an item of the second of the purchase would be one that was bought.
    await seller.moveBy(HOUR);
    const { items } = await update(bought, { items: [{ price }], proration_behavior: 'none' });
    await seller.quiet();
    return items.data.find((item) => item.price.id === price)?.id ?? '';
  };

  test('A17: moved to the price of another product of ours', async () => {
    const course = await monthly(1000);
    const club = await monthly(1000);
    const bought: Bought = await seller.purchase(course, 'ada');
    await moved(bought, await stripePriceOf(club));
    expect([await has(course), await has(club)]).toEqual([false, true]);
    expect(await now(bought.id)).toMatchObject({
      productId: club.productId,
      priceId: club.id,
      items: [{ productId: club.productId, priceId: club.id, quantity: 1 }],
    });
    await refusedToBuy(club, 'already_subscribed');
    // What was left can be bought again.
    expect(await seller.openFor(course, 'ada')).toMatchObject({ status: 201 });
  });

  test('A17: an item of ours is added, and goes again', async () => {
    const course = await monthly(1000);
    const club = await monthly(500);
    const bought: Bought = await seller.purchase(course, 'ada');
    const item = await added(bought, await stripePriceOf(club));
    expect([await has(course), await has(club)]).toEqual([true, true]);
    expect(await now(bought.id)).toMatchObject({
      productId: course.productId,
      items: [{ productId: course.productId }, { productId: club.productId }],
    });
    await refusedToBuy(club, 'already_subscribed');
    const answer = await seller.accessOf('ada', club);
    expect(answer).toMatchObject({
      reason: 'paid',
      explanation: 'Paid for the present period.',
      next: { what: 'renewal' },
      grants: [{ cause: 'membership', membershipId: bought.id, state: 'live' }],
    });
    await afterEnd(bought);
    expect([await has(course), await has(club)]).toEqual([true, true]);
    expect(await seller.charges()).toEqual([1000, 1500]);

    await seller.stripe.subscriptionItems.del(item, { proration_behavior: 'none' }, seller.asAccount);
    await seller.quiet();
    expect([await has(course), await has(club)]).toEqual([true, false]);
    expect((await seller.accessOf('ada', club)).explanation).toBe(
      'In Stripe, the item that gave this was removed from the subscription.',
    );
    expect(await kinds(bought)).toEqual(expect.arrayContaining(['item_added', 'item_removed']));
    expect(await seller.openFor(club, 'ada')).toMatchObject({ status: 201 });
  });

  test('A17: an added item of a membership whose payment is open: not sold again, and where to pay', async () => {
    const course = await monthly(1000);
    const club = await monthly(500);
    const bought: Bought = await seller.purchase(course, 'ada');
    await added(bought, await stripePriceOf(club));
    await fails(bought);
    await afterEnd(bought);
    await seller.moveBy(9 * DAY);
    expect([await has(course), await has(club)]).toEqual([false, false]);
    await refusedToBuy(club, 'payment_open');
    expect((await seller.accessOf('ada', club)).reason).toBe((await now(bought.id)).reason);
  });

  test('A17: a foreign item is added: shown as such, it gives and takes nothing', async () => {
    const course = await monthly(1000);
    const bought: Bought = await seller.purchase(course, 'ada');
    await added(bought, await foreignPrice(300));
    expect(await has(course)).toBe(true);
    expect(await now(bought.id)).toMatchObject({
      status: 'active',
      items: [
        { productId: course.productId, foreign: false },
        { productId: null, priceId: null, foreign: true },
      ],
    });
  });

  test('A17: moved to a foreign price: nothing is given, and the coach reads why', async () => {
    const course = await monthly(1000);
    const bought: Bought = await seller.purchase(course, 'ada');
    const own = (await ownItem(bought)).price.id;
    await moved(bought, await foreignPrice(700));
    expect(await has(course)).toBe(false);
    expect(await now(bought.id)).toMatchObject({
      status: 'suspended',
      reason: 'not_sold_here',
      items: [{ productId: null, foreign: true }],
      next: {
        what: 'item_change',
        at: null,
        inWords:
          'Access comes back when the subscription is moved to a price of yours again, in the Stripe Dashboard or by a change of price.',
      },
    });
    const { notSoldHere, payments } = await attention();
    expect(notSoldHere).toMatchObject({ total: 1, data: [{ membershipId: bought.id }] });
    expect(payments.total).toBe(0);
    // What is not paid for any more can be bought.
    const { status, body } = await seller.openFor(course, 'ada');
    expect(status).toBe(201);
    await seller.coach.call('POST', `/v1/checkouts/${body.id}/cancel`, {});
    await moved(bought, own);
    expect(await has(course)).toBe(true);
    expect(await now(bought.id)).toMatchObject({ status: 'active', reason: 'paid' });
  });
});

// https://docs.stripe.com/disputes/how-disputes-work
describe('A24: a disputed payment', () => {
  const dispute = async (trigger: string) => {
    const [charge] = (await seller.stripe.charges.list({ limit: 1 }, seller.asAccount)).data;
    await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge: charge?.id });
    await seller.quiet();
  };
  const stripeDispute = async (): Promise<Stripe.Dispute> => {
    const [only] = (await seller.stripe.disputes.list({}, seller.asAccount)).data;
    if (only === undefined) throw new Error('No dispute');
    return only;
  };
  const iso = (at: number | null | undefined) => (at == null ? null : new Date(at * 1000).toISOString());

  test('A24: is said as it is, with its dates, and in the timeline; won, access comes back', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await dispute('dispute_created');
    const { created, evidence_details: evidence } = await stripeDispute();
    const shown = await now(bought.id);
    expect(shown).toMatchObject({
      reason: 'disputed',
      dispute: { openedAt: iso(created), evidenceDueAt: iso(evidence.due_by) },
      next: { what: 'dispute_outcome' },
    });
    expect((await seller.accessOf('ada', price)).next?.what).toBe('dispute_outcome');
    expect(await kinds(bought)).toContain('disputed');
    await dispute('dispute_won');
    expect(await now(bought.id)).toMatchObject({ status: 'active', dispute: null });
    expect(await kinds(bought)).toContain('dispute_won');
  });

  test('A24: access is kept by the policy: the timeline says that it was opened and closed', async () => {
    await seller.coach.call('PUT', '/v1/settings', { keepDuringDispute: true });
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await dispute('dispute_created');
    expect(await has(price)).toBe(true);
    expect((await now(bought.id)).dispute).not.toBeNull();
    await dispute('dispute_won');
    expect(await kinds(bought)).toEqual(expect.arrayContaining(['dispute_opened', 'dispute_closed']));
  });
});
