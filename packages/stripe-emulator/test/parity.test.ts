import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alterations } from '../parity/alterations';
import { parity } from '../parity/command';
import { compareAll } from '../parity/compare';
import { Normaliser } from '../parity/normalise';
import { checkSelf, passed } from '../parity/self';
import { clockStart } from '../parity/stage';
import { stories } from '../parity/stories';
import type { ToldStory } from '../parity/tell';
import { callCounter } from '../parity/wire';
import { Rig } from './support/rig';

const folder = mkdtempSync(join(tmpdir(), 'parity-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command; gives its exit code and what it wrote. */
async function run(args: string[], around: Partial<Parameters<typeof parity>[1]> = {}) {
  const out: string[] = [];
  const progress: string[] = [];
  const code = await parity(args, {
    env: {},
    out: (line) => out.push(line),
    progress: (line) => progress.push(line),
    ...around,
  });
  return { code, out: out.join('\n'), progress: progress.join('\n') };
}

describe('parity', () => {
  it('finds every alteration of an emulator, and nothing else', async () => {
    const check = await checkSelf(stories);
    expect(check.alterations.filter(({ found }) => found.length === 0)).toEqual([]);
    expect(check.unexplained).toEqual([]);
    expect(check.unaltered).toEqual([]);
    expect(check.told.filter(({ broke }) => broke !== undefined)).toEqual([]);
    expect(passed(check)).toBe(true);
  }, 120_000);

  it('is altered in at least twelve ways, each in a place of its own', () => {
    expect(alterations.length).toBeGreaterThanOrEqual(12);
    const places = alterations.map(({ story, step, at, kinds }) => JSON.stringify([story, step, at, kinds]));
    expect(new Set(places).size).toBe(alterations.length);
  });

  it('says that it is blind where an alteration is not found', async () => {
    const [first] = alterations;
    if (!first) throw new Error('no alteration');
    const check = await checkSelf(
      stories.filter(({ name }) => name === first.story),
      undefined,
      [{ ...first, change: () => undefined }],
    );
    expect(passed(check)).toBe(false);
  });

  it('says what it needs when there is no key', async () => {
    const { code, out, progress } = await run([]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(progress).toContain('STRIPE_TEST_SECRET_KEY=sk_test_… npm run emulator:parity');
    expect(progress).toContain('--self');
  });

  it.each(['sk_live_abc', 'rk_live_abc', 'pk_test_abc', 'hello'])('refuses the key %s', async (key) => {
    const { code, progress } = await run([], {
      env: { STRIPE_TEST_SECRET_KEY: key },
      stripe: { base: 'http://127.0.0.1:1', pollMs: 1 },
    });
    expect(code).toBe(2);
    expect(progress).toMatch(/is a live key|is no secret key of a sandbox/);
    expect(progress).not.toContain(key);
  });

  it('explains itself, and what it does not understand', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('STRIPE_TEST_SECRET_KEY'),
    });
    for (const [args, words] of [
      [['--only', 'gardening'], 'There is no story "gardening"'],
      [['--against', 'recording'], '--record FILE'],
      [['--against', 'recording', join(folder, 'absent')], 'cannot be read'],
      [['--against', 'paypal'], 'nothing called "paypal"'],
      [['hello'], '"hello" means nothing'],
      [['--colour'], '--help'],
    ] as const) {
      const { code, progress } = await run([...args]);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(progress).toContain(words);
    }
  });

  it('compares with a sandbox, keeps a recording of it, and takes everything away again', async () => {
    const sandbox = await Rig.start();
    const file = join(folder, 'recording.json');
    try {
      const around = {
        env: { STRIPE_TEST_SECRET_KEY: 'sk_test_emulator' },
        stripe: { base: sandbox.emulator.url, pollMs: 1 },
      };
      const only = ['--only', 'catalog', '--only', 'coupon', '--only', 'session', '--json'];
      const live = await run([...only, '--record', file], around);
      expect(JSON.parse(live.out)).toMatchObject({ left: 'Stripe', stories: { length: 3 } });
      const { test } = sandbox;
      expect((await test.testHelpers.testClocks.list()).data).toEqual([]);
      expect((await test.customers.list()).data).toEqual([]);
      expect((await test.coupons.list()).data).toEqual([]);
      expect((await test.products.list({ active: true })).data).toEqual([]);
      expect((await test.checkout.sessions.list({ status: 'open' })).data).toEqual([]);

      const replayed = await run(['--json', '--against', 'recording', file]);
      expect(JSON.parse(replayed.out).differences).toEqual(JSON.parse(live.out).differences);
      expect(replayed.code).toBe(live.code);
    } finally {
      await sandbox.close();
    }
  }, 60_000);

  it('keeps neither ids nor keys in a recording, and a recording of an emulator is like the next emulator', async () => {
    const file = join(folder, 'own.json');
    await run(['--self', '--only', 'session', '--record', file]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/\b(price|prod|cs_test|evt)_[A-Za-z0-9]{14}/);
    expect(text).not.toContain('sk_test');
    const { code, out } = await run(['--against', 'recording', file]);
    expect(out).toMatch(/^0 differences in 1 stories, \d\d requests/);
    expect(code).toBe(0);
  });

  it('takes everything away when it is interrupted', async () => {
    const sandbox = await Rig.start();
    try {
      let looks = 0;
      const { code, progress } = await run(['--only', 'coupon'], {
        env: { STRIPE_TEST_SECRET_KEY: 'sk_test_emulator' },
        stripe: { base: sandbox.emulator.url, pollMs: 1 },
        interrupted: () => (looks += 1) > 8,
      });
      expect(code).toBe(2);
      expect(progress).toContain('The run was interrupted.');
      expect(progress).not.toContain('left behind');
      const { test } = sandbox;
      expect((await test.testHelpers.testClocks.list()).data).toEqual([]);
      expect((await test.customers.list()).data).toEqual([]);
      expect((await test.coupons.list()).data).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });

  it('says that Stripe cannot be reached', async () => {
    const { code, progress } = await run(['--only', 'errors'], {
      env: { STRIPE_TEST_SECRET_KEY: 'sk_test_abc' },
      stripe: { base: 'http://127.0.0.1:1', pollMs: 1 },
    });
    expect(code).toBe(2);
    expect(progress).toMatch(/^Stripe could not be reached \(.+\)\.$/);
  });

  it('gives up after its most requests', () => {
    const count = callCounter(2);
    count();
    count();
    expect(count).toThrow('its most, 2 requests');
    expect(callCounter(2, () => true)).toThrow('interrupted');
  });
});

describe('what is taken out before comparing', () => {
  const anchors = { wall: 1_790_000_000, clock: 1_800_000_000 };
  const normal = () => new Normaliser(anchors, 'runabc');

  it.each([
    ['an id', 'cus_NffrFeUfNV2Hib', '<cus_1>'],
    ['an id in words', "No such customer: 'cus_NffrFeUfNV2Hib'", "No such customer: '<cus_1>'"],
    ['an id with two prefixes', 'cs_test_a1B2c3D4e5F6g7', '<cs_test_1>'],
    ['no word', 'payment_intent_payment_attempt_failed', 'payment_intent_payment_attempt_failed'],
    ['no test card', 'pm_card_chargeDeclinedInsufficientFunds', 'pm_card_chargeDeclinedInsufficientFunds'],
    ['the name of the run', 'HALFRUNABC of runabc', 'HALF<RUN> of <run>'],
    ['a time by the wall', anchors.wall + 86_400 + 7, '<start+1d>'],
    ['a time by the clock', anchors.clock + 30 * 86_400 + 3600, '<start+30d1h>'],
    ['a time before', anchors.clock - 1800, '<start-30m>'],
    ['the same moment', anchors.wall + 20, '<start>'],
    ['an amount', 290_000, 290_000],
  ])('%s', (_what, value, expected) => {
    expect(normal().value(value)).toBe(expected);
  });

  it('numbers ids by their first occurrence', () => {
    const [a, b] = ['price_1AAAAAAAAAAAAAAA', 'price_1BBBBBBBBBBBBBBB'];
    expect(normal().value([b, a, b])).toEqual(['<price_1>', '<price_2>', '<price_1>']);
  });

  it.each(['2026-11-27', '2027-06-20', '2028-05-10', '2028-05-30'])(
    'a clock starts on a 15th of June, a month ahead at least, from %s on',
    (day) => {
      const now = Date.parse(day) / 1000;
      const start = new Date(clockStart(now) * 1000).toISOString();
      expect(start).toMatch(/-06-15T12:00:00/);
      expect(clockStart(now) - now).toBeGreaterThan(30 * 86_400);
    },
  );
});

describe('comparing', () => {
  const told = (body: unknown, more: Partial<ToldStory> = {}): ToldStory[] => [
    {
      name: 'story',
      exchanges: [
        { step: 'one', method: 'GET', path: '/v1/things', status: 200, headers: {}, body: body as never },
      ],
      events: [],
      ...more,
    },
  ];
  const kinds = (left: ToldStory[], right: ToldStory[]) =>
    compareAll(left, right).map(({ kind, at }) => `${kind} ${at}`.trim());

  it('finds what belongs together in a list of another order', () => {
    const left = [
      { id: '<il_1>', amount: 1 },
      { id: '<il_2>', amount: 2 },
    ];
    const right = [
      { id: '<il_1>', amount: 2 },
      { id: '<il_2>', amount: 1 },
    ];
    expect(kinds(told({ data: left, first: '<il_1>' }), told({ data: right, first: '<il_2>' }))).toEqual([
      'order data',
    ]);
    expect(kinds(told({ data: left, first: '<il_1>' }), told({ data: right, first: '<il_1>' }))).toEqual([
      'order data',
      'value first',
    ]);
  });

  it('does not compare an object with a refusal', () => {
    const refused = told({ error: { type: 'invalid_request_error', message: 'No.' } });
    if (refused[0]?.exchanges[0]) refused[0].exchanges[0].status = 400;
    expect(kinds(told({ id: 'x' }), refused)).toEqual(['status']);
  });

  it('compares events object by object', () => {
    const event = (type: string, object: string) => ({ type, object, changed: [] });
    const [a, b, c] = [event('a', '<in_1>'), event('b', '<in_1>'), event('a', '<in_2>')];
    expect(kinds(told(1, { events: [a, b, c] }), told(1, { events: [c, a, b] }))).toEqual([]);
    expect(kinds(told(1, { events: [a, b, c] }), told(1, { events: [b, a, c] }))).toEqual(['event order']);
    expect(kinds(told(1, { events: [a, b] }), told(1, { events: [a, c] }))).toEqual([
      'event missing b',
      'event extra a',
    ]);
  });

  it('says at which step a story broke off', () => {
    expect(compareAll(told(1), told(1, { broke: 'No such price.' }))).toEqual([
      expect.objectContaining({ kind: 'broke off', step: 'one', left: 'goes on', right: 'No such price.' }),
    ]);
  });
});
