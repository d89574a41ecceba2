import { chooseCustomer } from '../../src/store/customers';
import { requestOf } from '../../src/activities/session-request';
import { DAY, HOUR } from '../../src/domain/time';
import { COACH_UI } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS, IBANS } from '../support/stripe-side';

// Who buys: which of Stripe's customers, which member, and what the coach does to both in their Dashboard.
const rig = rigFor('file');
const seller = sellerFor('test', rig);
afterEach(() => rig.stripeSide.faults());

const BACK = `${COACH_UI}/members/me`;
const MONTHLY = { interval: 'month', intervalCount: 1 } as const;
const monthly = (currency = 'eur', more: object = {}) =>
  seller.offer({ unitAmount: 4900, currency, recurring: MONTHLY, ...more });
const once = (currency = 'eur') => seller.offer({ unitAmount: 4900, currency });
const openPortal = (memberId: string, more: object = {}) =>
  seller.coach.call('POST', `/v1/members/${memberId}/portal`, { returnUrl: BACK, ...more });
const customersOf = (memberId: string) =>
  rig.db.stripeCustomer.findMany({ where: { memberId }, orderBy: { stripeCustomerId: 'asc' } });
const deleteCustomer = (id: string) => seller.stripe.customers.del(id, undefined, seller.asAccount);
const customerOf = (membership: { stripe: { customerId: string } }) => membership.stripe.customerId;
const member = (body: object) => seller.coach.call('POST', '/v1/members', body).then((answer) => answer.body);

/** Buys without being known: the browser types the address at Stripe. */
async function guestBuys(price: { id: string }, email: string) {
  const page = await fetch(`${rig.api}/buy/${price.id}`, { method: 'POST', redirect: 'manual' });
  const opened = await rig.db.checkout.findFirstOrThrow({
    where: { coachId: seller.coachId, priceId: price.id, memberId: null },
    orderBy: { createdAt: 'desc' },
  });
  const { status, error } = await rig.stripeSide.payWithCard(
    page.headers.get('location') ?? '',
    CARDS.test.succeeds,
    { email },
  );
  if (status !== 303) throw new Error(`${status} ${error}`);
  const row = await eventually('the purchase', async () => {
    const present = await seller.checkoutRow(opened.id);
    return present.status === 'completed' && present;
  });
  await seller.quiet();
  return row as { id: string; memberId: string };
}

