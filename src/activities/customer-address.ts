import type { CustomerAddressInput } from '../messages/messages';
import { forgetCustomer } from '../store/customers';
import { addressTold, untoldCustomersOf } from '../store/member-address';
import { changeCustomerEmail } from '../stripe/customer';
import { finalRefusalOf, isAccountInvalid, isMissing, isRefused, toActivityFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';

/** How far Stripe knows of a member's address, for its run and for operators. */
export interface CustomerAddressState {
  status: 'told' | 'waiting';
  waitsFor: string;
}

const TOLD: CustomerAddressState = { status: 'told', waitsFor: 'Nothing: Stripe has the present address.' };
const WAITING: CustomerAddressState = {
  status: 'waiting',
  waitsFor: 'The account, which is not connected: the sweep begins again once it is.',
};

/** Activities that bring a changed address to Stripe. It is read here, and is in no history. */
export function createCustomerAddressActivities({ db, stripe }: ActivityDeps) {
  return {
    /** Tells every customer of the member that has not heard of the present address. @throws what may be tried again */
    async tellStripeOfAddress(input: CustomerAddressInput): Promise<CustomerAddressState> {
      let state = TOLD;
      for (const customer of await untoldCustomersOf(db, input)) {
        const { mode, accountId, stripeCustomerId, email, isConnected } = customer;
        if (!isConnected) {
          state = WAITING;
          continue;
        }
        try {
          // Who has been erased has no address: there is nothing to tell any more.
          if (email !== null)
            await changeCustomerEmail({ stripe: stripe.of(mode), accountId }, stripeCustomerId, email);
          await addressTold(db, customer, null);
        } catch (error) {
          if (isAccountInvalid(error)) state = WAITING;
          else if (isMissing(error)) await forgetCustomer(db, customer, stripeCustomerId);
          else if (isRefused(error))
            await addressTold(db, customer, finalRefusalOf(error)?.code ?? 'refused');
          else throw toActivityFailure(error);
        }
      }
      return state;
    },
  };
}
