import { late, type Lifetime } from '../../packages/stripe-emulator/test/support/late';
import { CoachUi } from './coach-ui';
import { type Rig, type RigOptions, startRig } from './rig';
import { openSeller, type Seller } from './seller';
import { openShop, type Shop } from './shop';

/** The whole product, on the real Temporal server unless told. */
export function rigFor(lifetime: Lifetime, options: Partial<RigOptions> = {}): Rig {
  return late(
    lifetime,
    () => startRig({ temporal: 'dev', ...options }),
    (rig) => rig.close(),
  );
}

/** A coach who sells, all through the API. */
export function sellerFor(lifetime: Lifetime, rig: Rig): Seller {
  return late(lifetime, () => openSeller(rig));
}

/** A coach with something for sale, as provisioning would have left it. */
export function shopFor(
  lifetime: Lifetime,
  rig: Rig,
  ...more: Parameters<typeof openShop> extends [Rig, ...infer Rest] ? Rest : never
): Shop {
  return late(lifetime, () => openShop(rig, ...more));
}

/** A coach at the coach UI, who has connected nothing yet. */
export function coachUiFor(lifetime: Lifetime, rig: Rig): CoachUi {
  return late(lifetime, () => CoachUi.open(rig));
}
