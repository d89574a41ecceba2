import { DAY, HOUR, type Seconds } from '../../src/domain/time';
import { COACH_UI, type Answer } from './coach-ui';
import { eventually } from './eventually';
import type { Rig } from './rig';
import { openSeller } from './seller';
import { IBANS } from './stripe-side';

/** A way to sell, as the API is told of it. */
export interface Option {
  terms: object;
  quantity?: number;
  /** What the buyer fills in on Stripe's page besides the card. */
  form?: Record<string, string>;
  /** A promotion code that the buyer enters first. */
  code?: string;
}

/** What became of a purchase of an option. */
interface Purchase {
  option: string;
  member: string;
  price: Answer['body'];
  checkout: Answer;
  /** As the API showed it last; null for what is free, or not paid yet. */
  membership: Answer['body'];
}

type Result = '+' | '-' | string;

/** Boundaries of one kind are a few seconds apart, as the purchases were. */
const TOGETHER = 300;
const seconds = (time: string): Seconds => Math.floor(Date.parse(time) / 1000);

/**
 * Plays the life events over a group of options that share an account and its time: everything of the group is bought at
 * once, by members of its own for each story. Each move of time has every run of the account look, so options that renew
 * are best alone. Answers, for each option and event, whether there was access.
 * @param plays whether an event is to be played for an option
 */
