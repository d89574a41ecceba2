import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { badRequests } from '../conformance/bad-requests';
import { EventCheck, objectNameOf } from '../conformance/events';
import { oauthFlaws } from '../conformance/oauth';
import { readRecordings } from '../conformance/recordings';
import { RequestCheck } from '../conformance/requests';
import { Schemas } from '../conformance/schemas';
import { Specification } from '../conformance/specification';
import type { Recorded } from '../src/recording';
import { Receiver } from './support/receiver';
import { Rig } from './support/rig';

/** As small as a specification can be that still has references, null, alternatives, and an operation with a form. */
const SPECIFICATION = new Specification({
  info: { version: 'v' },
  components: {
    schemas: {
      pet: {
        type: 'object',
        required: ['id', 'object'],
        properties: {
          id: { type: 'string', maxLength: 5 },
          object: { type: 'string', enum: ['pet'] },
          owner: { nullable: true, anyOf: [{ type: 'string' }, { $ref: '#/components/schemas/person' }] },
          mood: { type: 'string', nullable: true, enum: ['good', 'bad'] },
          tags: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
      person: {
        type: 'object',
        required: ['object'],
        properties: { object: { type: 'string', enum: ['person'] }, age: { type: 'integer' } },
      },
      event: { type: 'object', properties: { type: { type: 'string' }, api_version: {}, data: {} } },
    },
  },
  paths: {
    '/v1/pets/{pet}': {
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  collar: { type: 'object', properties: { size: { type: 'integer' } } },
                },
              },
            },
          },
        },
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/pet' } } } },
        },
      },
    },
    '/v1/webhook_endpoints': {
      post: {
        parameters: [
          {
            name: 'enabled_events',
            in: 'query',
            schema: { type: 'array', items: { type: 'string', enum: ['pet.updated'] } },
          },
        ],
        responses: { '200': {} },
      },
    },
  },
});

describe('checking objects', () => {
  const flaws = (pet: object) =>
    new Schemas(SPECIFICATION).component('pet', { id: 'p', object: 'pet', ...pet });

  it.each([
    ['null where it is allowed', { owner: null, mood: null }],
    ['an id where an object could be', { owner: 'person_1' }],
    ['the object itself', { owner: { object: 'person', age: 3 } }],
    ['any key of a map', { tags: { anything: 'x' } }],
  ])('accepts %s', (_what, pet) => {
    expect(flaws(pet)).toEqual([]);
  });

  it.each([
    ['an unknown field', { colour: 'red' }, '/colour', 'is not a known field'],
    [
      'an unknown field of an expanded object',
      { owner: { object: 'person', colour: 'red' } },
      '/owner/colour',
      'is not',
    ],
    ['null where it is not allowed', { tags: null }, '/tags', 'must be object'],
    ['a word that is not in the enumeration', { mood: 'odd' }, '/mood', 'must be one of ["good","bad",null]'],
    ['a text that is too long', { id: '123456' }, '/id', 'must NOT have more than 5 characters'],
    ['a wrong value in a map', { tags: { a: 1 } }, '/tags/a', 'must be string'],
  ])('finds %s', (_what, pet, at, message) => {
    expect(flaws(pet)).toEqual([{ at, message: expect.stringContaining(message) as string }]);
  });
});

describe('checking events', () => {
  const flaws = (data: object, type = 'pet.updated') =>
    new EventCheck(SPECIFICATION, new Schemas(SPECIFICATION)).flawsInside({ type, api_version: 'v', data });
  const object = { id: 'p', object: 'pet', mood: 'good', tags: { a: 'x' } };

  it('finds the object that an event carries by the beginning of its type', () => {
    const known = ['charge', 'dispute', 'subscription', 'customer', 'checkout.session', 'application'];
    const of = (type: string) => objectNameOf(type, (name) => known.includes(name));
    expect(of('checkout.session.async_payment_failed')).toBe('checkout.session');
    expect(of('charge.dispute.funds_withdrawn')).toBe('dispute');
    expect(of('charge.refunded')).toBe('charge');
    expect(of('customer.subscription.updated')).toBe('subscription');
    expect(of('account.application.deauthorized')).toBe('application');
    expect(of('somebody.smiled')).toBeUndefined();
  });

  it('accepts previous attributes that are fields of the object and have changed', () => {
    expect(flaws({ object, previous_attributes: { mood: 'bad', tags: { a: null, b: 'y' } } })).toEqual([]);
  });

  it.each([
    ['of unknown type', { object }, 'pet.admired', '/type'],
    ['with a flaw in its object', { object: { ...object, colour: 1 } }, 'pet.updated', '/data/object/colour'],
    [
      'with unknown previous attributes',
      { object, previous_attributes: { colour: 1 } },
      'pet.updated',
      '/data/previous_attributes/colour',
    ],
    [
      'with unchanged previous attributes',
      { object, previous_attributes: { mood: 'good' } },
      'pet.updated',
      '/data/previous_attributes/mood',
    ],
    [
      'with no previous attributes',
      { object, previous_attributes: {} },
      'pet.updated',
      '/data/previous_attributes',
    ],
  ])('finds an event %s', (_what, data, type, at) => {
    expect(flaws(data, type).map((flaw) => flaw.at)).toEqual([at]);
  });
});