describe('scenario 21, A1: the coach deleted the customer in Stripe', () => {
  test('the member buys again: the stored id is dropped, the sale goes on with a new customer', async () => {
    const bought = await seller.purchase(await once(), 'ada');
    await deleteCustomer(customerOf(bought));
    const again = await seller.purchase(await monthly(), 'ada');
    expect(again.memberId).toBe(bought.memberId);
    const customers = await customersOf(bought.memberId);
    expect(customers.map(({ stripeCustomerId }) => stripeCustomerId)).toEqual([customerOf(again)]);
    expect(customerOf(again)).not.toBe(customerOf(bought));
  });

  test('between the request and the session: another key, one session, no refusal', async () => {
    const bought = await seller.purchase(await once(), 'ada');
    // The first try has fixed the request on the row, and did not come through.
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
      times: 1,
      fault: { kind: 'status', status: 500, when: 'before' },
    });
    let tries = 0;
    rig.hooks.openSession = {
      before: async () => {
        if (++tries === 2) await deleteCustomer(customerOf(bought));
      },
    };
    const again = await seller.openFor(await monthly(), 'ada');
    delete rig.hooks.openSession;
    expect(tries).toBe(2);
    expect(again).toMatchObject({ status: 201, body: { status: 'open' } });
    expect(await customersOf(bought.memberId)).toEqual([]);
    const sessions = await rig.stripeSide.objects<{ status: string }>('checkout.session', seller.accountId);
    expect(sessions.filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  test('the portal: 409 in words when nothing is left, and the other customer when there is one', async () => {
    const bought = await seller.purchase(await monthly(), 'ada');
    const other = await seller.purchase(await monthly('usd'), 'ada');
    await deleteCustomer(customerOf(other));
    await seller.quiet();
    expect(await openPortal(bought.memberId)).toMatchObject({
      status: 201,
      body: { currency: 'eur', membershipIds: [bought.id], others: [] },
    });
    await deleteCustomer(customerOf(bought));
    await seller.quiet();
    expect(await openPortal(bought.memberId)).toMatchObject({
      status: 409,
      body: { code: 'no_stripe_customer' },
    });
  });
});

describe('scenario 22, A2: a customer has one currency', () => {
  test('a EUR subscription, then one in USD: another customer of the same member, and each again', async () => {
    const eur = await seller.purchase(await monthly('eur'), 'ada');
    const usd = await seller.purchase(await monthly('usd'), 'ada');
    const eurAgain = await seller.purchase(await monthly('eur'), 'ada');
    expect(usd.memberId).toBe(eur.memberId);
    expect(customerOf(usd)).not.toBe(customerOf(eur));
    expect(customerOf(eurAgain)).toBe(customerOf(eur));
    expect((await customersOf(eur.memberId)).map(({ currency }) => currency).sort()).toEqual(['eur', 'usd']);
    // Known, not found out: Stripe never had to refuse.
    const rows = await rig.db.checkout.findMany({ where: { memberId: eur.memberId } });
    expect(rows.map((row) => requestOf(row)?.avoided)).toEqual([[], [], []]);
  });

  test('the portal leads to each of them, or to that of one membership', async () => {
    const eur = await seller.purchase(await monthly('eur'), 'ada');
    const usd = await seller.purchase(await monthly('usd'), 'ada');
    const { body } = await openPortal(eur.memberId);
    expect(body).toMatchObject({
      currency: 'usd',
      membershipIds: [usd.id],
      others: [{ currency: 'eur', membershipIds: [eur.id] }],
    });
    expect((await openPortal(eur.memberId, { membershipId: eur.id })).body).toMatchObject({
      currency: 'eur',
      others: [],
    });
    expect(await openPortal(eur.memberId, { membershipId: 'msp_nobodys' })).toMatchObject({ status: 404 });
  });

  test('a row of before, whose currency is not known, is looked up; a coach’s invoice in another currency too', async () => {
    const eur = await seller.purchase(await monthly('eur'), 'ada');
    await rig.db.stripeCustomer.updateMany({ where: { memberId: eur.memberId }, data: { currency: null } });
    const usd = await seller.purchase(await monthly('usd'), 'ada');
    expect(customerOf(usd)).not.toBe(customerOf(eur));
    // Known as free for USD, but Stripe says no: the refusal is the truth.
    await rig.db.stripeCustomer.deleteMany({ where: { stripeCustomerId: customerOf(usd) } });
    await rig.db.stripeCustomer.updateMany({ where: { memberId: eur.memberId }, data: { currency: 'usd' } });
    const third = await seller.purchase(await monthly('usd'), 'ada');
    expect(customerOf(third)).not.toBe(customerOf(eur));
  });

  test('what is paid once is bound to no currency: the member’s customer is used', async () => {
    const eur = await seller.purchase(await monthly('eur'), 'ada');
    const row = {
      coachId: seller.coachId,
      mode: 'test',
      accountId: seller.accountId,
      recurring: false,
    } as const;
    expect(await chooseCustomer(rig, { ...row, memberId: eur.memberId, currency: 'usd' }, [])).toBe(
      customerOf(eur),
    );
  });
});

describe('C4: what goes under a key is fixed by the row', () => {
  test('the answer of the first try is lost, and the member’s address changes: the same session', async () => {
    const price = await once();
    const { id } = await member({ externalId: 'ada', email: 'old@example.com' });
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
      times: 1,
      fault: { kind: 'html502', when: 'after' },
    });
    let tries = 0;
    rig.hooks.openSession = {
      before: async () => {
        if (++tries === 2)
          await rig.db.member.update({ where: { id: id as string }, data: { email: 'new@example.com' } });
      },
    };
    const { status, body } = await seller.openFor(price, 'ada');
    delete rig.hooks.openSession;
    expect({ status, opened: body.status }).toEqual({ status: 201, opened: 'open' });
    expect(tries).toBeGreaterThan(1);
    expect(await rig.stripeSide.objects('checkout.session', seller.accountId)).toMatchObject([
      { customer_email: 'old@example.com' },
    ]);
  });
});

