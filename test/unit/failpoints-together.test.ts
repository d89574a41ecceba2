import type { Crash } from '../failpoints/stage';
import { together } from '../failpoints/together';

const crash = (step: string, effect: string, times = 1): Crash => ({
  gap: { step, who: 'someone', effect },
  side: 'before',
  times,
});

describe('crashes of one telling', () => {
  test('are of different steps, and each crash is in one telling', () => {
    const crashes = [crash('pays', 'a'), crash('pays', 'b'), crash('opens', 'a'), crash('opens', 'a', 2)];
    const groups = together(crashes);
    expect(groups).toEqual([
      [crashes[0], crashes[2]],
      [crashes[1], crashes[3]],
    ]);
  });

  test('there are as many tellings as the step with the most of them needs', () => {
    expect(together([crash('a', '1'), crash('b', '1'), crash('b', '2'), crash('b', '3')])).toHaveLength(3);
    expect(together([])).toEqual([]);
  });
});
