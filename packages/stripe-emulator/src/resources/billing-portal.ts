import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { page } from '../http/pagination';
import {
  newPortalConfiguration,
  newPortalSession,
  type PortalConfiguration,
  type PortalFlow,
} from '../objects/billing-portal';
import type { Space } from '../space';
import { orNull } from './values';

type ConfigurationParams = Checked<Stripe.BillingPortal.ConfigurationUpdateParams>;
type Features = NonNullable<ConfigurationParams['features']>;
type FlowParams = NonNullable<Checked<Stripe.BillingPortal.SessionCreateParams>['flow_data']>;

/** https://docs.stripe.com/api/customer_portal/configurations and /sessions */
export const billingPortalEndpoints: Endpoint[] = [
  endpoint<Stripe.BillingPortal.ConfigurationCreateParams>(
    'post /v1/billing_portal/configurations',
    ({ space, params }) => {
      const configuration = newPortalConfiguration({
        isDefault: false,
        livemode: space.livemode,
        created: space.now(),
      });
      fill(space, configuration, params);
      space.put('billing_portal.configuration', configuration);
      space.emit('billing_portal.configuration.created', configuration);
      return configuration;
    },
  ),
  endpoint<Stripe.BillingPortal.ConfigurationListParams>(
    'get /v1/billing_portal/configurations',
    ({ space, params, url }) => {
      const configurations = space
        .list('billing_portal.configuration')
        .filter(
          ({ active, is_default }) =>
            (params.active === undefined || active === params.active) &&
            (params.is_default === undefined || is_default === params.is_default),
        );
      return page(configurations, params, url);
    },
  ),
  endpoint('get /v1/billing_portal/configurations/{configuration}', ({ space, path }) =>
    space.get('billing_portal.configuration', path.configuration ?? ''),
  ),
  endpoint<Stripe.BillingPortal.ConfigurationUpdateParams>(
    'post /v1/billing_portal/configurations/{configuration}',
    ({ space, params, path }) => {
      const { id, is_default } = space.get('billing_portal.configuration', path.configuration ?? '');
      if (is_default && params.active === false) {
        throw invalidRequest('The default configuration cannot be made inactive.', 'active');
      }
      return space.change(
        'billing_portal.configuration',
        id,
        'billing_portal.configuration.updated',
        (draft) => fill(space, draft, params),
      );
    },
  ),
  endpoint<Stripe.BillingPortal.SessionCreateParams>(
    'post /v1/billing_portal/sessions',
    ({ space, params }) => {
      if (params.customer === undefined) {
        throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
      }
      const customer = space.get('customer', params.customer, 'customer');
      const configuration =
        params.configuration === undefined
          ? defaultConfiguration(space)
          : space.get('billing_portal.configuration', params.configuration, 'configuration');
      if (!configuration.active) {
        throw invalidRequest('The configuration is not active.', 'configuration');
      }
      const session = newPortalSession({
        configuration: configuration.id,
        customer: customer.id,
        publicUrl: space.emulator.publicUrl,
        livemode: space.livemode,
        created: space.now(),
      });
      session.return_url = params.return_url ?? configuration.default_return_url;
      session.locale = params.locale ?? null;
      session.on_behalf_of = params.on_behalf_of ?? null;
      if (params.flow_data) session.flow = flowOf(space, customer.id, configuration, params.flow_data);
      space.put('billing_portal.session', session);
      space.emit('billing_portal.session.created', session);
      return session;
    },
  ),
];

/** What the Dashboard's settings would be: made when it is needed first. */
function defaultConfiguration(space: Space): PortalConfiguration {
  const known = space
    .list('billing_portal.configuration')
    .filter(({ is_default }) => is_default)
    .first(1)[0];
  if (known) return known;
  const configuration = newPortalConfiguration({
    isDefault: true,
    livemode: space.livemode,
    created: space.now(),
  });
  const { features } = configuration;
  features.invoice_history.enabled = true;
  features.payment_method_update.enabled = true;
  features.subscription_cancel.enabled = true;
  features.subscription_cancel.cancellation_reason = {
    enabled: true,
    feedback_options: null,
    options: ['too_expensive', 'missing_features', 'switched_service', 'unused', 'other'],
  };
  return space.put('billing_portal.configuration', configuration);
}

function fill(space: Space, draft: PortalConfiguration, params: ConfigurationParams): void {
  const profile = params.business_profile;
  if (profile?.headline !== undefined) draft.business_profile.headline = orNull(profile.headline);
  if (profile?.privacy_policy_url !== undefined)
    draft.business_profile.privacy_policy_url = orNull(profile.privacy_policy_url);
  if (profile?.terms_of_service_url !== undefined)
    draft.business_profile.terms_of_service_url = orNull(profile.terms_of_service_url);
  if (params.active !== undefined) draft.active = params.active;
  if (params.default_return_url !== undefined) draft.default_return_url = orNull(params.default_return_url);
  if (params.name !== undefined) draft.name = orNull(params.name);
  if (params.login_page) {
    draft.login_page = {
      enabled: params.login_page.enabled,
      url: params.login_page.enabled ? `${space.emulator.publicUrl}/p/login/${draft.id}` : null,
    };
  }
  if (params.features) fillFeatures(draft.features, params.features);
  draft.metadata = mergedMetadata(draft.metadata, params.metadata);
  draft.updated = space.now();
}

