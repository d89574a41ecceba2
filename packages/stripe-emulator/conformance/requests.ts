import { isObject, type JsonObject } from '../src/json';
import { decodeForm } from '../src/http/form';
import { OAUTH_PARAMETERS, oauthFlaws } from './oauth';
import { pathOf, type Exchange } from './recordings';
import type { Specification } from './specification';
import { inParallel, type Target } from './stripe-mock';
import { Violations } from './violations';

/**
 * Replays requests to stripe-mock: all those of the product, whatever they were answered, and of all others those that the
 * emulator accepted. Requests of the same shape are sent once.
 */
export class RequestCheck {
  readonly violations = new Violations();
  /** Operations that the emulator has accepted. */
  readonly operations = new Set<string>();
  readonly oauth = { checked: 0, rejected: 0 };
  recorded = 0;
  checked = 0;
  rejected = 0;
  /** Of those recorded, how many the product has sent. */
  ofProduct = 0;
  private readonly shapes = new Map<string, Exchange>();

  constructor(
    private readonly specification: Specification,
    /** The name by which the product's client introduces itself. */
    private readonly product: string | undefined,
  ) {}

  take(exchange: Exchange): void {
    const ours = this.product !== undefined && (exchange.client?.includes(this.product) ?? false);
    const accepted = exchange.status >= 200 && exchange.status < 300;
    const path = pathOf(exchange);
    if (ours) this.ofProduct += 1;
    if (path.startsWith('/oauth/')) this.takeOAuth(exchange, ours || accepted);
    else if (ours || accepted) {
      this.recorded += 1;
      const operation = this.specification.find(exchange.method, path);
      if (accepted && operation) this.operations.add(operation.name);
      const params = paramsOf(exchange);
      const shape = JSON.stringify([
        operation?.name ?? `${exchange.method} ${path}`,
        exchange.version,
        shapeOf(params),
      ]);
      if (!this.shapes.has(shape)) this.shapes.set(shape, exchange);
    }
  }

  /** One recorded request of every shape. */
  samples(): Exchange[] {
    return [...this.shapes.values()];
  }

  async replay(stripeMock: Target): Promise<void> {
    await inParallel(this.samples(), async ({ method, path, body, version, account }) => {
      const headers = {
        ...(version === null ? {} : { 'Stripe-Version': version }),
        ...(account === null ? {} : { 'Stripe-Account': account }),
      };
      // stripe-mock decodes the path before it looks for the operation: an id with a slash would be two of its parts.
      const address = path.replace(/^[^?]*/, (before) => before.replace(/%[0-9a-f]{2}/gi, '_'));
      const answer = await stripeMock({ method, path: address, body, headers });
      this.checked += 1;
      if (answer.status < 300) return;
      this.rejected += 1;
      const operation = this.specification.find(method, pathOf({ path }));
      const subject = operation?.name ?? `${method} ${pathOf({ path })}`;
      this.violations.add(subject, [{ at: ` ${body || path}`, message: reasonOf(answer.body) }]);
    });
  }

  private takeOAuth(exchange: Exchange, counts: boolean): void {
    const name = `${exchange.method.toLowerCase()} ${pathOf(exchange)}`;
    // What the emulator's own page posts is no part of Stripe's interface.
    if (!counts || !(name in OAUTH_PARAMETERS)) return;
    const flaws = oauthFlaws(name, paramsOf(exchange));
    this.oauth.checked += 1;
    if (flaws.length > 0) this.oauth.rejected += 1;
    this.violations.add(name, flaws);
  }
}

/** Query and form parameters together. */
export function paramsOf({ path, body }: { path: string; body: string }): JsonObject {
  const query = path.indexOf('?');
  return { ...(query < 0 ? {} : decodeForm(path.slice(query + 1))), ...decodeForm(body) };
}

/** What stays the same when only ids, amounts, times and words differ. Words that could be one of an enumeration count. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  const text = String(value);
  if (/^[a-z_.*]{0,60}$/.test(text)) return text;
  return /^-?\d+$/.test(text) ? '#' : '$';
}

function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error: { message: string } };
    return error.message.replace(/validator 0x[0-9a-f]+ failed: /, '').slice(0, 300);
  } catch {
    return body.slice(0, 300);
  }
}