describe('scenario 28, A11: a member without access buys again', () => {
  test('unpaid or past the grace: told that a payment is open, and led to it', async () => {
    const price = await monthly();
    const { id, memberId, stripe, paidThrough } = await seller.purchase(price, 'ada');
    await rig.stripeSide.control('PUT', `/accounts/${seller.accountId}/retry-policy`, {
      days: [3, 5],
      finalAction: 'unpaid',
    });
    await rig.stripeSide.trigger('payment_method_fails', {
      account: seller.accountId,
      subscription: stripe.subscriptionId,
    });
    await seller.moveTo(Date.parse(paidThrough) / 1000 + 2 * HOUR);
    expect(await seller.openFor(price, 'ada')).toMatchObject({ body: { code: 'already_subscribed' } });
    await seller.moveBy(9 * DAY);
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
    const refused = await seller.openFor(price, 'ada');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'payment_open', details: { membershipId: id } },
    });
    const { payUrl } = refused.body.details;
    const invoices = await rig.stripeSide.objects<{ hosted_invoice_url: string | null }>(
      'invoice',
      seller.accountId,
    );
    expect(invoices.map(({ hosted_invoice_url: url }) => url)).toContain(payUrl);
    const page = await fetch(`${rig.api}/buy/${price.id}?member=${await seller.tokenFor('ada')}`, {
      method: 'POST',
    });
    expect(page.status).toBe(409);
    const text = await page.text();
    expect(text).toContain('a payment is open');
    expect(text).toContain('Pay what is open');
    expect(memberId).toBeTruthy();
  });

  test('a trial that ended without a card: told that a card is to be given, and led to where', async () => {
    const price = await monthly('eur', { trialDays: 14 });
    const { id, stripe } = await seller.purchase(price, 'ada');
    // https://docs.stripe.com/billing/subscriptions/trials/free-trials#create-free-trials-without-payment
    const { default_payment_method: card } = await seller.stripe.subscriptions.update(
      stripe.subscriptionId,
      { trial_settings: { end_behavior: { missing_payment_method: 'pause' } } },
      seller.asAccount,
    );
    await seller.stripe.paymentMethods.detach(card as string, undefined, seller.asAccount);
    await seller.moveBy(15 * DAY);
    expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({
      status: 'suspended',
      reason: 'trial_ended_without_card',
    });
    const refused = await seller.openFor(price, 'ada');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'payment_open', details: { membershipId: id } },
    });
    expect(refused.body.detail).toContain('a card');
    expect(new URL(refused.body.details.payUrl as string).protocol).toMatch(/^http/);
  });
});

test('A12: a total below what Stripe charges is told in words', async () => {
  const price = await once();
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 400, code: 'amount_too_small', when: 'before' },
  });
  const refused = await seller.openFor(price, 'ada');
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'amount_too_small', details: { leastCharge: 50, currency: 'eur' } },
  });
  expect(refused.body.detail).toContain('€0.50');
});

test('A12: the purchase page says the least that is taken, before and after Stripe refuses', async () => {
  const chosen = await seller.offer({ model: 'pay_what_you_want', minAmount: 500, currency: 'eur' });
  const page = async (id: string, method = 'GET') => {
    const answer = await fetch(`${rig.api}/buy/${id}`, { method, redirect: 'manual' });
    return { status: answer.status, text: await answer.text() };
  };
  expect((await page(chosen.id)).text).toContain('From €5.00');
  const coded = await seller.offer({ unitAmount: 4900, currency: 'eur', promotionCodes: true });
  expect((await page(coded.id)).text).toContain(
    'With a promotion code, what is left to pay is nothing, or at least €0.50.',
  );
  expect((await page((await once()).id)).text).not.toContain('promotion code');
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 400, code: 'amount_too_small', when: 'before' },
  });
  const refused = await page(coded.id, 'POST');
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('This costs less than can be paid here: at least €0.50.');
});

