import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { isRedeemable } from '../billing/discounts';
import { newCoupon, newPromotionCode, type Coupon, type PromotionCode } from '../objects/discount';
import type { Space } from '../space';

/** https://docs.stripe.com/api/coupons, https://docs.stripe.com/api/promotion_codes */
export const couponEndpoints: Endpoint[] = [
  endpoint<Stripe.CouponCreateParams>('post /v1/coupons', ({ space, params }) => {
    const coupon = createCoupon(space, params);
    space.emit('coupon.created', coupon);
    return coupon;
  }),
  endpoint<Stripe.CouponListParams>('get /v1/coupons', ({ space, params, url }) =>
    page(
      space.list('coupon').filter((coupon) => inRange(coupon.created, params.created)),
      params,
      url,
    ),
  ),
  endpoint('get /v1/coupons/{coupon}', ({ space, path }) => space.get('coupon', path.coupon ?? '', 'coupon')),
  endpoint<Stripe.CouponUpdateParams>('post /v1/coupons/{coupon}', ({ space, params, path }) => {
    const { id } = space.get('coupon', path.coupon ?? '', 'coupon');
    return space.change('coupon', id, 'coupon.updated', (draft) => {
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      if (params.name !== undefined) draft.name = params.name;
    });
  }),
  endpoint('delete /v1/coupons/{coupon}', ({ space, path }) => {
    const coupon = space.get('coupon', path.coupon ?? '', 'coupon');
    space.remove('coupon', coupon.id);
    for (const code of space.listBy('promotion_code', 'coupon', coupon.id)) {
      space.change('promotion_code', code.id, 'promotion_code.updated', (draft) => (draft.active = false));
    }
    space.emit('coupon.deleted', coupon);
    return { id: coupon.id, object: 'coupon', deleted: true };
  }),
  endpoint<Stripe.PromotionCodeCreateParams>('post /v1/promotion_codes', ({ space, params }) =>
    createPromotionCode(space, params),
  ),
  endpoint<Stripe.PromotionCodeListParams>('get /v1/promotion_codes', ({ space, params, url }) => {
    const codes = space
      .listFor('promotion_code', { coupon: params.coupon })
      .filter(
        (code) =>
          (params.active === undefined || code.active === params.active) &&
          (params.code === undefined || code.code.toLowerCase() === params.code.toLowerCase()) &&
          (params.coupon === undefined || code.promotion.coupon === params.coupon) &&
          (params.customer === undefined || code.customer === params.customer) &&
          inRange(code.created, params.created),
      );
    return page(codes, params, url);
  }),
  endpoint('get /v1/promotion_codes/{promotion_code}', ({ space, path }) =>
    space.get('promotion_code', path.promotion_code ?? '', 'promotion_code'),
  ),
  endpoint<Stripe.PromotionCodeUpdateParams>(
    'post /v1/promotion_codes/{promotion_code}',
    ({ space, params, path }) => {
      const code = space.get('promotion_code', path.promotion_code ?? '', 'promotion_code');
      const { id } = code;
      if (params.active === true && !code.active) refuseReactivation(space, code);
      return space.change('promotion_code', id, 'promotion_code.updated', (draft) => {
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
        if (params.active !== undefined) draft.active = params.active;
      });
    },
  ),
];

function createCoupon(space: Space, params: Checked<Stripe.CouponCreateParams>): Coupon {
  const { percent_off: percent, amount_off: amount } = params;
  const duration = params.duration ?? 'once';
  if ((percent === undefined) === (amount === undefined)) {
    throw invalidRequest(
      percent === undefined
        ? 'Must provide percent_off or amount_off.'
        : 'You may only specify one of these parameters: amount_off, percent_off.',
      'percent_off',
    );
  }
  if (percent !== undefined && (percent <= 0 || percent > 100)) {
    throw invalidRequest('Invalid percent_off: must be greater than 0 and at most 100.', 'percent_off');
  }
  if (amount !== undefined && amount < 1) {
    throw invalidRequest('Invalid positive integer', 'amount_off', 'parameter_invalid_integer');
  }
  if (amount !== undefined && params.currency === undefined) {
    throw invalidRequest('You must pass currency when passing amount_off.', 'currency', 'parameter_missing');
  }
  if ((duration === 'repeating') !== (params.duration_in_months !== undefined)) {
    throw invalidRequest(
      duration === 'repeating'
        ? 'You must pass duration_in_months when passing a duration of repeating.'
        : 'duration_in_months can only be passed with a duration of repeating.',
      'duration_in_months',
    );
  }
  if ((params.duration_in_months ?? 1) < 1 || (params.max_redemptions ?? 1) < 1) {
    const name = (params.max_redemptions ?? 1) < 1 ? 'max_redemptions' : 'duration_in_months';
    throw invalidRequest('Invalid positive integer', name, 'parameter_invalid_integer');
  }
  if (params.redeem_by !== undefined && params.redeem_by <= space.now()) {
    throw invalidRequest('The redeem_by timestamp must be in the future.', 'redeem_by');
  }
  if (params.id !== undefined && space.find('coupon', params.id)) {
    throw invalidRequest('Coupon already exists.', 'id', 'resource_already_exists');
  }
  const coupon = newCoupon({ id: params.id, duration, livemode: space.livemode, created: space.now() });
  coupon.amount_off = amount ?? null;
  coupon.currency = amount === undefined ? null : (params.currency?.toLowerCase() ?? null);
  coupon.percent_off = percent ?? null;
  coupon.duration_in_months = params.duration_in_months ?? null;
  coupon.max_redemptions = params.max_redemptions ?? null;
  coupon.redeem_by = params.redeem_by ?? null;
  coupon.name = params.name ?? null;
  coupon.metadata = mergedMetadata({}, params.metadata);
  coupon._emu.products = (params.applies_to?.products ?? []).map(
    (id, index) => space.get('product', id, `applies_to[products][${index}]`).id,
  );
  return space.put('coupon', coupon);
}

