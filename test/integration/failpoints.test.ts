import { randomUUID } from 'node:crypto';
import { newId } from '../../src/domain/ids';
import { writesOf } from '../failpoints/database-seam';
import { type Plan, run } from '../failpoints/run';
import { type Stage, startStage } from '../failpoints/stage';
import { STORIES, type Story } from '../failpoints/stories';
import type { Patience } from '../failpoints/tell';
import { openSeller } from '../support/seller';

// A small part of `npm run failpoints`, always the same: docs/decisions/0046 says what is compared.
const SAMPLE = 2;
/** Milliseconds in which whatever a death interrupts comes to rest: leases of the inbox last seconds. */
const PATIENCE = { settleMs: 60_000 };
/** Milliseconds; a quarter of a minute where little else runs. */
const TIMEOUT_MS = 280_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

async function played(
  stories: Record<string, Story>,
  sample?: number,
  { patience = PATIENCE, ...more }: { patience?: Patience; only?: NonNullable<Plan['only']> } = {},
) {
  const told: string[] = [];
  const report = await run({ stories, seed: 1, sample, tries: 2, patience, ...more }, [stage], {
    progress: () => undefined,
    divergence: (text) => told.push(text),
  });
  return { told, report };
}

test(
  'whoever is killed beside an effect, once or twice, leaves behind what nobody’s death leaves',
  async () => {
    const { free, 'own amount': bought } = STORIES as { free: Story; 'own amount': Story };
    const { told, report } = await played({ free, bought }, SAMPLE);
    expect(told).toEqual([]);
    expect(report).toMatchObject({ stories: 2, gaps: 2 * SAMPLE, crashes: 8 * SAMPLE, diverged: 0 });
    expect(report.deaths).toBeGreaterThanOrEqual(report.crashes - report.missed);
  },
  TIMEOUT_MS,
);

test(
  'a step that would do a thing twice is found',
  async () => {
    const careless: Story = async (telling) => {
      const { rig } = telling;
      const seller = await openSeller(rig);
      telling.about(seller);
      const row = { id: newId('product'), coachId: seller.coachId, mode: seller.mode, name: 'A Course' };
      await telling.step('a product is made', () =>
        telling.attempt('carelessly', async () => {
          const { stripe, asAccount } = seller;
          const made = await stripe.products.create(
            { name: 'A Course' },
            { ...asAccount, idempotencyKey: randomUUID() },
          );
          await rig.db.product.create({ data: { ...row, description: made.object } });
          // Finds nothing to write: no effect, and no gap.
          await rig.db.product.updateMany({ where: { id: 'nobody' }, data: { name: 'A Course' } });
        }),
      );
    };
    const { told, report } = await played({ careless }, undefined, {
      patience: { ...PATIENCE, sameMs: 1000 },
      only: ({ who }) => who === 'carelessly',
    });
    expect(report.gaps).toBe(2);
    const wrong = (text: string) => [
      `careless › a product is made › carelessly › stripe POST /v1/products: ${text}`,
      expect.stringContaining('too much: stripe product'),
    ];
    expect(told.map((text) => text.split('\n')).map(([first, second]) => [first, second])).toEqual(
      expect.arrayContaining([wrong('killed after it'), wrong('killed after it, 2 times in a row')]),
    );
    // Killed before it nothing is lost.
    expect(told.join('\n')).not.toContain('/v1/products: killed before it');
  },
  TIMEOUT_MS,
);

test.each([
  ['SELECT 1', []],
  ['SELECT id FROM inbox FOR UPDATE SKIP LOCKED', []],
  ['INSERT INTO "public"."checkout" ("id") VALUES ($1) ON CONFLICT DO NOTHING', ['insert checkout']],
  ['WITH due AS (SELECT 1) UPDATE inbox SET a = 1', ['update inbox']],
  ['INSERT INTO grant_x (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2', ['insert grant_x']],
  ['DELETE FROM "public"."seat" WHERE 1=1', ['delete seat']],
])('%s writes %j', (sql, writes) => {
  expect(writesOf(sql)).toEqual(writes);
});
