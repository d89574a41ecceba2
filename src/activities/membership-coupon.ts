import type Stripe from 'stripe';
import { toFailure } from '../store/activity-failure';
import { idOf } from '../stripe/stripe-values';
import { changeableMembership } from './changeable-membership';
import type { ActivityDeps } from './deps';
import { subscriptionAtStripe } from './subscription-at-stripe';

/** A subscription whose discounts say which coupon each is of. */
const WITH_COUPONS = ['discounts.source.coupon'];

/** Activities that give a membership a coupon. */
export function createMembershipCouponActivities(deps: ActivityDeps) {
  return {
    /**
     * Puts a coupon on the subscription, beside the discounts that it has: what is not named would be taken off. Once, whoever asks
     * how often: one that is there already is left as it is. https://docs.stripe.com/billing/subscriptions/coupons
     */
    async addCoupon(input: {
      membershipId: string;
      requestId: string;
      stripeCouponId: string;
    }): Promise<void> {
      const { stripeCouponId } = input;
      const row = await changeableMembership(deps.db, input.membershipId);
      const { client, id, once } = subscriptionAtStripe(deps, row);
      const options = { stripeAccount: client.accountId };
      const look = () => client.stripe.subscriptions.retrieve(id, { expand: WITH_COUPONS }, options);
      try {
        const present = discountsOf(await look());
        if (present.some(({ couponId }) => couponId === stripeCouponId)) return;
        const discounts = [...present.map(({ discount }) => ({ discount })), { coupon: stripeCouponId }];
        await once(
          `coupon:${stripeCouponId}`,
          (key) => client.stripe.subscriptions.update(id, { discounts }, key),
          ({ discounts: now }) => (now ?? []).length > present.length,
        );
      } catch (error) {
        throw toFailure(error);
      }
    },
  };
}

function discountsOf({ discounts }: Stripe.Subscription) {
  return (discounts ?? []).flatMap((discount) =>
    typeof discount === 'string' ? [] : [{ discount: discount.id, couponId: idOf(discount.source.coupon) }],
  );
}