export async function playStories(
  rig: Rig,
  options: Record<string, Option>,
  plays: (option: string, event: string) => boolean,
): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const seller = await openSeller(rig);
  const { stripe, asAccount, accountId } = seller;
  // Long enough for the grace to end first.
  await rig.stripeSide.control('PUT', `/accounts/${accountId}/retry-policy`, {
    days: [3, 5, 20],
    finalAction: 'cancel',
  });
  const prices = new Map<string, Answer['body']>();
  await Promise.all(
    Object.entries(options).map(async ([name, { terms }]) => {
      prices.set(name, await seller.offer({ currency: 'eur', ...terms }));
    }),
  );
  const codes = new Set(Object.values(options).flatMap(({ code }) => (code === undefined ? [] : [code])));
  for (const code of codes) {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'forever' }, asAccount);
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code }, asAccount);
  }

  const broken = (purchase: Purchase, event: string, error: unknown) =>
    results.set(`${purchase.option} ${event}`, error instanceof Error ? error.message : String(error));

  const concerned = (all: Purchase[], name: string) => all.filter(({ option }) => plays(option, name));

  /** Does something to each purchase that is concerned; one that fails says so in its cell instead of an answer. */
  const each = (all: Purchase[], event: string, act: (purchase: Purchase) => Promise<unknown>) =>
    Promise.all(
      concerned(all, event).map((purchase) =>
        act(purchase).catch((error: unknown) => broken(purchase, event, error)),
      ),
    );

  const note = (all: Purchase[], event: string) =>
    each(all, event, async (purchase) => {
      const cell = `${purchase.option} ${event}`;
      if (results.has(cell)) return;
      const { access } = await seller.accessOf(purchase.member, purchase.price);
      results.set(cell, access ? '+' : '-');
    });

  /** Something happens to those for whom the event is played, and then everybody looks. */
  async function event(
    all: Purchase[],
    name: string,
    act: (purchase: Purchase) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    if (concerned(all, name).length === 0) return;
    await each(all, name, act);
    await seller.quiet();
    await note(all, name);
  }

  /** Time passes to a moment of each purchase's own; there, the answer is noted. */
  async function later(
    all: Purchase[],
    name: string,
    momentOf: (purchase: Purchase) => Promise<Seconds>,
  ): Promise<void> {
    const moments: { purchase: Purchase; at: Seconds }[] = [];
    await each(all, name, async (purchase) => {
      moments.push({ purchase, at: await momentOf(purchase) });
    });
    moments.sort((a, b) => a.at - b.at);
    while (moments.length > 0) {
      const first = moments[0]?.at ?? 0;
      const due = moments.filter(({ at }) => at <= first + TOGETHER);
      moments.splice(0, due.length);
      await seller.moveTo(due.at(-1)?.at ?? first);
      await note(
        due.map(({ purchase }) => purchase),
        name,
      );
    }
  }

  const membershipOf = async (purchase: Purchase): Promise<Answer['body']> => {
    purchase.membership = await seller.read(`/v1/memberships/${purchase.membership.id}`);
    return purchase.membership;
  };
  const subscriptionOf = (purchase: Purchase): string => purchase.membership.stripe.subscriptionId ?? '';
  const afterPaid =
    (more: Seconds) =>
    async (purchase: Purchase): Promise<Seconds> =>
      seconds((await membershipOf(purchase)).paidThrough) + more;

  async function open(story: string, names: string[]): Promise<Purchase[]> {
    return Promise.all(
      names.map(async (option) => {
        const member = `${story}-${option.replaceAll(/[^a-z0-9]/g, '-')}`;
        const price = prices.get(option);
        const { quantity, code } = options[option] ?? {};
        const checkout = await seller.openFor(price, member, quantity === undefined ? {} : { quantity });
        if (checkout.status >= 300) throw new Error(`${option}: ${JSON.stringify(checkout.body)}`);
        if (code !== undefined)
          await seller.pay(checkout, { action: 'apply_promotion_code', promotion_code: code });
        return { option, member, price, checkout, membership: null };
      }),
    );
  }

  const formOf = ({ option }: Purchase) => options[option]?.form ?? {};
  const isFree = ({ price }: Purchase) => price.model === 'free';

  async function bindAll(all: Purchase[]): Promise<void> {
    await Promise.all(
      all.map(async (purchase) => {
        if (isFree(purchase)) return;
        const { id } = await seller.bought(purchase.checkout.body.id);
        purchase.membership = { id };
        await membershipOf(purchase);
      }),
    );
  }

  async function buy(story: string, events: string[]): Promise<Purchase[]> {
    const names = Object.keys(options).filter((option) => events.some((name) => plays(option, name)));
    const all = await open(story, names);
    await Promise.all(
      all.map(async (purchase) => {
        if (isFree(purchase)) return;
        const { status, error } = await seller.pay(purchase.checkout, formOf(purchase));
        if (status !== 303) throw new Error(`${purchase.option}: ${status} ${error}`);
      }),
    );
    await seller.quiet();
    await bindAll(all);
    await seller.quiet();
    return all;
  }

  /** Nothing of a story goes on in the next one. */
  async function over(all: Purchase[]): Promise<void> {
    for (const purchase of all)
      if (purchase.membership !== null && subscriptionOf(purchase) !== '')
        await stripe.subscriptions.cancel(subscriptionOf(purchase), undefined, asAccount).catch(() => null);
    await seller.quiet();
  }

  async function story(
    title: string,
    events: string[],
    play: (all: Purchase[]) => Promise<void>,
  ): Promise<void> {
    if (!Object.keys(options).some((option) => events.some((name) => plays(option, name)))) return;
    try {
      const all = await buy(title, events);
      await play(all);
      await over(all);
    } catch (error) {
      for (const option of Object.keys(options))
        for (const name of events)
          if (plays(option, name) && !results.has(`${option} ${name}`))
            results.set(`${option} ${name}`, `${title}: ${error instanceof Error ? error.message : ''}`);
    }
  }

  const card = (state: 'fails' | 'recovers') => (purchase: Purchase) =>
    rig.stripeSide.trigger(`payment_method_${state}`, {
      account: accountId,
      subscription: subscriptionOf(purchase),
    });
  const chargeOf = async ({ membership }: Purchase) => {
    const { customerId } = membership.stripe;
    const { data } = await stripe.charges.list({ customer: customerId, limit: 1 }, asAccount);
    if (data[0] === undefined) throw new Error('nothing was charged');
    return data[0];
  };
  const happens = (trigger: string) => async (purchase: Purchase) =>
    rig.stripeSide.trigger(trigger, { account: accountId, charge: (await chargeOf(purchase)).id });
  const ask = async (path: string, body: object = {}) => {
    const answer = await seller.coach.call('POST', path, body);
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const change =
    (action: string, body: object = {}) =>
    (purchase: Purchase) =>
      ask(`/v1/memberships/${purchase.membership.id}/${action}`, body);
  const give = ({ member, price }: Purchase) =>
    ask('/v1/grants', { member: { externalId: member }, productId: price.productId });
  /** What was bought or given ends, in the way that there is for it. */
  const end = async (purchase: Purchase) =>
    isFree(purchase)
      ? ask(`/v1/grants/${purchase.checkout.body.grantId}/revoke`)
      : subscriptionOf(purchase) === ''
        ? happens('refund')(purchase)
        : change('cancel', { at: 'now' })(purchase);

  await story('paying', ['bought', 'trial-ends', 'renewed', 'fails', 'recovers'], async (all) => {
    await event(all, 'bought');
    await later(all, 'trial-ends', afterPaid(2 * HOUR));
    await later(all, 'renewed', afterPaid(2 * HOUR));
    await each(
      all.filter(({ option }) => plays(option, 'fails')),
      'fails',
      card('fails'),
    );
    await later(all, 'fails', afterPaid(2 * HOUR));
    await each(
      all.filter(({ option }) => plays(option, 'recovers')),
      'recovers',
      card('recovers'),
    );
    const retried = (await seller.now()) + 3 * DAY + 2 * HOUR;
    await later(all, 'recovers', () => Promise.resolve(retried));
  });

  await story('grace', ['grace-over'], async (all) => {
    await each(all, 'grace-over', card('fails'));
    await later(all, 'grace-over', afterPaid(8 * DAY));
  });

  for (const [outcome, succeeded] of [
    ['arrives', true],
    ['bounces', false],
  ] as const) {
    const names = Object.keys(options).filter((option) => plays(option, outcome));
    const all = await open(`sepa-${outcome}`, names);
    await each(all, outcome, async (purchase) => {
      const iban = succeeded ? IBANS.succeeds : IBANS.fails;
      const { status, error } = await rig.stripeSide.payWithIban(
        purchase.checkout.body.url,
        iban,
        formOf(purchase),
      );
      if (status !== 303) throw new Error(`${status} ${error}`);
    });
    if (succeeded) await event(all, 'delayed');
    else await seller.quiet();
    await event(all, outcome, async (purchase) => {
      const row = await rig.db.checkout.findUniqueOrThrow({ where: { id: purchase.checkout.body.id } });
      await rig.stripeSide.trigger('async_payment', {
        account: accountId,
        session: row.stripeSessionId,
        succeeded,
      });
    });
    if (succeeded) await bindAll(all);
    await over(all);
  }

  await story('refund', ['purchase-stays', 'part', 'full', 'refund-fails'], async (all) => {
    await event(all, 'purchase-stays', async (purchase) => {
      const gift = await give(purchase);
      await ask(`/v1/grants/${gift.id}/revoke`);
    });
    await event(all, 'part', async (purchase) => {
      const charge = await chargeOf(purchase);
      const amount = Math.floor(charge.amount / 20) * 10;
      await rig.stripeSide.trigger('refund', { account: accountId, charge: charge.id, amount });
    });
    await event(all, 'full', happens('refund'));
    await event(all, 'refund-fails', async (purchase) => {
      const { id: charge } = await chargeOf(purchase);
      const { data } = await stripe.refunds.list({ charge, limit: 1 }, asAccount);
      await rig.stripeSide.trigger('refund_failed', { account: accountId, refund: data[0]?.id });
    });
  });

  await story('won', ['disputed', 'won', 'gift-stays', 'cancelled'], async (all) => {
    await event(all, 'disputed', happens('dispute_created'));
    await event(all, 'won', happens('dispute_won'));
    const gifts = new Map<Purchase, string>();
    await event(all, 'gift-stays', async (purchase) => {
      gifts.set(purchase, (await give(purchase)).id);
      await end(purchase);
    });
    await event(all, 'cancelled', (purchase) => ask(`/v1/grants/${gifts.get(purchase)}/revoke`));
  });

  await story('lost', ['lost'], async (all) => {
    await each(all, 'lost', happens('dispute_created'));
    await event(all, 'lost', happens('dispute_lost'));
  });

  await story('leave', ['leaving', 'left'], async (all) => {
    await event(all, 'leaving', change('cancel', { at: 'period_end' }));
    await later(all, 'left', afterPaid(2 * HOUR));
  });

  await story('stay', ['resumed', 'portal', 'portal-left'], async (all) => {
    await each(all, 'resumed', change('cancel', { at: 'period_end' }));
    await each(all, 'resumed', change('resume'));
    await later(all, 'resumed', afterPaid(2 * HOUR));
    await event(all, 'portal', async (purchase) => {
      const { memberId } = purchase.membership;
      const { url } = await ask(`/v1/members/${memberId}/portal`, { returnUrl: `${COACH_UI}/back` });
      const answered = await fetch(`${url}/cancel`, {
        method: 'POST',
        body: new URLSearchParams({ subscription: subscriptionOf(purchase) }),
        redirect: 'manual',
      });
      if (answered.status >= 400) throw new Error(`the portal answered ${answered.status}`);
    });
    await later(all, 'portal-left', afterPaid(2 * HOUR));
  });

  await story('pause', ['paused', 'unpaused', 'pause-lasts'], async (all) => {
    await event(all, 'paused', change('pause'));
    await each(all, 'unpaused', change('resume'));
    await later(all, 'unpaused', afterPaid(2 * HOUR));
    await each(all, 'pause-lasts', change('pause'));
    await later(all, 'pause-lasts', afterPaid(2 * HOUR));
  });

  await story('term', ['term-over'], (all) =>
    later(all, 'term-over', async ({ price, checkout }) => {
      // Rows are created by the system's clock.
      const drift = (await seller.now()) - Math.floor(Date.now() / 1000);
      return seconds(checkout.body.createdAt) + drift + price.accessDays * DAY + 60;
    }),
  );

  const last = await buy('last', ['inquiry', 'disconnected']);
  await event(last, 'inquiry', happens('warning_needs_response'));
  await seller.coach.disconnect();
  await eventually(
    'the disconnection',
    async () => (await seller.coach.connection()).status === 'disconnected',
  );
  await note(last, 'disconnected');
  return results;
}
