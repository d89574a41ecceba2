import type { MemberName, OfferName } from '../model/catalog';
import { randomOf } from '../model/random';
import type { Stage } from '../model/stage';
import { World } from '../model/world';
import { Books, type Month, worthOf } from './oracle';

const DAY = 86_400;

/** Ways to buy that recur, and one that does not. */
const OFFERS: OfferName[] = ['monthly', 'large', 'trial', 'season', 'lessons', 'monthly', 'once'];

interface Sale {
  number: number;
  member: string;
  offer: OfferName;
}

/** Month by month: the product's figure, and what Stripe's own objects come to. */
export interface YearReport {
  members: number;
  done: Record<string, number>;
  /** Commands that the product or Stripe refused then, such as a change of what has ended. */
  refused: number;
  months: number;
  movements: number;
  /** Each figure that is not Stripe's, in words. */
  differences: string[];
}

interface Figures {
  currencies: {
    currency: string;
    months: (Omit<Month, 'members'> & {
      month: string;
      members: { end: number; new: number; churned: number };
    })[];
    trials: { month: string; ended: number; converted: number }[];
  }[];
}

/**
 * A year of one coach: everybody comes in the course of it, and everything happens to them that happens to members. Then
 * every figure of every month is compared with what Stripe's own subscriptions and invoices come to.
 */
export async function playYear(
  stage: Stage,
  { members, seed, tell = () => undefined }: { members: number; seed: number; tell?: (line: string) => void },
): Promise<YearReport> {
  const random = randomOf(seed);
  const policy = {
    graceDays: 7,
    leewayHours: 4,
    honourPaidPeriod: true,
    keepAfterRefund: false,
    keepDuringDispute: false,
  };
  const world = await World.open(stage, policy, { retryDays: [3, 5], inTheEnd: 'cancel' }, random);
  const books = new Books();
  const sales: Sale[] = [];
  const done: Record<string, number> = {};
  let refused = 0;
  let came = 0;

  const coupons = new Map<string, number>();
  const look = async (at: number) => {
    const { subscriptions } = await world.atStripe();
    for (const [id, percent] of world.dashboard.percents()) coupons.set(id, percent);
    books.look(worthOf(subscriptions, coupons, at), new Date(at * 1000).toISOString());
  };
  const lookAt = async (number: number) => {
    const customer = await world.customerOf(number);
    if (customer === null) return;
    for (const [id, percent] of world.dashboard.percents()) coupons.set(id, percent);
    const now = await world.now();
    books.lookAt(worthOf(customer.subscriptions, coupons, now), new Date(now * 1000).toISOString());
  };
  const attempt = async (number: number, name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      done[name] = (done[name] ?? 0) + 1;
    } catch (error) {
      if (!isRefused(error)) throw error;
      refused += 1;
    }
    await world.comeToRest();
    await lookAt(number);
  };
  const buy = (member: string, offer: OfferName) =>
    attempt(sales.push({ number: sales.length, member, offer }) - 1, 'buy', () =>
      world.buy(sales.length - 1, member as MemberName, offer, true),
    );
  const pick = <T>(things: readonly T[]): T => things[Math.floor(random() * things.length)] as T;

  const happen = async ({ number, member, offer }: Sale): Promise<void> => {
    const now = await world.now();
    const deeds: Record<string, () => Promise<void>> = {
      up: () => world.change(number, 'large', true),
      down: () => world.change(number, 'monthly', false),
      quantity: () => world.dashboard.quantity(number, pick([1, 2, 3])),
      moveItem: () => world.dashboard.moveItem(number, pick(['lessons', 'large', 'mentoring'] as const)),
      addItem: () => world.dashboard.addItem(number, 'lessons'),
      coupon: () => world.dashboard.coupon(number, pick([0, 25, 100] as const)),
      cancel: () => world.cancel(number, 'now'),
      cancelAtPeriodEnd: () => world.cancel(number, 'period_end'),
      cancelInPortal: () => world.cancelInPortal(number),
      pause: () => world.pause(number, now + 20 * DAY),
      resume: () => world.resume(number),
      fail: () => world.breakCard(number),
      recover: () => world.recover([number]),
      refund: () => world.refund(number, null),
      refundInPart: () => world.refund(number, 500),
    };
    const name = pick(Object.keys(deeds));
    if (offer === 'once' && !name.startsWith('refund')) return;
    await attempt(number, name, deeds[name] as () => Promise<void>);
    if (name.startsWith('cancel') && random() < 0.5) await buy(member, pick(['monthly', 'season'] as const));
  };

  let steps = 0;
  const begun = new Date((await world.now()) * 1000);
  const ends = Date.UTC(begun.getUTCFullYear() + 1, begun.getUTCMonth(), 20) / 1000;
  for (let now = await world.now(); now < ends; now = await world.now()) {
    steps += 1;
    const due = Math.ceil((members * Math.min(steps, 40)) / 40);
    for (; came < due; came++) await buy(`member-${came}`, pick(OFFERS));
    const few = sales.filter(() => random() < 0.12);
    for (const sale of few) await happen(sale);
    await look(await world.now());
    for (const until of nextSteps(await world.now())) {
      await world.moveTo(until, () => false);
      await world.comeToRest();
      await look(until);
    }
    tell(`${new Date(now * 1000).toISOString().slice(0, 10)}: ${came} members, ${sales.length} sales`);
  }
  const report = await compare(world, books);
  world.leave();
  return { members: came, done, refused, ...report };
}

