import { setTimeout as delay } from 'node:timers/promises';
import { createWorld } from '../../src/demo/world';
import { Reference } from '../model/reference';
import { ChaosStack } from './chaos-stack';
import { perform, recover, type Subject } from './deeds';
import { EmulatorSide } from './emulator';
import type { Fault } from './faults';
import { judge, type Violation, type ViolationKind } from './judge';
import { Observer, type Played } from './observe';
import { offerOf } from './offers';
import { planPurchases, type PlannedPurchase } from './plan';
import { type Bought, purchase } from './purchase';
import { settled } from './settle';
import { movePrice } from './price-move';
import { BILLING, openShops, POLICY, type Range, type Shop } from './shop';
import { sideBySide } from './side-by-side';
import { Storm } from './storm';
import { COACHES, LEAPS, stretchesOf } from './stretches';
import { sweep, workedOff } from './sweep';
import { leap, nowOf } from './time';
import { Watch } from './watch';

export interface StoryOptions {
  seed: number;
  purchases: number;
  /** What the members do, instead of what the seed says. */
  plans?: readonly PlannedPurchase[];
  faults: readonly Fault[];
  coaches?: number;
  /** What they sell: everything, in both modes, unless told. */
  range?: Partial<Range>;
  /** Days that pass after the purchases, leap by leap, on every account. */
  leaps?: readonly number[];
  /** Further variables of the product. */
  env?: Record<string, string>;
  /** How long it may take to settle, in milliseconds. */
  settleMs?: number;
  say(line: string): void;
}

export interface StoryReport {
  seed: number;
  purchases: number;
  deliveries: number;
  kills: number;
  lost: number;
  doubleAccess: number;
  doubleCharge: number;
  violations: number;
  /** How many the judge saw when the last fault was just over, before anything had settled: of each kind. */
  before: Partial<Record<ViolationKind, number>>;
  settleSeconds: number | null;
  accessLatencyMs: { p50: number | null; p99: number | null; of: number };
  /** What each part of it took, on this machine. */
  seconds: { sale: number; leaps: number; settling: number };
  outcomes: Partial<Record<string, number>>;
  found: Violation[];
}

/** Purchases of how many members go on side by side: in a storm most of them wait for something to come back. */
const LANES = { stormy: 24, calm: 4 };
/** After so many leaps every coach moves the members of one price to another. */
const MOVE_AFTER = 1;
/** Whose card works again pays after so many leaps. */
const RECOVERY_AFTER = 3;
/** A purchase with a kill that near says nothing of latency. */
const NEAR_A_KILL_MS = 15_000;
const LATENCY_PATIENCE_MS = 30_000;
/** The clocks of the two sides differ by less, in seconds. */
const MARGIN = 900;

/** Starts a stack, plays the story on it while the faults happen, waits until it has settled, and judges. */
export async function playStory(options: StoryOptions): Promise<StoryReport> {
  const stack = await ChaosStack.start(options.faults, options.env);
  try {
    return await new Story(stack, options).play();
  } finally {
    await stack.stop();
  }
}

interface Buyer extends Played {
  reference: Reference | null;
  /** Something was asked for and never answered: it happened or not, and either is right. */
  isUnknown: boolean;
  subject: Subject | null;
  latencyMs: number | null;
}

class Story {
  private readonly stripe: EmulatorSide;
  private readonly buyers: Buyer[] = [];
  private readonly brokenPromises: string[] = [];
  private step = 0;
  private readonly began = performance.now();

  constructor(
    private readonly stack: ChaosStack,
    private readonly options: StoryOptions,
  ) {
    this.stripe = new EmulatorSide(stack.info().stripeEmulator ?? '');
  }

