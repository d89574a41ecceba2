import { randomUUID } from 'node:crypto';
import { type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { DAY, HOUR } from '../../src/domain/time';
import { withdrawalWorkflowId } from '../../src/messages/ids';
import type { reconciliation } from '../../src/workflows';
import { atStripe, type Answer, CoachUi, COACH_UI, decide, cameBack } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import type { Rig } from '../support/rig';
import { openSeller, type Seller } from '../support/seller';
import { CARDS, IBANS } from '../support/stripe-side';
import { Visitor } from '../support/visitor';
import { askPatiently, patiently, PatientBrowser } from './patient';
import type { Subject } from './snapshot';

/** Tells a story: in each of its steps somebody does something, and what follows from it comes to rest. */
export interface Telling {
  rig: Rig;
  /** Whose story it is; to be said before the first step. */
  about(subject: Subject): void;
  /** What may be left behind besides, by its line in the snapshot, and why is said beside it. */
  forgive(line: RegExp): void;
  step(name: string, act: () => Promise<unknown>): Promise<void>;
  /** Does what no activity does, as one would: whoever dies at it begins again. */
  attempt<T>(who: string, perform: () => Promise<T>): Promise<T>;
}

export type Story = (telling: Telling) => Promise<void>;

const WITHDRAW = 'Withdraw from the contract here';
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;
/** Milliseconds, for what waits in steps that grow. */
const LONG = 180_000;
const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);

/** A coach with a connected account who does all else through the API. */
async function seller({ rig, about }: Telling): Promise<Seller> {
  const opened = await openSeller(rig);
  askPatiently(opened.coach);
  about(opened);
  return opened;
}