/** A week on; the turn of a month is gone to to the second before, and then over it. */
function nextSteps(now: number): number[] {
  const at = new Date(now * 1000);
  const turn = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1) / 1000;
  const week = now + 7 * DAY;
  return week < turn ? [week] : [turn - 1, turn + 1];
}

/** Said by the product or Stripe, or there is nothing that it could be done to. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (/(answered|:) 4\d\d/.test(error.message) ||
    /Stripe names nothing|Nobody bought/.test(error.message) ||
    [400, 402, 404].includes((error as { statusCode?: number }).statusCode ?? 0));

const KINDS = ['new', 'reactivation', 'expansion', 'contraction', 'churn', 'end'] as const;

async function compare(
  world: World,
  books: Books,
): Promise<Omit<YearReport, 'members' | 'done' | 'refused'>> {
  const { currencies } = await world.read<Figures>('/v1/figures?range=2y');
  const usd = currencies.find(({ currency }) => currency === 'usd');
  const differences: string[] = [];
  const differ = (what: string, product: unknown, stripe: unknown) => {
    if (product !== stripe) differences.push(`${what}: ${String(product)} here, ${String(stripe)} at Stripe`);
  };
  let movements = 0;
  for (const [name, month] of books.months) {
    const shown = usd?.months.find((one) => one.month === name);
    for (const kind of KINDS) differ(`${name} ${kind}`, shown?.[kind], month[kind]);
    differ(`${name} members`, shown?.members.end, month.members);
    movements += await compareMembers(world, name, shown, differ);
  }
  const { subscriptions, invoices } = await world.atStripe();
  // Trials, by what Stripe says of each subscription and its invoices.
  const paidFor = new Set(
    invoices
      .filter(({ amount_paid }) => amount_paid > 0)
      .map(({ parent }) => parent?.subscription_details?.subscription)
      .map((subscription) => (typeof subscription === 'string' ? subscription : subscription?.id)),
  );
  const now = await world.now();
  for (const month of books.months.keys()) {
    const ended = subscriptions.filter(
      ({ trial_end: end }) =>
        end !== null && end <= now && new Date(end * 1000).toISOString().startsWith(month),
    );
    const shown = usd?.trials.find((one) => one.month === month);
    differ(`${month} trials`, shown?.ended, ended.length);
    const paid = ended.filter(({ id }) => paidFor.has(id)).length;
    if ((shown?.converted ?? 0) < paid) differ(`${month} trials converted`, shown?.converted, paid);
    // What came in, too: the statement's gross is what Stripe's invoices were paid with.
    const statement = await world.read<{ currencies: { currency: string; gross: { amount: number } }[] }>(
      `/v1/payments/statement?month=${month}`,
    );
    const ofInvoices = invoices
      .filter(
        ({ status_transitions: { paid_at: at } }) =>
          at !== null && new Date(at * 1000).toISOString().startsWith(month),
      )
      .reduce((sum, { amount_paid }) => sum + amount_paid, 0);
    const gross = statement.currencies.find(({ currency }) => currency === 'usd')?.gross.amount ?? 0;
    const once = await world.paidOnce(month);
    differ(`${month} paid`, gross, ofInvoices + once);
  }
  return { months: books.months.size, movements, differences };
}

/** The members behind a month come to its figures. */
async function compareMembers(
  world: World,
  month: string,
  shown: Figures['currencies'][number]['months'][number] | undefined,
  differ: (what: string, product: unknown, stripe: unknown) => void,
): Promise<number> {
  const rows: { kind: Exclude<(typeof KINDS)[number], 'end'>; amount: number }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: typeof rows; nextCursor: string | null } = await world.read(
      `/v1/figures/movements?month=${month}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    rows.push(...page.data);
    cursor = page.nextCursor;
  }
  for (const kind of KINDS.filter((one) => one !== 'end'))
    differ(
      `${month} members behind ${kind}`,
      rows.filter((row) => row.kind === kind).reduce((sum, { amount }) => sum + amount, 0),
      shown?.[kind],
    );
  return rows.length;
}