  async play(): Promise<StoryReport> {
    const { seed, faults, purchases, coaches = COACHES, leaps = LEAPS, range } = this.options;
    const info = this.stack.info();
    const shops = await openShops(createWorld(info, this.stripe.url), this.stripe, coaches, range);
    this.say(`${shops.length} shops are open`);
    // Of several coaches the last one has a Stripe that behaves.
    const troubled = shops.filter(({ coach }) => coaches === 1 || coach < coaches - 1);
    const storm = new Storm(
      this.stack,
      this.stripe,
      faults,
      troubled.map(({ accountId }) => accountId),
      seed,
    );
    const watch = new Watch(this.stack);
    try {
      await storm.begin();
      const begun = this.seconds();
      await this.sell(this.options.plans ?? planPurchases(seed, purchases, coaches), shops, storm);
      const sold = this.seconds();
      for (const [index, days] of leaps.entries()) await this.pass(days, index, shops, storm);
      const lastFault = await storm.end();
      const over = this.seconds();
      this.say(`${storm.kills} processes were killed or stopped; waiting for everything to settle`);
      const observer = new Observer(this.stack, this.stripe, shops, this.buyers, {
        wentBack: watch.wentBack,
        brokenPromises: this.brokenPromises,
      });
      const look = async () => judge(await observer.observe());
      const before = await look().catch(() => []);
      const { violations, settledAt } = await settled(
        { stack: this.stack, stripe: this.stripe, shops },
        look,
        this.options.settleMs ?? 120_000,
      );
      const settleSeconds = settledAt === null ? null : (settledAt - lastFault) / 1000;
      const seconds = { sale: sold - begun, leaps: over - sold, settling: this.seconds() - over };
      return await this.report(storm, { before, violations, settleSeconds, seconds });
    } finally {
      await watch.stop();
    }
  }

  private readonly seconds = (): number => Math.round((performance.now() - this.began) / 1000);

  private say(line: string): void {
    this.options.say(`${this.seconds()} s: ${line}`);
  }

  private async sell(plans: readonly PlannedPurchase[], shops: Shop[], storm: Storm): Promise<void> {
    for (const { from, to, isCalm } of stretchesOf(plans.length)) {
      this.say(`${to - from} purchases ${isCalm ? 'without' : 'with'} kills begin`);
      await sideBySide(plans.slice(from, to), isCalm ? LANES.calm : LANES.stormy, async (plan) => {
        storm.reached(this.step++);
        const shop = shops.find(({ coach, mode }) => coach === plan.coach && mode === plan.mode) as Shop;
        try {
          await this.sellOne(plan, shop);
        } catch (error) {
          this.brokenPromises.push(`purchase ${plan.number}: ${describe(error)}`);
        }
        if (this.step % 100 === 0) this.say(`${this.step} purchases, ${storm.kills} kills`);
      });
    }
  }

  private async sellOne(plan: PlannedPurchase, shop: Shop): Promise<void> {
    const bought = await purchase(plan, shop, this.stripe);
    const buyer: Buyer = {
      plan,
      shop,
      bought,
      reference: null,
      isUnknown: false,
      subject: null,
      latencyMs: null,
      expected: () => {
        if (buyer.isUnknown) return null;
        return buyer.reference === null ? false : expectedOf(buyer.reference);
      },
    };
    this.buyers.push(buyer);
    if (bought.outcome !== 'paid' && bought.outcome !== 'free') return;
    buyer.latencyMs = await this.latencyOf(plan, shop, bought);
    buyer.reference = new Reference(await nowOf(shop), POLICY, BILLING);
    const { like } = offerOf(plan.offer);
    if (like === null) buyer.reference.give('ada', 'course', null);
    else buyer.reference.buy('ada', like);
    if (bought.sessionId === null || bought.checkoutId === null) return;
    buyer.subject = {
      number: plan.number,
      shop,
      stripe: this.stripe,
      checkoutId: bought.checkoutId,
      sessionId: bought.sessionId,
      reference: buyer.reference,
    };
    await this.tryOn(buyer, perform(plan.deed, buyer.subject));
  }

  /** What is done to a purchase; of what nobody answered, nobody knows what came of it. */
  private async tryOn(buyer: Buyer, doing: Promise<void>): Promise<void> {
    try {
      await doing;
    } catch (error) {
      buyer.isUnknown = true;
      this.brokenPromises.push(`purchase ${buyer.plan.number}: ${describe(error)}`);
    }
  }

