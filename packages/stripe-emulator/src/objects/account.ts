import type { SeedAccount } from '../options';
import { randomToken } from '../ids';
import { listOf, type Address, type Metadata } from './common';

/** What Stripe asks of a new account before it may take payments; the emulator's stand-in for its onboarding form. */
export const ONBOARDING_REQUIREMENTS = [
  'business_profile.url',
  'external_account',
  'individual.dob.day',
  'individual.dob.month',
  'individual.dob.year',
  'tos_acceptance.date',
];

const CURRENCIES: Record<string, string> = {
  AU: 'aud', CA: 'cad', CH: 'chf', CZ: 'czk', DK: 'dkk', GB: 'gbp', HK: 'hkd', HU: 'huf', JP: 'jpy', MX: 'mxn',
  NO: 'nok', NZ: 'nzd', PL: 'pln', RO: 'ron', SE: 'sek', SG: 'sgd', US: 'usd', BR: 'brl', IN: 'inr', AE: 'aed',
}; // prettier-ignore

/** The usual currency of a country (the euro where the table has none). */
export function currencyOf(country: string): string {
  return CURRENCIES[country] ?? 'eur';
}

/** The name of a business whose owner was not asked for one. */
export const UNNAMED_BUSINESS = 'Emulated business';

export type CapabilityStatus = 'active' | 'inactive' | 'pending';

export interface Requirements {
  alternatives: never[];
  current_deadline: number | null;
  currently_due: string[];
  disabled_reason: string | null;
  errors: { code: string; reason: string; requirement: string }[];
  eventually_due: string[];
  past_due: string[];
  pending_verification: string[];
}

/** Requirements of an account that has these fields still to give. */
export function requirementsOf(due: string[], disabledReason: string | null): Requirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [...due],
    disabled_reason: disabledReason,
    errors: [],
    eventually_due: [...due],
    past_due: [...due],
    pending_verification: [],
  };
}

export type AccountType = 'standard' | 'express' | 'custom' | 'none';
export type ControllerType = 'account' | 'application';

export interface AccountController {
  fees?: { payer: 'account' | 'application' };
  is_controller?: boolean;
  losses?: { payments: 'application' | 'stripe' };
  requirement_collection?: 'application' | 'stripe';
  stripe_dashboard?: { type: 'express' | 'full' | 'none' };
  type: ControllerType;
}

/** An account of its own (type standard): https://docs.stripe.com/api/accounts/object */
export function newAccount(input: SeedAccount, created: number) {
  const id = input.id ?? `acct_1${randomToken(15)}`;
  const country = (input.country ?? 'US').toUpperCase();
  const verified = input.verified ?? true;
  const name = input.businessName === undefined ? UNNAMED_BUSINESS : input.businessName || null;
  const capability: CapabilityStatus = verified ? 'active' : 'inactive';
  return {
    id,
    object: 'account' as const,
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: null as string | null,
      minority_owned_business_designation: null,
      name,
      product_description: null as string | null,
      support_address: null as Address | null,
      support_email: null as string | null,
      support_phone: null as string | null,
      support_url: null as string | null,
      url: null as string | null,
    },
    business_type: 'individual' as 'individual' | 'company' | 'government_entity' | 'non_profit' | null,
    capabilities: {
      card_payments: capability,
      sepa_debit_payments: capability,
      transfers: capability,
    } as Record<string, CapabilityStatus>,
    charges_enabled: verified,
    controller: { type: 'account' } as AccountController,
    country,
    created,
    default_currency: (input.defaultCurrency ?? currencyOf(country)).toLowerCase(),
    details_submitted: verified,
    email: input.email ?? null,
    external_accounts: listOf<never>([], `/v1/accounts/${id}/external_accounts`),
    future_requirements: requirementsOf([], null),
    metadata: {} as Metadata,
    payouts_enabled: verified,
    requirements: requirementsOf(
      verified ? [] : ONBOARDING_REQUIREMENTS,
      verified ? null : 'requirements.past_due',
    ),
    settings: {
      branding: {
        icon: null,
        logo: null,
        primary_color: null as string | null,
        secondary_color: null as string | null,
      },
      card_payments: {
        decline_on: { avs_failure: false, cvc_failure: false },
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: name, timezone: 'Etc/UTC' },
      payments: {
        statement_descriptor: null as string | null,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
      },
    },
    tos_acceptance: { date: verified ? created : null, ip: null, user_agent: null },
    type: 'standard' as AccountType,
  };
}

export type Account = ReturnType<typeof newAccount>;

/** The application object inside account.application.* events. */
export function applicationOf(clientId: string) {
  return { id: clientId, name: 'Emulated platform', object: 'application' as const };
}

/** One capability as an object of its own: https://docs.stripe.com/api/capabilities/object */
export function capabilityOf(account: Account, name: string) {
  const status = account.capabilities[name];
  const due = status === 'active' || status === undefined ? [] : account.requirements.currently_due;
  const requirements = (names: string[]) => ({
    ...requirementsOf(names, names.length > 0 ? 'requirements.fields_needed' : null),
  });
  return {
    id: name,
    object: 'capability' as const,
    account: account.id,
    future_requirements: requirements([]),
    requested: status !== undefined,
    requested_at: status === undefined ? null : account.created,
    requirements: requirements(due),
    status: status ?? ('unrequested' as const),
  };
}