/** https://docs.stripe.com/api/promotion_codes/update#update_promotion_code-active */
function refuseReactivation(space: Space, code: PromotionCode): void {
  const coupon = space.find('coupon', code.promotion.coupon);
  const expired = code.expires_at !== null && code.expires_at <= space.now();
  const used = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  if (coupon && isRedeemable(coupon, space.now()) && !expired && !used) return;
  throw invalidRequest(
    'A promotion code can only be reactivated when the coupon is still valid and the promotion code is otherwise redeemable.',
    'active',
  );
}

/** A code promises nothing beyond its coupon: https://docs.stripe.com/api/promotion_codes/create */
function refuseBeyondCoupon(coupon: Coupon, params: Checked<Stripe.PromotionCodeCreateParams>): void {
  const { expires_at: end, max_redemptions: most } = params;
  if (end !== undefined && coupon.redeem_by !== null && end > coupon.redeem_by)
    throw invalidRequest("`expires_at` cannot be after the coupon's `redeem_by`.", 'expires_at');
  if (most !== undefined && coupon.max_redemptions !== null && most > coupon.max_redemptions)
    throw invalidRequest(
      "`max_redemptions` cannot be greater than the coupon's `max_redemptions`.",
      'max_redemptions',
    );
}

function createPromotionCode(space: Space, params: Checked<Stripe.PromotionCodeCreateParams>) {
  const id = params.promotion.coupon;
  if (id === undefined) {
    throw invalidRequest(
      'Missing required param: promotion[coupon].',
      'promotion[coupon]',
      'parameter_missing',
    );
  }
  const coupon = space.get('coupon', id, 'promotion[coupon]');
  if (params.code !== undefined) {
    if (!/^[A-Za-z0-9-]+$/.test(params.code)) {
      throw invalidRequest('Promotion codes can only have letters, digits and dashes.', 'code');
    }
    const taken = space
      .listBy('promotion_code', 'code', params.code.toLowerCase())
      .some((code) => code.active && (code.customer === null || code.customer === params.customer));
    if (taken) {
      throw invalidRequest(
        'An active promotion code with `code: ' + params.code + '` already exists.',
        'code',
        'resource_already_exists',
      );
    }
  }
  const restrictions = params.restrictions;
  if (
    (restrictions?.minimum_amount === undefined) !==
    (restrictions?.minimum_amount_currency === undefined)
  ) {
    throw invalidRequest(
      'You must specify both `minimum_amount` and `minimum_amount_currency`, or none of them.',
      'restrictions[minimum_amount]',
    );
  }
  if (params.expires_at !== undefined && params.expires_at <= space.now()) {
    throw invalidRequest('The expires_at timestamp must be in the future.', 'expires_at');
  }
  refuseBeyondCoupon(coupon, params);
  const code = newPromotionCode({
    code: params.code,
    coupon: coupon.id,
    livemode: space.livemode,
    created: space.now(),
  });
  code.active = params.active ?? true;
  code.customer =
    params.customer === undefined ? null : space.get('customer', params.customer, 'customer').id;
  code.expires_at = params.expires_at ?? null;
  code.max_redemptions = params.max_redemptions ?? null;
  code.metadata = mergedMetadata({}, params.metadata);
  code.restrictions = {
    first_time_transaction: restrictions?.first_time_transaction ?? false,
    minimum_amount: restrictions?.minimum_amount ?? null,
    minimum_amount_currency: restrictions?.minimum_amount_currency?.toLowerCase() ?? null,
  };
  space.put('promotion_code', code);
  space.emit('promotion_code.created', code);
  return code;
}
