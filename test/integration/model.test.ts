import { run } from '../model/run';
import { type Stage, startStage } from '../model/stage';

// A small part of `npm run model`, always the same: docs/decisions/0017 says what is compared.
const SEQUENCES = 16;
const THROUGH_TEMPORAL = 2;

let direct: Stage;
let temporal: Stage;
beforeAll(async () => {
  [direct, temporal] = await Promise.all([startStage('direct'), startStage('temporal')]);
});
afterAll(async () => {
  await Promise.all([direct.close(), temporal.close()]);
});

test('random sequences: after every step, who has access is who should have it', async () => {
  const told: string[] = [];
  const report = await run(
    { sequences: SEQUENCES, throughTemporal: THROUGH_TEMPORAL, seed: 7, sideBySide: 4, limitMs: 240_000 },
    { direct, temporal },
    { progress: () => undefined, mismatch: (text) => told.push(text) },
  );
  expect(told).toEqual([]);
  expect(report).toMatchObject({ sequences: SEQUENCES, throughTemporal: THROUGH_TEMPORAL, mismatches: 0 });
}, 280_000);