function fillFeatures(features: PortalConfiguration['features'], params: Features): void {
  const customer = params.customer_update;
  if (customer?.enabled !== undefined) features.customer_update.enabled = customer.enabled;
  if (customer?.allowed_updates !== undefined)
    features.customer_update.allowed_updates = orNull(customer.allowed_updates) ?? [];
  if (params.invoice_history) features.invoice_history.enabled = params.invoice_history.enabled;
  const method = params.payment_method_update;
  if (method) {
    features.payment_method_update.enabled = method.enabled;
    if (method.payment_method_configuration !== undefined) {
      features.payment_method_update.payment_method_configuration = orNull(
        method.payment_method_configuration,
      );
    }
  }
  const cancel = params.subscription_cancel;
  if (cancel) {
    const own = features.subscription_cancel;
    own.enabled = cancel.enabled ?? own.enabled;
    own.mode = cancel.mode ?? own.mode;
    own.proration_behavior = cancel.proration_behavior ?? own.proration_behavior;
    const reason = cancel.cancellation_reason;
    if (reason?.enabled !== undefined) own.cancellation_reason.enabled = reason.enabled;
    if (reason?.options !== undefined) own.cancellation_reason.options = orNull(reason.options) ?? [];
  }
  if (params.subscription_update) fillUpdate(features.subscription_update, params.subscription_update);
}

function fillUpdate(
  own: PortalConfiguration['features']['subscription_update'],
  params: NonNullable<Features['subscription_update']>,
): void {
  own.enabled = params.enabled ?? own.enabled;
  own.billing_cycle_anchor = params.billing_cycle_anchor ?? own.billing_cycle_anchor;
  own.proration_behavior = params.proration_behavior ?? own.proration_behavior;
  own.trial_update_behavior = params.trial_update_behavior ?? own.trial_update_behavior;
  if (params.default_allowed_updates !== undefined)
    own.default_allowed_updates = orNull(params.default_allowed_updates) ?? [];
  if (params.products !== undefined) {
    own.products = (orNull(params.products) ?? []).map(({ prices, product, adjustable_quantity: range }) => ({
      adjustable_quantity: {
        enabled: range?.enabled ?? false,
        maximum: range?.maximum ?? null,
        minimum: range?.minimum ?? 1,
      },
      prices,
      product,
    }));
  }
  const conditions = params.schedule_at_period_end?.conditions;
  if (conditions !== undefined)
    own.schedule_at_period_end.conditions = (orNull(conditions) ?? []).map(({ type }) => ({ type }));
}

function flowOf(
  space: Space,
  customer: string,
  { features }: PortalConfiguration,
  params: FlowParams,
): PortalFlow {
  const after = params.after_completion;
  const base = {
    after_completion: {
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ? { return_url: after.redirect.return_url } : null,
      type: after?.type ?? ('portal_homepage' as const),
    },
    customer_update: null,
    subscription_update: null,
    subscription_update_confirm: null,
  };
  if (after?.type === 'redirect' && !after.redirect) {
    throw invalidRequest(
      'Missing required param: flow_data[after_completion][redirect].',
      'flow_data[after_completion][redirect]',
      'parameter_missing',
    );
  }
  if (params.type === 'payment_method_update') {
    refuseDisabled(features.payment_method_update.enabled, params.type);
    return { ...base, subscription_cancel: null, type: params.type };
  }
  if (params.type !== 'subscription_cancel') {
    throw invalidRequest(`The emulator's portal has no flow ${params.type}.`, 'flow_data[type]');
  }
  refuseDisabled(features.subscription_cancel.enabled, params.type);
  if (!params.subscription_cancel) {
    throw invalidRequest(
      'Missing required param: flow_data[subscription_cancel].',
      'flow_data[subscription_cancel]',
      'parameter_missing',
    );
  }
  const param = 'flow_data[subscription_cancel][subscription]';
  const subscription = space.get('subscription', params.subscription_cancel.subscription, param);
  if (subscription.customer !== customer) {
    throw invalidRequest(`The subscription ${subscription.id} does not belong to the customer.`, param);
  }
  if (subscription.status === 'canceled' || subscription.cancel_at !== null) {
    throw invalidRequest(
      'This subscription cannot be canceled: it is already canceled or set to cancel.',
      param,
    );
  }
  return {
    ...base,
    subscription_cancel: { retention: null, subscription: subscription.id },
    type: 'subscription_cancel',
  };
}

function refuseDisabled(enabled: boolean, feature: string): void {
  if (enabled) return;
  throw invalidRequest(`The feature ${feature} is disabled in the portal configuration.`, 'flow_data[type]');
}