describe('checking requests', () => {
  it('spoils every parameter of a good request in every way', () => {
    const operation = SPECIFICATION.operations.get('post /v1/pets/{pet}')!;
    const bad = badRequests(operation, { path: '/v1/pets/p_1', params: { name: 'Rex' } });
    expect(bad.map(({ what, body }) => [what, decodeURIComponent(body)])).toEqual([
      ['unknown parameter', 'name=Rex&not_a_parameter=x'],
      ['missing', ''],
      ['a word of no use', 'name=not_a_value'],
      ['a list', 'name[0]=not_a_value'],
      ['a hash', 'name[not_a_parameter]=x'],
      ['a word of no use', 'name=Rex&collar=not_a_value'],
      ['a list', 'name=Rex&collar[0]=not_a_value'],
      ['unknown parameter', 'name=Rex&collar[not_a_parameter]=x'],
      ['a word of no use', 'name=Rex&collar[size]=not_a_value'],
      ['a list', 'name=Rex&collar[size][0]=not_a_value'],
      ['a hash', 'name=Rex&collar[size][not_a_parameter]=x'],
      ['a fraction', 'name=Rex&collar[size]=1.5'],
    ]);
    expect(new Set(bad.map(({ path }) => path))).toEqual(new Set(['/v1/pets/p_1']));
  });

  it('sends requests of one shape once, all of the product and the accepted ones of others', async () => {
    const check = new RequestCheck(SPECIFICATION, 'the-product');
    const take = (body: string, client: string, status: number) =>
      check.take({
        kind: 'exchange',
        method: 'POST',
        path: '/v1/pets/p_1',
        body,
        version: 'v',
        account: null,
        livemode: false,
        client,
        status,
        answer: '{}',
      });
    take('name=Rex1', 'Stripe/v1 the-product', 200);
    take('name=Lea2', 'curl', 200);
    take('colour=red', 'Stripe/v1 the-product', 400);
    take('size=big', 'curl', 400);
    const sent: string[] = [];
    await check.replay(async ({ body }) => {
      sent.push(body);
      return { status: body.startsWith('name') ? 200 : 400, body: '{"error":{"message":"no"}}' };
    });
    expect(sent).toEqual(['name=Rex1', 'colour=red']);
    expect(check).toMatchObject({ recorded: 3, ofProduct: 2, checked: 2, rejected: 1 });
  });

  it('knows the documented parameters of OAuth', () => {
    expect(oauthFlaws('post /oauth/token', { grant_type: 'authorization_code', code: 'ac_1' })).toEqual([]);
    expect(oauthFlaws('post /oauth/token', { grant_type: 'magic', colour: 'red' })).toHaveLength(2);
    expect(oauthFlaws('post /oauth/deauthorize', { client_id: 'ca_1' })).toEqual([
      { at: '/stripe_user_id', message: 'is required' },
    ]);
  });
});

describe('recording', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-recording-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes down requests, answers and delivered events, and not who asked', async () => {
    const rig = await Rig.start({ recordTo: folder });
    const receiver = await Receiver.start();
    await rig.test.webhookEndpoints.create({ url: receiver.url, enabled_events: ['product.created'] });
    await rig.test.products.create({ name: 'Programme' });
    await rig.test.products.retrieve('prod_none').catch(() => undefined);
    await rig.drain();
    await rig.close();
    await receiver.close();
    const lines: Recorded[] = [];
    for await (const line of readRecordings(folder)) lines.push(line);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'exchange',
          path: '/v1/products',
          body: 'name=Programme',
          status: 200,
        }),
        expect.objectContaining({ kind: 'exchange', path: '/v1/products/prod_none', status: 404 }),
        expect.objectContaining({ kind: 'event', payload: receiver.received[0]?.body }),
      ]),
    );
    const [file] = readdirSync(folder);
    expect(readFileSync(join(folder, file ?? ''), 'utf8')).not.toContain('sk_test');
  });

  it('leaves out answers that were cut off on purpose', async () => {
    const rig = await Rig.start({ recordTo: folder });
    await rig.control('PUT', '/faults', {
      rules: [{ match: {}, fault: { kind: 'truncate', when: 'after' } }],
    });
    await rig.test.products.create({ name: 'Programme' }).catch(() => undefined);
    await rig.close();
    for await (const line of readRecordings(folder)) expect(line).toBeUndefined();
  });
});
