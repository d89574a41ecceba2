import { countDrawn } from '../model/sequences';

// `npm run model` has to do each command at least 200 times in 1,000 sequences: a new one may crowd out the others.
const SEQUENCES = 300;

test('the random sequences do every command often enough', () => {
  const rare = Object.entries(countDrawn(7, SEQUENCES)).filter(([, count]) => count < SEQUENCES * 0.2);
  expect(rare).toEqual([]);
});
