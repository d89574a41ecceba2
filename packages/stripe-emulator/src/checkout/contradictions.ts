import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';

type Params = Checked<Stripe.Checkout.SessionCreateParams>;

/** Refuses parameters of a new session that do not go together, or that make no sense by themselves. */
export function refuseContradictions(params: Params): void {
  const { mode } = params;
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page') {
    throw invalidRequest('The emulator has hosted pages only.', 'ui_mode');
  }
  if (params.success_url === undefined) {
    throw invalidRequest('Missing required param: success_url.', 'success_url', 'parameter_missing');
  }
  for (const name of ['success_url', 'cancel_url'] as const) {
    const url = params[name];
    if (url !== undefined && (!/^[a-z][a-z0-9+.-]*:\/\/.+/i.test(url) || /^(javascript|data):/i.test(url))) {
      throw invalidRequest('Not a valid URL', name, 'url_invalid');
    }
  }
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer',
    );
  }
  if (params.customer_email !== undefined && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(params.customer_email)) {
    throw invalidRequest(
      `Invalid email address: ${params.customer_email}`,
      'customer_email',
      'email_invalid',
    );
  }
  refuseBesides(params);
  if (mode === 'subscription') {
    if (params.customer_creation !== undefined) {
      throw invalidRequest('`customer_creation` can only be used in `payment` mode.', 'customer_creation');
    }
    if (params.payment_intent_data !== undefined) {
      throw invalidRequest(
        'You can not pass `payment_intent_data` in `subscription` mode.',
        'payment_intent_data',
      );
    }
  } else if (params.subscription_data !== undefined) {
    throw invalidRequest(`You can not pass \`subscription_data\` in \`${mode}\` mode.`, 'subscription_data');
  }
  if (params.customer !== undefined && params.customer_creation !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: customer, customer_creation.',
      'customer_creation',
    );
  }
}

/** What does not go with the mode, or with another parameter. */
function refuseBesides(params: Params): void {
  const { mode } = params;
  const besides =
    mode === 'setup'
      ? ([
          'line_items',
          'optional_items',
          'payment_intent_data',
          'discounts',
          'allow_promotion_codes',
          'invoice_creation',
        ] as const)
      : (['setup_intent_data'] as const);
  for (const name of besides) {
    if (params[name] !== undefined) {
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, name);
    }
  }
  if (mode === 'setup' && params.currency === undefined && params.payment_method_types === undefined) {
    throw invalidRequest(
      'You must provide `currency` or `payment_method_types` in `setup` mode.',
      'currency',
      'parameter_missing',
    );
  }
  if (params.discounts !== undefined && params.allow_promotion_codes !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: allow_promotion_codes, discounts.',
      'allow_promotion_codes',
    );
  }
  if ((params.discounts?.length ?? 0) > 1) {
    throw invalidRequest('You may only specify up to one discount.', 'discounts');
  }
  if (params.customer_update !== undefined && params.customer === undefined) {
    throw invalidRequest('`customer_update` can only be used with `customer`.', 'customer_update');
  }
  // The API's sentence, as https://github.com/invertase/stripe-firebase-extensions/issues/222 has it; it names no parameter.
  if (
    params.tax_id_collection?.enabled &&
    params.customer !== undefined &&
    params.customer_update?.name !== 'auto'
  ) {
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
    );
  }
  if (params.invoice_creation?.enabled && mode !== 'payment') {
    throw invalidRequest(
      'You can only enable invoice creation when `mode` is set to `payment`. Invoices are created automatically when `mode` is set to `subscription`, and are unsupported when set to `setup`.',
      'invoice_creation',
    );
  }
  if (params.payment_method_collection !== undefined && mode !== 'subscription') {
    throw invalidRequest(
      '`payment_method_collection` can only be used in `subscription` mode.',
      'payment_method_collection',
    );
  }
}