async function ask(of: Seller, path: string, body: object = {}): Promise<Answer['body']> {
  const answer = await of.coach.call('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const hasBegun = (run: WorkflowHandle): Promise<boolean> =>
  run.describe().then(
    () => true,
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    },
  );

const chargeOf = async ({ stripe, asAccount }: Seller) =>
  (await stripe.charges.list({ limit: 1 }, asAccount)).data[0]?.id;

/** Buys in two steps: the page is opened, and it is paid. */
async function buying(telling: Telling, coach: Seller, terms: object, form: Record<string, string> = {}) {
  const price = await coach.offer(terms);
  let checkout: Answer = { status: 0, body: null };
  let membership: Answer['body'] = null;
  await telling.step('a member opens a checkout', async () => {
    checkout = await coach.openFor(price, 'ada');
  });
  await telling.step('the member pays', async () => {
    const { status, error } = await coach.pay(checkout, form);
    if (status !== 303) throw new Error(`The payment page answered ${status}: ${error}`);
    await patiently(() => fetch(`${telling.rig.api}/checkouts/${checkout.body.id}/return`));
    membership = await coach.boughtBy(checkout);
  });
  const present = () => coach.read(`/v1/memberships/${membership.id}`);
  const paidUp = async (more = 2 * HOUR) => coach.moveTo(seconds((await present()).paidThrough) + more);
  const on = (action: string, body: object = {}) =>
    ask(coach, `/v1/memberships/${membership.id}/${action}`, body);
  const card = (state: 'fails' | 'recovers') =>
    telling.rig.stripeSide.trigger(`payment_method_${state}`, {
      account: coach.accountId,
      subscription: membership.stripe.subscriptionId,
    });
  return { price, checkout, membership, present, paidUp, on, card };
}

/** An option is bought, and its next boundary passes. */
const option =
  (terms: object, more: { form?: Record<string, string>; periods?: number; days?: number } = {}): Story =>
  async (telling) => {
    const coach = await seller(telling);
    const { paidUp } = await buying(telling, coach, terms, more.form);
    for (let period = 1; period <= (more.periods ?? 0); period++)
      await telling.step(`period ${period} is over`, () => paidUp());
    if (more.days !== undefined) await telling.step('the term is over', () => coach.moveBy(more.days ?? 0));
  };

/** What is told, by name. A harness of its own would be wanted for what none of them does. */
export const STORIES: Record<string, Story> = {
  async connect(telling) {
    const { rig } = telling;
    const coach = await CoachUi.open(rig);
    askPatiently(coach);
    const accountId = await rig.stripeSide.newAccount({ verified: true });
    telling.about({ coachId: coach.coachId, accountId });
    const product = (await coach.call('POST', '/v1/products', { name: 'Morning yoga' })).body;
    await coach.call('POST', `/v1/products/${product.id}/prices`, { unitAmount: 4900, currency: 'usd' });
    // A code is used once (record 0006): who dies over it has failed, and the coach begins again.
    telling.forgive(/^connection .*"status":"failed"/);
    const browser = new PatientBrowser();
    let token = '';
    let link = '';
    const asks = async () => {
      link = await coach.connectLink();
    };
    const goesThrough = async () => {
      const page = await atStripe(browser, link);
      const callback = await decide(browser, page, { action: 'approve', account: accountId });
      const back = await cameBack(browser, callback);
      token = back.searchParams.get('connection_token') ?? '';
    };
    // A link and a return are good once: who reloads what did not come is told to choose "Connect Stripe" again, and does.
    const approves = () =>
      eventually('an approval', async () => {
        try {
          await goesThrough();
          return true;
        } catch (error) {
          if (!(error instanceof Error && error.message.startsWith('No redirect, but 400'))) throw error;
          await asks();
          return false;
        }
      });
    await telling.step('the coach asks for a link', asks);
    await telling.step('the coach approves', approves);
    await telling.step('the coach confirms', () =>
      eventually('a connection', async () => {
        if ((await coach.confirm(token)).status < 300) return true;
        await asks();
        await approves();
        return false;
      }),
    );
    await telling.step('Stripe restricts the account', () =>
      rig.stripeSide.trigger('account_restricted', { account: accountId, livemode: false }),
    );
    await telling.step('the coach disconnects', async () => {
      await coach.disconnect();
      await eventually('the disconnection', async () => (await coach.connection()).status === 'disconnected');
    });
  },

  async catalog(telling) {
    const coach = await seller(telling);
    let first: Answer['body'];
    let second: Answer['body'];
    await telling.step('a price is made', async () => {
      first = await coach.offer({ unitAmount: 4900, recurring: EACH_MONTH, setupFee: 1000 });
    });
    await telling.step('the product is renamed', () =>
      coach.coach.call('PATCH', `/v1/products/${first.productId}`, { name: 'Evening yoga' }),
    );
    await telling.step('the price is replaced', async () => {
      second = await ask(coach, `/v1/prices/${first.id}/replace`, { unitAmount: 5900 });
      await eventually(
        'the new price',
        async () => (await coach.read(`/v1/prices/${second.id}`)).status === 'active',
      );
      await eventually(
        'the end of the old one',
        async () => (await coach.read(`/v1/prices/${first.id}`)).status === 'archived',
      );
    });
    await telling.step('the price is archived', () => ask(coach, `/v1/prices/${second.id}/archive`));
    await telling.step('the product is archived', () =>
      ask(coach, `/v1/products/${first.productId}/archive`),
    );
  },

  async subscription(telling) {
    const coach = await seller(telling);
    const { rig } = telling;
    await rig.stripeSide.control('PUT', `/accounts/${coach.accountId}/retry-policy`, {
      days: [3, 5, 20],
      finalAction: 'cancel',
    });
    const { paidUp, card, on } = await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    await telling.step('it is renewed', () => paidUp());
    await telling.step('the card fails', async () => {
      await card('fails');
      await paidUp();
    });
    await telling.step('the card recovers', async () => {
      await card('recovers');
      await coach.moveBy(3 * DAY + 2 * HOUR);
    });
    await telling.step('it is paused', () => on('pause'));
    await telling.step('it is resumed', () => on('resume'));
    await telling.step('it is to end with the period', () => on('cancel', { at: 'period_end' }));
    await telling.step('it ends', () => paidUp());
  },

  async 'cancelled at once'(telling) {
    const coach = await seller(telling);
    const { on } = await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    await telling.step('it is cancelled', () => on('cancel', { at: 'now' }));
  },

  async refund(telling) {
    const coach = await seller(telling);
    await buying(telling, coach, { unitAmount: 9900 });
    const charge = await chargeOf(coach);
    const account = coach.accountId;
    await telling.step('it is disputed', () =>
      telling.rig.stripeSide.trigger('dispute_created', { account, charge }),
    );
    await telling.step('the dispute is won', () =>
      telling.rig.stripeSide.trigger('dispute_won', { account, charge }),
    );
    await telling.step('a part is refunded', () =>
      telling.rig.stripeSide.trigger('refund', { account, charge, amount: 900 }),
    );
    await telling.step('the rest is refunded', () =>
      telling.rig.stripeSide.trigger('refund', { account, charge }),
    );
  },

  async 'subscription refunded'(telling) {
    const coach = await seller(telling);
    await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    const charge = await chargeOf(coach);
    await telling.step('all is refunded', () =>
      telling.rig.stripeSide.trigger('refund', { account: coach.accountId, charge }),
    );
  },

  async 'refunded here'(telling) {
    const coach = await seller(telling);
    await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    const [payment] = (await coach.read('/v1/payments')).data;
    const refund = (name: string, body: object) =>
      telling.step(name, async () => {
        const { id } = await ask(coach, `/v1/payments/${payment.id}/refunds`, body);
        await eventually('the end of the refund', async () => {
          const { refunds } = await coach.read(`/v1/payments/${payment.id}`);
          return refunds.find((each: Answer['body']) => each.id === id)?.status === 'succeeded';
        });
      });
    await refund('a part goes back', { amount: 900 });
    await refund('more goes back, and the member keeps it', { amount: 1000, keepAccess: true });
    await refund('the rest goes back', {});
  },

  async withdrawn(telling) {
    const coach = await seller(telling);
    await coach.coach.call('PATCH', '/v1/settings', { withdrawal: 'on', withdrawalRefund: 'full' });
    // Access ends with the withdrawal or with the subscription, whichever a look finds first; or one look finds both.
    telling.forgive(/^timeline_entry .*"kind":"(withdrawn|membership_ended)"/);
    const { membership } = await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    const page = `/account/${coach.coachId}/${coach.mode}`;
    const member = new Visitor(telling.rig.api, { 'Accept-Language': 'en' });
    await patiently(async () => member.open(`${page}?member=${await coach.tokenFor('ada')}`));
    // Where the page with the answer did not come, one loads it again; there is no second button, as once is enough.
    const withdraws = () =>
      patiently(async () => {
        const form = await member.open(`${page}/memberships/${membership.id}/withdraw`);
        if (form.forms.some(({ button }) => button === WITHDRAW)) {
          const review = await member.press(form, WITHDRAW, { name: 'Ada' });
          await member.press(review, 'Confirm withdrawal');
        }
        const { data } = await coach.read('/v1/withdrawals');
        return data[0] as Answer['body'];
      });
    await telling.step('the member withdraws', async () => {
      const { id } = await eventually('the withdrawal', withdraws);
      const run = telling.rig.client.workflow.getHandle(withdrawalWorkflowId(id));
      await eventually(
        'the end of the withdrawal',
        async () => {
          // What has no run is given one by a sweep, two minutes later; nobody waits for that here.
          if (!(await hasBegun(run)))
            await telling.rig.db.$executeRaw`
              UPDATE withdrawal SET created_at = created_at - interval '2 minutes' WHERE id = ${id}`;
          return (await coach.read(`/v1/withdrawals/${id}`)).status === 'done';
        },
        // Its run looks whether the membership is over after 2, 4, 8, … seconds.
        LONG,
      );
    });
  },

  installments: option(
    { model: 'installments', unitAmount: 3000, recurring: EACH_MONTH, installments: 3 },
    { periods: 2 },
  ),
  trial: option({ unitAmount: 4900, recurring: EACH_MONTH, trialDays: 14 }, { periods: 1 }),
  'setup fee': option({ unitAmount: 4900, recurring: EACH_MONTH, setupFee: 1000 }),
  'fixed term': option({ unitAmount: 12_000, accessDays: 84 }, { days: 85 * DAY }),
  'own amount': option({
    model: 'pay_what_you_want',
    minAmount: 500,
    maxAmount: 50_000,
    suggestedAmount: 2000,
  }),

  async free(telling) {
    const coach = await seller(telling);
    const price = await coach.offer({ model: 'free' });
    await telling.step('a member takes it', () => coach.openFor(price, 'ada'));
  },

  async gift(telling) {
    const coach = await seller(telling);
    const { productId } = await coach.offer({ unitAmount: 9900 });
    let gift: Answer['body'];
    await telling.step('the coach gives it', async () => {
      gift = await ask(coach, '/v1/grants', { member: { externalId: 'ada' }, productId });
    });
    await telling.step('the coach takes it back', () => ask(coach, `/v1/grants/${gift.id}/revoke`));
  },

  async 'delayed payment'(telling) {
    const coach = await seller(telling);
    const { rig } = telling;
    const price = await coach.offer({ unitAmount: 9900, currency: 'eur', seats: 1 });
    let checkout: Answer = { status: 0, body: null };
    await telling.step('a member opens a checkout', async () => {
      checkout = await coach.openFor(price, 'ada');
    });
    const { stripeSessionId: session } = await rig.db.checkout.findUniqueOrThrow({
      where: { id: checkout.body.id },
    });
    await telling.step('the member gives an account', () =>
      rig.stripeSide.payWithIban(checkout.body.url, IBANS.succeeds),
    );
    await telling.step('the money arrives', async () => {
      await rig.stripeSide.trigger('async_payment', { account: coach.accountId, session, succeeded: true });
      await coach.boughtBy(checkout);
    });
  },

  async 'with something beside'(telling) {
    const coach = await seller(telling);
    const { rig } = telling;
    const begins = (await coach.now()) + 10 * DAY;
    const workbook = await coach.offer({ unitAmount: 900 });
    const course = await coach.offer({
      unitAmount: 9900,
      accessDays: 30,
      accessStartsAt: new Date(begins * 1000).toISOString(),
      offersBeside: [workbook.id],
    });
    let checkout: Answer = { status: 0, body: null };
    let memberId = '';
    await telling.step('a member opens a checkout', async () => {
      checkout = await coach.openFor(course, 'ada');
    });
    await telling.step('the member takes what is beside, and pays', async () => {
      await rig.stripeSide.payWithCard(checkout.body.url, CARDS[coach.mode].succeeds, {
        action: 'add_item_0',
      });
      await coach.pay(checkout);
      ({ memberId } = await coach.boughtBy(checkout));
    });
    const told = (kind: string) =>
      eventually(
        kind,
        async () => (await coach.timeline(memberId)).some((entry) => entry.kind === kind),
        LONG,
      );
    await telling.step('the course begins', async () => {
      await coach.moveTo(begins);
      await told('access_begun');
    });
    await telling.step('its term is over', () => coach.moveTo(begins + 31 * DAY));
    const charge = await chargeOf(coach);
    await telling.step('all of it goes back', async () => {
      await rig.stripeSide.trigger('refund', { account: coach.accountId, charge });
      await eventually('the end of what was taken', async () => {
        const { access } = await coach.accessOf('ada', workbook);
        return !access;
      });
    });
  },

  async 'not paid'(telling) {
    const coach = await seller(telling);
    const price = await coach.offer({ unitAmount: 9900, seats: 2 });
    let cancelled: Answer = { status: 0, body: null };
    await telling.step('two members open checkouts', async () => {
      cancelled = await coach.openFor(price, 'ada');
      await coach.openFor(price, 'bob');
    });
    await telling.step('the card is declined', () =>
      telling.rig.stripeSide.payWithCard(cancelled.body.url, CARDS.test.declined),
    );
    await telling.step('one is cancelled', () => ask(coach, `/v1/checkouts/${cancelled.body.id}/cancel`));
    await telling.step('the other expires', () => coach.moveBy(25 * HOUR));
  },

  async 'changed price'(telling) {
    const coach = await seller(telling);
    const { price, on, membership } = await buying(telling, coach, {
      unitAmount: 4900,
      recurring: EACH_MONTH,
    });
    const dearer = await coach.offer({ unitAmount: 5900, recurring: EACH_MONTH }, price.productId);
    await telling.step('all members are moved', async () => {
      const move = await ask(coach, `/v1/prices/${price.id}/move-members`, { toPriceId: dearer.id });
      await eventually(
        'the end of the move',
        async () => (await coach.read(`/v1/price-moves/${move.id}`)).endedAt !== null,
      );
    });
    await telling.step('the member is moved back', () => on('change-price', { priceId: price.id }));
    await telling.step('the member opens the portal', () =>
      ask(coach, `/v1/members/${membership.memberId}/portal`, { returnUrl: `${COACH_UI}/back` }),
    );
  },

  async erasure(telling) {
    const coach = await seller(telling);
    const { membership } = await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    const { memberId } = membership;
    await telling.step('the member is erased', async () => {
      await ask(coach, `/v1/members/${memberId}/erase`, {
        delayMinutes: 0,
        endMemberships: true,
        deleteStripeCustomer: true,
      });
      await eventually(
        'the end of the erasure',
        async () => (await coach.read(`/v1/members/${memberId}/erasure`)).endedAt !== null,
      );
    });
  },

  async 'another address'(telling) {
    const coach = await seller(telling);
    const { membership } = await buying(telling, coach, { unitAmount: 4900, recurring: EACH_MONTH });
    const { memberId } = membership;
    await telling.step('the member has another address', async () => {
      const body = { email: 'ada@new.example' };
      const { status } = await coach.coach.call('PATCH', `/v1/members/${memberId}`, body);
      if (status !== 200) throw new Error(`The change was answered ${status}`);
      await eventually('Stripe to be told', async () => {
        const { stripeAddress } = await coach.read(`/v1/members/${memberId}`);
        return stripeAddress === 'told';
      });
    });
  },

  async reconciliation(telling) {
    const { rig } = telling;
    const coach = await seller(telling);
    const price = await coach.offer({ unitAmount: 4900, recurring: EACH_MONTH });
    const bought = await coach.purchase(price, 'bob');
    const checkout = await coach.openFor(price, 'ada');
    await rig.stripeSide.webhooks(false, { account: coach.accountId });
    await coach.pay(checkout);
    await coach.stripe.subscriptions.cancel(bought.stripe.subscriptionId, undefined, coach.asAccount);
    await telling.step('Stripe is asked for what nobody told', async () => {
      await rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
        workflowId: `reconciliation-${randomUUID()}`,
        taskQueue: rig.config.temporal.taskQueue,
        args: [],
      });
      await coach.boughtBy(checkout);
      await eventually(
        'the end of the other',
        async () => (await coach.read(`/v1/memberships/${bought.id}`)).endedAt !== null,
      );
    });
  },
};
