import { createSetup } from '../billing/setups';
import type { CheckoutSession } from '../objects/checkout-session';
import type { Space } from '../space';

/** The setup intent of a session in the mode `setup`; its id. */
export function createSessionSetup(space: Space, session: CheckoutSession): string {
  return createSetup(space, (draft) => {
    draft._emu.session = session.id;
    draft.customer = session.customer;
    draft.description = session._emu.setupDescription;
    draft.metadata = session._emu.setupMetadata;
    draft.payment_method_types = session.payment_method_types;
  }).id;
}
