import type Stripe from 'stripe';
import type { Emulator } from '../emulator';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { randomToken } from '../ids';
import { currencyOf, type Account, type AccountController, type AccountType } from '../objects/account';
import type { Address } from '../objects/common';
import type { Space } from '../space';

type CreateParams = Checked<Stripe.AccountCreateParams>;
type UpdateParams = Checked<Stripe.AccountUpdateParams>;
/** What the emulator keeps of an account's many parameters. */
type Fillable = Pick<
  UpdateParams,
  | 'business_profile'
  | 'business_type'
  | 'capabilities'
  | 'default_currency'
  | 'email'
  | 'metadata'
  | 'settings'
  | 'tos_acceptance'
>;

/** An account of the platform's own making, connected in the mode of the request only: https://docs.stripe.com/api/accounts/create */
export function createAccount(emulator: Emulator, space: Space, params: CreateParams): Account {
  if (!space.isPlatform) {
    throw invalidRequest('Only a platform can create accounts; this request acts on a connected account.');
  }
  const country = (params.country ?? space.account.country).toUpperCase();
  if (!/^[A-Z]{2}$/.test(country)) {
    throw invalidRequest(`Country '${country}' is unknown. Try using a 2-character alphanumeric country code`, 'country', 'country_unsupported'); // prettier-ignore
  }
  const controller = controllerOf(params);
  const account = emulator.createAccount({
    country,
    defaultCurrency: params.default_currency ?? currencyOf(country),
    verified: false,
    ...(params.email === undefined ? {} : { email: params.email }),
    businessName: params.business_profile?.name ?? null,
  });
  emulator.putConnection({
    account: account.id,
    livemode: space.livemode,
    scope: 'read_write',
    accessToken: `sk_${space.livemode ? 'live' : 'test'}_${randomToken(24)}`,
    refreshToken: `rt_${randomToken(40)}`,
    connectedAt: Math.floor(Date.now() / 1000),
  });
  return emulator.updateAccount(account.id, (draft) => {
    draft.business_type = null;
    draft.capabilities = {};
    draft.controller = controller;
    draft.type = typeOf(controller);
    fillAccount(draft, params);
  });
}

/** Who pays fees, bears losses and collects what Stripe asks for: https://docs.stripe.com/connect/migrate-to-controller-properties */
function controllerOf(params: CreateParams): AccountController {
  if (params.controller !== undefined && params.type !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: type, controller.', 'controller');
  }
  const { type } = params;
  const byType =
    type === 'express'
      ? (['application', 'application', 'stripe', 'express'] as const)
      : type === 'custom'
        ? (['application', 'application', 'application', 'none'] as const)
        : (['account', 'stripe', 'stripe', 'full'] as const);
  const given = params.controller;
  const controller = {
    fees: { payer: given?.fees?.payer ?? byType[0] },
    is_controller: true,
    losses: { payments: given?.losses?.payments ?? byType[1] },
    requirement_collection: given?.requirement_collection ?? byType[2],
    stripe_dashboard: { type: given?.stripe_dashboard?.type ?? byType[3] },
    type: 'application' as const,
  };
  if (controller.requirement_collection === 'application' && controller.stripe_dashboard.type !== 'none') {
    throw invalidRequest(
      'When `controller[requirement_collection]` is `application`, `controller[stripe_dashboard][type]` has to be `none`.',
      'controller[stripe_dashboard][type]',
    );
  }
  if (controller.stripe_dashboard.type === 'full' && controller.losses.payments === 'application') {
    throw invalidRequest(
      'When `controller[losses][payments]` is `application`, `controller[stripe_dashboard][type]` cannot be `full`.',
      'controller[losses][payments]',
    );
  }
  return controller;
}

/** The old word for a controller's settings. */
function typeOf(controller: AccountController): AccountType {
  const dashboard = controller.stripe_dashboard?.type;
  if (dashboard === 'full') return controller.fees?.payer === 'account' ? 'standard' : 'none';
  if (dashboard === 'express') return 'express';
  return controller.requirement_collection === 'application' ? 'custom' : 'none';
}

/** Writes what a request says into an account that is not stored yet. */
export function fillAccount(draft: Account, params: Fillable): void {
  draft.metadata = mergedMetadata(draft.metadata, params.metadata);
  if (params.email !== undefined) draft.email = params.email;
  if (params.business_type !== undefined) draft.business_type = params.business_type;
  if (params.default_currency !== undefined) draft.default_currency = params.default_currency.toLowerCase();
  fillProfile(draft, params.business_profile);
  for (const [name, wish] of Object.entries(params.capabilities ?? {})) {
    if (wish?.requested !== undefined) requestCapability(draft, name, wish.requested);
  }
  const accepted = params.tos_acceptance;
  if (accepted?.date !== undefined) draft.tos_acceptance.date = accepted.date;
  const { settings } = params;
  if (settings?.payments?.statement_descriptor !== undefined)
    draft.settings.payments.statement_descriptor = settings.payments.statement_descriptor;
  if (settings?.branding?.primary_color !== undefined)
    draft.settings.branding.primary_color = settings.branding.primary_color;
  if (settings?.branding?.secondary_color !== undefined)
    draft.settings.branding.secondary_color = settings.branding.secondary_color;
}

function fillProfile(draft: Account, given: UpdateParams['business_profile']): void {
  if (given === undefined) return;
  const profile = draft.business_profile;
  if (given.name !== undefined) {
    profile.name = given.name;
    draft.settings.dashboard.display_name ??= given.name;
  }
  if (given.mcc !== undefined) profile.mcc = given.mcc;
  if (given.product_description !== undefined) profile.product_description = given.product_description;
  if (given.support_email !== undefined) profile.support_email = given.support_email;
  if (given.support_phone !== undefined) profile.support_phone = given.support_phone;
  if (given.support_url !== undefined)
    profile.support_url = given.support_url === '' ? null : given.support_url;
  if (given.url !== undefined) profile.url = given.url;
  if (given.support_address !== undefined) {
    const { city, country, line1, line2, postal_code, state } = given.support_address;
    const address: Address = {
      city: city ?? null,
      country: country ?? null,
      line1: line1 ?? null,
      line2: line2 ?? null,
      postal_code: postal_code ?? null,
      state: state ?? null,
    };
    profile.support_address = address;
  }
}

/** Asks for a capability or gives it up; it is active as soon as nothing is due. */
export function requestCapability(draft: Account, name: string, requested: boolean): void {
  if (!requested) {
    delete draft.capabilities[name];
    return;
  }
  draft.capabilities[name] ??= draft.charges_enabled ? 'active' : 'inactive';
}
