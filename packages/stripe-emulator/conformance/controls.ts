import { EventCheck } from './events';
import { ObjectCheck } from './objects';
import type { DeliveredEvent, Exchange } from './recordings';
import { RefusalCheck } from './refusals';
import { RequestCheck } from './requests';
import type { Schemas } from './schemas';
import type { Specification } from './specification';
import type { Target } from './stripe-mock';

type Json = Record<string, unknown>;
/** Gives how many violations were found in something that is wrong on purpose. */
type Control = () => number | Promise<number>;

/**
 * Shows that each check can fail: every control hands it something that is right but for one thing, and expects it to be
 * found. Returns the names of those that found nothing, and how many there are.
 */
export async function runControls(
  specification: Specification,
  schemas: Schemas,
  stripeMock: Target,
): Promise<{ checked: number; blind: string[] }> {
  const version = specification.version;
  const request = (changes: Partial<Exchange>) => async () => {
    const check = new RequestCheck(specification, 'control');
    check.take({ ...GOOD_REQUEST, version, ...changes });
    await check.replay(stripeMock);
    return check.rejected + check.oauth.rejected;
  };
  const answer = (change: (product: Json) => void) => () => {
    const check = new ObjectCheck(specification, schemas, new EventCheck(specification, schemas));
    const product = structuredClone(PRODUCT);
    change(product);
    check.take({ ...GOOD_REQUEST, version, answer: JSON.stringify(product) });
    return check.invalid;
  };
  const event = (change: (event: typeof EVENT) => void) => () => {
    const check = new EventCheck(specification, schemas);
    const changed = structuredClone(EVENT);
    changed.api_version = version;
    change(changed);
    check.take(delivered(changed));
    return check.invalid;
  };
  const refusal = (emulator: Target) => async () => {
    const check = new RefusalCheck(specification);
    const name = 'post /v1/refunds';
    await check.run([name], new Map(), stripeMock, emulator);
    // One bad request that slips through is enough to fail; a target that refuses nothing lets all through.
    return check.checked > 0 ? check.accepted : 0;
  };
  const controls: Record<string, Control> = {
    'request with an unknown parameter': request({ body: 'name=Programme&colour=red' }),
    'request with a word that is not in the enumeration': request({ body: 'name=Programme&type=idea' }),
    'request without a required parameter': request({ body: 'description=x' }),
    'request to an address that does not exist': request({ path: '/v1/wishes' }),
    'request of another API version': request({ version: '2020-08-27' }),
    'OAuth request with an undocumented parameter': request({
      path: '/oauth/token',
      body: 'grant_type=authorization_code&code=ac_1&colour=red',
    }),
    'OAuth request without its code': request({
      path: '/oauth/token',
      body: 'grant_type=authorization_code',
    }),
    'object with an unknown field': answer((product) => (product['colour'] = 'red')),
    'object with an unknown field further inside': answer((product) => {
      product['package_dimensions'] = { height: 1, length: 1, weight: 1, width: 1, colour: 'red' };
    }),
    'object without a required field': answer((product) => delete product['livemode']),
    'object without a field that the official client promises': answer((product) => delete product['url']),
    'object with a number where a text belongs': answer((product) => (product['name'] = 1)),
    'object with null where null is not allowed': answer((product) => (product['created'] = null)),
    'object of another type than the operation answers with': answer(
      (product) => (product['object'] = 'price'),
    ),
    'error that is not in the shape of an error': () => {
      const check = new ObjectCheck(specification, schemas, new EventCheck(specification, schemas));
      check.take({ ...GOOD_REQUEST, version, status: 400, answer: '{"error":{"reason":"none"}}' });
      return check.invalid;
    },
    'event with an unknown field in its envelope': event((changed) =>
      Object.assign(changed, { colour: 'red' }),
    ),
    'event with an unknown field in its object': event((changed) =>
      Object.assign(changed.data.object, { colour: 'red' }),
    ),
    'event with an object of another type': event((changed) => (changed.type = 'customer.created')),
    'event of an unknown type': event((changed) => (changed.type = 'product.admired')),
    'event whose previous attributes name no field of the object': event((changed) =>
      Object.assign(changed.data, { previous_attributes: { colour: 'red' } }),
    ),
    'event whose previous attributes have not changed': event((changed) =>
      Object.assign(changed.data, { previous_attributes: { name: PRODUCT.name } }),
    ),
    'emulator that accepts everything': refusal(async () => ({ status: 200, body: '{}' })),
    'emulator that refuses everything for another reason': refusal(async () => ({
      status: 404,
      body: '{"error":{"type":"invalid_request_error","param":"id","message":"No such refund"}}',
    })),
  };
  const blind: string[] = [];
  for (const [name, control] of Object.entries(controls)) if ((await control()) === 0) blind.push(name);
  // The same things without the flaw must pass, or the controls would prove nothing.
  const passes: Record<string, Control> = {
    'good request': request({}),
    'good OAuth request': request({ path: '/oauth/token', body: 'grant_type=authorization_code&code=ac_1' }),
    'good object': answer(() => undefined),
    'good event': event(() => undefined),
  };
  for (const [name, control] of Object.entries(passes))
    if ((await control()) > 0) blind.push(`${name} (was found wrong)`);
  return { checked: Object.keys(controls).length + Object.keys(passes).length, blind };
}

const GOOD_REQUEST: Exchange = {
  kind: 'exchange',
  method: 'POST',
  path: '/v1/products',
  body: 'name=Programme',
  version: null,
  account: null,
  livemode: false,
  client: 'control',
  status: 200,
  answer: '',
};

const PRODUCT = {
  id: 'prod_1',
  object: 'product',
  active: true,
  created: 1,
  default_price: null,
  description: null,
  images: [],
  livemode: false,
  marketing_features: [],
  metadata: {},
  name: 'Programme',
  package_dimensions: null,
  shippable: null,
  tax_code: null,
  updated: 1,
  url: null,
};

const EVENT = {
  id: 'evt_1',
  object: 'event',
  api_version: '',
  created: 1,
  data: { object: PRODUCT },
  livemode: false,
  pending_webhooks: 1,
  request: { id: 'req_1', idempotency_key: null },
  type: 'product.created',
};

function delivered(event: unknown): DeliveredEvent {
  return { kind: 'event', url: '', payload: JSON.stringify(event) };
}
