import fc from 'fast-check';
import { ALONE, MOST_PLACES, type Moment, type Places, placesAt } from '../../src/worker/places';

const moment = (over: Partial<Moment>): Moment => ({ at: 10_000, load: 0.4, hasCompany: true, ...over });
const held = (places: number, since = 9500): Places => ({ places, since, hasCompany: true });

describe('scenario 112: how many of one account’s looks are under way', () => {
  test.each<[string, Places, Moment, number]>([
    ['alone, all of them, however busy', ALONE, moment({ hasCompany: false, load: 1 }), MOST_PLACES],
    ['one as soon as others come, while nobody knows how busy it is', ALONE, moment({ load: 0 }), 1],
    ['one more after a second with room', held(1, 9000), moment({ load: 0.1 }), 2],
    ['not before', held(1, 9001), moment({ load: 0.1 }), 1],
    ['not where there is hardly room', held(3, 0), moment({ load: 0.3 }), 3],
    ['not less either', held(3, 0), moment({ load: 0.5 }), 3],
    ['one where others would wait for the processor', held(3), moment({ load: 0.51 }), 1],
    ['no more than alone', held(MOST_PLACES, 0), moment({ load: 0 }), MOST_PLACES],
    ['all of them when the others have gone', held(1), moment({ hasCompany: false, load: 0.9 }), MOST_PLACES],
  ])('%s', (_name, before, at, places) => {
    expect(placesAt(before, at).places).toBe(places);
  });

  test('a processor that stays busy does not put off for ever when it may grow', () => {
    const busy = placesAt(held(1, 2000), moment({ load: 0.9 }));
    expect(placesAt(busy, moment({ load: 0.1 })).places).toBe(2);
  });

  test('there is always one, and never one too many', () => {
    const moments = fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 3000 }),
        load: fc.double({ min: 0, max: 1, noNaN: true }),
        hasCompany: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(moments, (all) => {
        let at = 0;
        let now = ALONE;
        for (const { after, load, hasCompany } of all) {
          at += after;
          const next = placesAt(now, { at, load, hasCompany });
          expect(next.places).toBeGreaterThanOrEqual(1);
          expect(next.places).toBeLessThanOrEqual(MOST_PLACES);
          if (hasCompany) expect(next.places).toBeLessThanOrEqual(now.hasCompany ? now.places + 1 : 1);
          now = next;
        }
      }),
    );
  });
});
