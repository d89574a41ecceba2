import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosStack } from './chaos-stack';
import type { EmulatorSide } from './emulator';
import { AT_STRIPE_DURING, type Fault, isAtStep, type Outage, type ProcessFault } from './faults';
import { patiently } from './patience';

/** How long a fault waits for its victim to be up: others may have killed it just before. */
const VICTIM_MS = 120_000;

/** Lets the planned faults happen as the story goes on. */
export class Storm {
  /** When a process was killed, stopped, or let go on; milliseconds of our clock. */
  readonly moments: number[] = [];
  kills = 0;
  private readonly waiting: (ProcessFault | Outage)[];
  private readonly underWay = new Set<Promise<void>>();
  /** The last fault of each part: of two, the second waits until the part is back from the first. */
  private readonly lastOf = new Map<string, Promise<void>>();
  private isOver = false;

  constructor(
    private readonly stack: ChaosStack,
    private readonly stripe: EmulatorSide,
    private readonly faults: readonly Fault[],
    private readonly accounts: readonly string[],
    private readonly seed: number,
  ) {
    this.waiting = faults.filter(isAtStep);
  }

  /** Stripe is faulty from now on. */
  async begin(): Promise<void> {
    await this.stripe.misbehave(this.faults, this.accounts, this.seed);
  }

  /** So many steps have begun. */
  reached(step: number): void {
    while (this.waiting[0] !== undefined && this.waiting[0].step <= step) {
      const happening = this.happen(this.waiting.shift() as ProcessFault | Outage);
      this.underWay.add(happening);
      void happening.finally(() => this.underWay.delete(happening));
    }
  }

  /** Whatever is left happens now, and then no more. Answers when the last fault was over. */
  async end(): Promise<number> {
    this.reached(Infinity);
    await Promise.all(this.underWay);
    this.isOver = true;
    const over = Date.now();
    await patiently('Stripe to behave', () => this.stripe.behave());
    return Math.max(over, ...this.moments);
  }

  /** How far, in milliseconds, the nearest kill or freeze is from a time. */
  distance(from: number, to: number): number {
    return Math.min(Infinity, ...this.moments.map((at) => (at < from ? from - at : at > to ? at - to : 0)));
  }

  private async happen(fault: ProcessFault | Outage): Promise<void> {
    await delay(fault.afterMs);
    const victim = fault.kind === 'outage' ? fault.what : fault.part;
    const before = this.lastOf.get(victim) ?? Promise.resolve();
    const happening = before.then(() =>
      fault.kind === 'outage' ? this.lastWhile(fault) : this.strike(fault),
    );
    this.lastOf.set(victim, happening);
    await happening;
  }

  private async lastWhile({ what, forMs }: Outage): Promise<void> {
    const atStripe = AT_STRIPE_DURING[what];
    this.moments.push(Date.now());
    if (what === 'temporal' || what === 'postgres') await this.stack.freeze(what, forMs);
    else if (what === 'read_only') await this.stack.refuseToWrite(forMs);
    else if (atStripe !== undefined) {
      await this.stripe.misbehave([...this.faults, atStripe], this.accounts, this.seed);
      await delay(forMs);
      await this.begin();
    }
    this.moments.push(Date.now());
    this.kills += 1;
  }

  private async strike({ kind, part, forMs = 0 }: ProcessFault): Promise<void> {
    const giveUpAt = Date.now() + VICTIM_MS;
    let happened = false;
    while (!happened && Date.now() < giveUpAt) {
      const at = Date.now();
      happened = kind === 'kill' ? this.stack.kill(part) : await this.stack.freeze(part, forMs);
      if (happened) this.moments.push(at, Date.now());
      else await delay(100);
    }
    if (happened) this.kills += 1;
    if (kind === 'kill' && part === 'stripeEmulator') await this.faultyAgain();
  }

  /** The emulator keeps what happened, but not what is to go wrong. */
  private async faultyAgain(): Promise<void> {
    await patiently('the emulator', () => this.stripe.control('GET', '/health'));
    if (!this.isOver) await patiently("the emulator's faults", () => this.begin());
  }
}