  /** From the click on "pay" to access; null where that says nothing. */
  private async latencyOf(plan: PlannedPurchase, shop: Shop, bought: Bought): Promise<number | null> {
    const coaches = this.options.coaches ?? COACHES;
    // The one on whose accounts Stripe behaves.
    const isMeasured = coaches > 1 && plan.coach === coaches - 1;
    if (!isMeasured || bought.paidAt === null || bought.checkoutId === null) return null;
    const { session } = shop.business;
    const path = { id: bought.checkoutId };
    const product = shop.offers[plan.offer].product.id;
    // Who a visitor is, the coach learns with the payment.
    const memberOf = async () =>
      bought.member ?? (await session.get('/v1/checkouts/{id}', { params: { path } })).memberId;
    const hasAccess = async () => {
      const member = await memberOf();
      if (member === null) return false;
      return (await session.get('/v1/access', { params: { query: { member, product } } })).access;
    };
    const giveUpAt = Date.now() + LATENCY_PATIENCE_MS;
    while (Date.now() < giveUpAt) {
      if (await hasAccess().catch(() => false)) return Date.now() - bought.paidAt;
      await delay(50);
    }
    return Date.now() - bought.paidAt;
  }

  /** Days pass on every account, side by side; what the product has to know by then it was told before. */
  private async pass(days: number, index: number, shops: Shop[], storm: Storm): Promise<void> {
    await sweep(
      this.stack,
      shops.map(({ accountId }) => accountId),
    );
    if (index === RECOVERY_AFTER) {
      const failing = this.buyers.filter(({ plan }) => plan.deed === 'card_fails_and_recovers');
      await sideBySide(failing, LANES.calm, async (buyer) => {
        if (buyer.subject !== null) await this.tryOn(buyer, recover(buyer.subject));
      });
    }
    await sideBySide(shops, shops.length, async (shop) => {
      storm.reached(this.step++);
      if (index === MOVE_AFTER)
        await movePrice(shop).catch((error: unknown) => {
          this.brokenPromises.push(`price move of coach ${shop.coach}, ${shop.mode}: ${describe(error)}`);
        });
      const now = await leap(shop, days);
      for (const buyer of this.buyers) if (buyer.shop === shop) buyer.reference?.advanceTo(now);
    });
    await workedOff(this.stack);
    this.say(`${days} days have passed`);
  }

  private async report(
    storm: Storm,
    {
      before,
      violations,
      settleSeconds,
      seconds,
    }: Pick<StoryReport, 'settleSeconds' | 'seconds'> & { before: Violation[]; violations: Violation[] },
  ): Promise<StoryReport> {
    const { deliveries } = await this.stripe.control<{ deliveries: { attempts: unknown[] }[] }>(
      'GET',
      '/deliveries',
    );
    const latencies = this.buyers
      .filter(({ latencyMs, bought: { paidAt } }) => {
        if (latencyMs === null || paidAt === null) return false;
        return storm.distance(paidAt, paidAt + latencyMs) >= NEAR_A_KILL_MS;
      })
      .map(({ latencyMs }) => latencyMs ?? 0)
      .sort((one, other) => one - other);
    const count = (kind: Violation['kind']) => violations.filter((found) => found.kind === kind).length;
    return {
      seed: this.options.seed,
      purchases: this.buyers.length,
      deliveries: deliveries.reduce((sum, { attempts }) => sum + attempts.length, 0),
      kills: storm.kills,
      lost: count('lost'),
      doubleAccess: count('double_access'),
      doubleCharge: count('double_charge'),
      violations: violations.length,
      before: counted(before.map(({ kind }) => kind)),
      settleSeconds: settleSeconds === null ? null : Math.round(settleSeconds * 10) / 10,
      accessLatencyMs: {
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
        of: latencies.length,
      },
      seconds,
      outcomes: counted(this.buyers.map(({ bought }) => bought.outcome)),
      found: violations,
    };
  }
}

/** Whether there should be access now; null when it changes about now. */
function expectedOf(reference: Reference): boolean | null {
  const at = (seconds: number) => {
    const then = reference.clone();
    then.advanceTo(seconds);
    return then.holders().size > 0;
  };
  const now = at(reference.now);
  return at(reference.now + MARGIN) === now ? now : null;
}

/** How often each of them is there. */
function counted<T extends string>(names: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
