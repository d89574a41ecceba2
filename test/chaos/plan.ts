import type { Mode } from '../../src/domain/mode';
import { randomOf } from '../model/random';
import { DEEDS, type DeedName, fits } from './deed-names';
import { CHAOS_OFFER_NAMES, type ChaosOfferName } from './offers';
import { COACHES, stretchesOf } from './stretches';

const MODES: readonly Mode[] = ['test', 'live'];
/** How a member comes to Stripe's page: by the coach's server, by a double click, or as a visitor of the purchase page. */
export type Way = 'server' | 'double_click' | 'page';
export type PaidBy = 'succeeds' | 'authenticates' | 'declined_first' | 'nobody';

/** Everything that one member does, decided beforehand. */
export interface PlannedPurchase {
  number: number;
  coach: number;
  mode: Mode;
  offer: ChaosOfferName;
  way: Way;
  paidBy: PaidBy;
  /** Whether the member comes back from Stripe's page. */
  returns: boolean;
  /** What happens to it afterwards. */
  deed: DeedName;
}

/** The same purchases for the same seed. */
export function planPurchases(seed: number, count: number, coaches = COACHES): PlannedPurchase[] {
  const random = randomOf(seed);
  const pick = <T>(things: readonly T[]): T => things[Math.floor(random() * things.length)] as T;
  const isCalm = new Set(
    stretchesOf(count).flatMap(({ from, to, isCalm: calm }) =>
      calm ? Array.from({ length: to - from }, (_, index) => from + index) : [],
    ),
  );
  return Array.from({ length: count }, (_, number) => {
    // Every option comes up before any comes twice.
    const offer = CHAOS_OFFER_NAMES[(number * 4) % CHAOS_OFFER_NAMES.length] as ChaosOfferName;
    return {
      number,
      coach: coachOf(number, coaches, isCalm.has(number)),
      mode: pick(MODES),
      offer,
      way: pick(['server', 'server', 'double_click', 'page'] as const),
      paidBy: pick([
        'succeeds',
        'succeeds',
        'succeeds',
        'authenticates',
        'declined_first',
        'nobody',
      ] as const),
      returns: random() < 0.5,
      deed: pick(DEEDS.filter((deed) => fits(deed, offer))),
    };
  });
}

/** All in turn; in calm every other purchase is the last coach's, so that there is enough to measure. */
function coachOf(number: number, coaches: number, isCalm: boolean): number {
  if (!isCalm || coaches === 1) return number % coaches;
  return number % 2 === 0 ? coaches - 1 : Math.floor(number / 2) % (coaches - 1);
}
