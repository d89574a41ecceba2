import { isObject } from '../src/json';
import type { DeliveredEvent } from './recordings';
import { nameOf as componentNameOf, type Schema, type Specification } from './specification';
import type { Flaw, Schemas } from './schemas';
import { Violations } from './violations';

/** The version before invoices named their subscription in `parent`; the one that tests of older accounts use. */
const AN_OLDER_VERSION = '2025-02-24.acacia';

/** Event types that do not begin with the name of what they carry. */
const CARRIED: Record<string, string> = {
  'account.application': 'application',
  'charge.dispute': 'dispute',
  'charge.refund': 'refund',
  'customer.discount': 'discount',
  'customer.subscription': 'subscription',
};

/** Checks the envelope of events by its schema, and what they carry by the schema of its own type. */
export class EventCheck {
  readonly violations = new Violations();
  readonly types = new Map<string, number>();
  /** The types of the objects that they carry. */
  readonly carried = new Map<string, number>();
  checked = 0;
  invalid = 0;

  constructor(
    private readonly specification: Specification,
    private readonly schemas: Schemas,
  ) {}

  take({ payload }: DeliveredEvent): void {
    const event = JSON.parse(payload) as Record<string, unknown>;
    const type = String(event['type']);
    const flaws = [...this.schemas.component('event', event), ...this.flawsInside(event)];
    this.checked += 1;
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
    const { object } = (event['data'] as { object?: { object?: string } } | undefined)?.object ?? {};
    if (object !== undefined) this.carried.set(object, (this.carried.get(object) ?? 0) + 1);
    if (flaws.length > 0) this.invalid += 1;
    this.violations.add(type, flaws);
  }

  /** What is wrong in an event's type and data, which the schema of the envelope leaves open. */
  flawsInside(event: object): Flaw[] {
    const { type, data, api_version } = event as {
      type?: string;
      api_version?: string;
      data?: { object?: unknown; previous_attributes?: unknown };
    };
    if (type === undefined || !this.specification.eventTypes.has(type))
      return [{ at: '/type', message: `${type} is not a known type of event` }];
    // An event keeps the version of its creation, and an older shape is none of this specification's:
    // https://docs.stripe.com/webhooks/versioning. The tests of old shapes have such accounts (see `old-shapes.ts`).
    if (api_version === AN_OLDER_VERSION) return [];
    if (api_version !== this.specification.version)
      return [{ at: '/api_version', message: `is ${api_version}, not ${this.specification.version}` }];
    const name = objectNameOf(type, (candidate) => this.specification.componentOf(candidate) !== undefined);
    const component = name === undefined ? undefined : this.specification.componentOf(name);
    if (component === undefined) return [{ at: '/type', message: `it is not known what ${type} carries` }];
    const flaws = this.schemas
      .component(component, data?.object)
      .map(({ at, message }) => ({ at: `/data/object${at}`, message }));
    if (data?.previous_attributes !== undefined) {
      flaws.push(...this.flawsBefore(component, data.previous_attributes, data.object));
    }
    return flaws;
  }

  /** `previous_attributes` names fields of the object, and only those that have changed. */
  private flawsBefore(component: string, previous: unknown, now: unknown): Flaw[] {
    const at = '/data/previous_attributes';
    if (!isObject(previous) || Object.keys(previous).length === 0)
      return [{ at, message: 'names no attribute' }];
    return this.unknownKeys({ $ref: component }, previous, now, at);
  }

  private unknownKeys(schema: Schema, previous: Record<string, unknown>, now: unknown, at: string): Flaw[] {
    const variants = this.variants(schema);
    // A field whose names are free, such as metadata.
    if (!variants.some(({ properties }) => properties)) return [];
    return Object.entries(previous).flatMap(([key, value]) => {
      const place = `${at}/${key}`;
      const inner = variants.map(({ properties }) => properties?.[key]).find((known) => known !== undefined);
      if (!inner) return [{ at: place, message: 'is not a field of the object' }];
      const current = isObject(now) ? now[key] : undefined;
      if (JSON.stringify(current) === JSON.stringify(value))
        return [{ at: place, message: 'has not changed' }];
      return isObject(value) ? this.unknownKeys(inner, value, current, place) : [];
    });
  }

  /** The schemas with fields that a value could follow. */
  private variants(schema: Schema): Schema[] {
    if (schema.$ref !== undefined)
      return this.variants(this.specification.components[componentNameOf(schema.$ref)] ?? {});
    if (schema.anyOf) return schema.anyOf.flatMap((inner) => this.variants(inner));
    return [schema];
  }
}

/** What an event of this type carries: the longest beginning of the type that names an object. */
export function objectNameOf(type: string, isName: (name: string) => boolean): string | undefined {
  const parts = type.split('.').slice(0, -1);
  for (let length = parts.length; length > 0; length -= 1) {
    const beginning = parts.slice(0, length).join('.');
    const name = CARRIED[beginning] ?? beginning;
    if (isName(name)) return name;
  }
  return undefined;
}
