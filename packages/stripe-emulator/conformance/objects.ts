import { isObject } from '../src/json';
import type { EventCheck } from './events';
import { pathOf, type Exchange } from './recordings';
import type { Flaw, Schemas } from './schemas';
import type { Specification } from './specification';
import { Violations } from './violations';

/** Checks that answers are what the operation's schema says, errors included. */
export class ObjectCheck {
  readonly violations = new Violations();
  readonly types = new Map<string, number>();
  checked = 0;
  invalid = 0;

  constructor(
    private readonly specification: Specification,
    private readonly schemas: Schemas,
    private readonly events: EventCheck,
  ) {}

  take(exchange: Exchange): void {
    if (exchange.method === 'HEAD') return;
    const answer = parse(exchange.answer);
    if (isInjected(exchange, answer)) return;
    const operation = this.specification.find(exchange.method, pathOf(exchange));
    const subject = `${operation?.name ?? `${exchange.method} ${pathOf(exchange)}`} → ${exchange.status}`;
    const flaws =
      exchange.status >= 400 || !operation
        ? this.schemas.component('error', answer)
        : this.schemas.whole(operation.answer, answer);
    const counted = this.count(answer);
    this.checked += counted;
    this.violations.add(subject, flaws);
    const inside = this.insideEvents(answer);
    this.violations.add(`${subject} (event)`, inside);
    if (flaws.length > 0 || inside.length > 0) this.invalid += 1;
  }

  /** Counts every object with a name, however deep; they were all checked with the whole that they are in. */
  private count(value: unknown): number {
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + this.count(item), 0);
    if (!isObject(value)) return 0;
    const name = value['object'];
    let sum = 0;
    if (typeof name === 'string' && name !== 'list') {
      this.types.set(name, (this.types.get(name) ?? 0) + 1);
      sum = 1;
    }
    for (const inner of Object.values(value)) sum += this.count(inner);
    return sum;
  }

  /** The specification leaves open what an event carries; we do not. */
  private insideEvents(answer: unknown): Flaw[] {
    const object = answer as { object?: string; data?: unknown } | null;
    if (object?.object === 'event') return this.events.flawsInside(object);
    if (object?.object !== 'list' || !Array.isArray(object.data)) return [];
    return object.data.flatMap((item: { object?: string }, index) =>
      item.object === 'event'
        ? this.events.flawsInside(item).map(({ at, message }) => ({ at: `/data/${index}${at}`, message }))
        : [],
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Two of the faults that a test can order are not Stripe's JSON on purpose: a page of HTML, and a 500 without `error`. */
function isInjected({ status }: Exchange, answer: unknown): boolean {
  return (
    (status === 502 && typeof answer === 'string') ||
    (status === 500 && !isObject((answer as { error?: unknown }).error))
  );
}
