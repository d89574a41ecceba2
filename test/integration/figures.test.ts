import { playYear } from '../figures/year';
import { type Stage, startStage } from '../model/stage';

// A small part of `npm run figures`: docs/figures.md says what is compared.
let stage: Stage;
beforeAll(async () => {
  stage = await startStage('direct');
});
afterAll(() => stage.close());

test('scenario 88: a year: every figure of every month is what Stripe’s own subscriptions and invoices come to', async () => {
  const report = await playYear(stage, { members: 6, seed: 3 });
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({ members: 6, months: 13 });
  expect(report.movements).toBeGreaterThan(10);
}, 280_000);