describe('scenario 33, A15: a guest’s purchase and the coach’s member', () => {
  test('the member is known without an address, a guest buys, then the coach names the address: one member', async () => {
    const price = await monthly();
    const { id } = await member({ externalId: 'ada' });
    const guest = await guestBuys(price, 'Ada@Example.com');
    expect(guest.memberId).not.toBe(id);
    expect(await member({ externalId: 'ada', email: 'ada@example.com' })).toMatchObject({
      id,
      email: 'ada@example.com',
    });
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
    // The id that the guest had goes on leading there.
    expect(await seller.accessOf(guest.memberId, price)).toMatchObject({ access: true });
    expect(await seller.read(`/v1/members/${guest.memberId}`)).toMatchObject({ id });
    expect(await seller.openFor(price, 'ada')).toMatchObject({ body: { code: 'already_subscribed' } });
    const kinds = (await seller.timeline(id as string)).map(({ kind }) => kind);
    expect(kinds).toEqual(['purchase_completed', 'member_joined']);
    // The membership's run goes on with the one member.
    await seller.moveBy(31 * DAY);
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  });

  test('named by our id, when a purchase is opened: the guest’s is found before anything is sold', async () => {
    const price = await monthly();
    const { id } = await member({ externalId: 'ada' });
    const guest = await guestBuys(price, 'ada@example.com');
    const refused = await seller.coach.call('POST', '/v1/checkouts', {
      priceId: price.id,
      member: { id, email: 'ada@example.com' },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(await seller.read(`/v1/members/${guest.memberId}`)).toMatchObject({ id, externalId: 'ada' });
    expect(await rig.stripeSide.objects('subscription', seller.accountId)).toHaveLength(1);
  });

  test('by a signed link, when both have bought: what is held twice is shown', async () => {
    const price = await monthly();
    const own = await seller.purchase(price, 'ada', { form: { email: 'ada@elsewhere.example' } });
    const guest = await guestBuys(price, 'ada@example.com');
    // The link names nobody's address yet; a signed one with the address joins them as the server's word does.
    const joined = await fetch(
      `${rig.api}/buy/${price.id}?member=${await seller.tokenFor('ada', 'ada@example.com')}`,
      {
        method: 'POST',
        redirect: 'manual',
      },
    );
    expect(joined.status).toBe(409);
    expect(await seller.read(`/v1/members/${guest.memberId}`)).toMatchObject({ id: own.memberId });
    const memberships = await rig.db.membership.findMany({ where: { memberId: own.memberId } });
    expect(memberships.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
    expect(await rig.db.member.findUnique({ where: { id: guest.memberId } })).toBeNull();
  });

  test('the guest first, then the coach’s id for the address; two guests with one address are one', async () => {
    const first = await guestBuys(await once(), 'bea@example.com');
    const second = await guestBuys(await once(), 'BEA@example.com');
    expect(second.memberId).toBe(first.memberId);
    expect(await member({ externalId: 'bea', email: 'bea@example.com' })).toMatchObject({
      id: first.memberId,
    });
  });

  test('another coach’s guest, or live mode’s, is never joined', async () => {
    const other = await openSeller(rig);
    await rig.db.member.create({
      data: { id: 'mbr_live1', coachId: seller.coachId, mode: 'live', email: 'cy@example.com' },
    });
    await rig.db.member.create({
      data: { id: 'mbr_other1', coachId: other.coachId, mode: 'test', email: 'cy@example.com' },
    });
    await member({ externalId: 'cy' });
    await member({ externalId: 'cy', email: 'cy@example.com' });
    expect(await rig.db.member.count({ where: { id: { in: ['mbr_live1', 'mbr_other1'] } } })).toBe(2);
  });

  test('Checkout’s address is kept on a member that has none, and never replaces the coach’s', async () => {
    const bought = await seller.purchase(await once(), 'ada', { form: { email: 'Typed@example.com' } });
    expect(await seller.read(`/v1/members/${bought.memberId}`)).toMatchObject({ email: 'typed@example.com' });
    await member({ externalId: 'bea', email: 'bea@example.com' });
    const other = await seller.purchase(await once(), 'bea', { form: { email: 'other@example.com' } });
    expect(await seller.read(`/v1/members/${other.memberId}`)).toMatchObject({ email: 'bea@example.com' });
  });
});

describe('scenario 32, A19: one trial for each member and product', () => {
  const trial = () => monthly('eur', { trialDays: 14 });

  test('trial, cancel, buy again, and again: one trial, also for another price of the product', async () => {
    const price = await trial();
    const first = await seller.purchase(price, 'ada');
    expect(first).toMatchObject({ status: 'trialing' });
    await seller.end(first.id);
    const page = async () =>
      (await fetch(`${rig.api}/buy/${price.id}?member=${await seller.tokenFor('ada')}`)).text();
    expect(await page()).not.toContain('days are free');
    const told = async (query: string) => {
      const answer = await fetch(`${rig.api}/buy/${price.id}/offer${query}`);
      const { trialDays, inWords } = (await answer.json()) as {
        trialDays: number | null;
        inWords: { details: string[] };
      };
      return { trialDays, details: inWords.details, cache: answer.headers.get('cache-control') };
    };
    const promised = { trialDays: 14, details: ['The first 14 days are free.'] };
    expect(await told(`?member=${await seller.tokenFor('ada')}`)).toEqual({
      trialDays: null,
      details: [],
      cache: 'no-store',
    });
    expect(await told(`?member=${await seller.tokenFor('bea')}`)).toMatchObject(promised);
    expect(await told('?member=not-signed')).toMatchObject(promised);
    expect(await told('')).toEqual({ ...promised, cache: 'public, max-age=15' });
    const second = await seller.purchase(price, 'ada');
    expect(second).toMatchObject({ status: 'active', reason: 'paid' });
    await seller.end(second.id);
    const other = await seller.offer(
      { unitAmount: 900, currency: 'eur', recurring: MONTHLY, trialDays: 30 },
      price.productId,
    );
    expect(await seller.purchase(other, 'ada')).toMatchObject({ status: 'active' });
    expect(await seller.charges()).toEqual([4900, 900]);
  });

  test('the coach may allow more: then every purchase has its trial', async () => {
    await seller.coach.call('PUT', '/v1/settings', { origins: [COACH_UI], oneTrialPerMember: false });
    const price = await trial();
    await seller.end((await seller.purchase(price, 'ada')).id);
    expect(await seller.purchase(price, 'ada')).toMatchObject({ status: 'trialing', repeatedTrial: false });
  });

  test('an anonymous buyer who turns out to have had it keeps it, and the coach is told', async () => {
    const price = await trial();
    const first = await guestBuys(price, 'ada@example.com');
    const membership = await rig.db.membership.findFirstOrThrow({ where: { checkoutId: first.id } });
    await seller.end(membership.id);
    const second = await guestBuys(price, 'ada@example.com');
    const again = await rig.db.membership.findFirstOrThrow({ where: { checkoutId: second.id } });
    expect(await seller.read(`/v1/memberships/${again.id}`)).toMatchObject({
      status: 'trialing',
      repeatedTrial: true,
    });
    expect((await seller.read('/v1/overview')).attention.trials).toMatchObject({
      total: 1,
      data: [{ membershipId: again.id, member: { email: 'ada@example.com' } }],
    });
  });
});

test('A23: a debit under way is listed with the guest who ordered, and leaves its trace when it fails', async () => {
  const price = await once();
  const page = await fetch(`${rig.api}/buy/${price.id}`, { method: 'POST', redirect: 'manual' });
  await rig.stripeSide.payWithIban(page.headers.get('location') ?? '', IBANS.fails, {
    email: 'dee@example.com',
  });
  await eventually(
    'pending',
    async () => (await seller.read('/v1/checkouts?status=pending')).data.length === 1,
  );
  const [pending] = (await seller.read('/v1/checkouts?status=pending,failed')).data;
  expect(await seller.read(`/v1/members/${pending.memberId}`)).toMatchObject({ email: 'dee@example.com' });
  expect((await seller.read('/v1/overview')).attention.pending).toMatchObject({
    total: 1,
    data: [{ checkoutId: pending.id, member: { email: 'dee@example.com' } }],
  });
  await seller.moveBy(3 * DAY + 60);
  await eventually(
    'failed',
    async () => (await seller.read('/v1/checkouts?status=pending,failed')).data[0].status === 'failed',
  );
  // With Stripe's reason. https://docs.stripe.com/payments/sepa-debit#failed-payments
  expect((await seller.read('/v1/overview')).attention.failed).toMatchObject({
    total: 1,
    data: [
      {
        checkoutId: pending.id,
        member: { email: 'dee@example.com' },
        failure: {
          code: 'async_payment_failed',
          message: 'The delayed payment did not go through: payment intent payment attempt failed.',
        },
      },
    ],
  });
  const entries = await seller.timeline(pending.memberId as string);
  expect(entries.map(({ kind }) => kind)).toEqual(['checkout_pending', 'checkout_failed']);
  expect(entries[1]?.details).toMatchObject({ failureCode: 'async_payment_failed' });
  expect(await seller.coach.call('GET', '/v1/checkouts?status=pending,nonsense')).toMatchObject({
    status: 400,
  });
});
