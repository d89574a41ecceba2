import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import type { Address } from '../objects/common';
import type { Space } from '../space';

const TABLE = 'tax-settings';

/** What an account has said about tax in one mode; the modes have nothing in common. */
interface TaxChoices {
  headOffice: Address | null;
  behavior: 'exclusive' | 'inclusive' | 'inferred_by_currency' | null;
  code: string | null;
}

const NOTHING_SAID: TaxChoices = { headOffice: null, behavior: null, code: null };

function choicesOf(space: Space): TaxChoices {
  return space.emulator.db.get<TaxChoices>(TABLE, space.key) ?? NOTHING_SAID;
}

/**
 * `pending` until the account has a head office: https://docs.stripe.com/api/tax/settings/object. A new account has none,
 * whatever it told Stripe when it was verified: https://docs.stripe.com/tax/set-up
 */
export function taxSettingsOf(space: Space) {
  const { headOffice, behavior, code } = choicesOf(space);
  return {
    object: 'tax.settings' as const,
    defaults: { provider: 'stripe' as const, tax_behavior: behavior, tax_code: code },
    head_office: headOffice === null ? null : { address: headOffice },
    livemode: space.livemode,
    status: headOffice === null ? ('pending' as const) : ('active' as const),
    status_details: headOffice === null ? { pending: { missing_fields: ['head_office'] } } : { active: {} },
  };
}

/** Changes what is given: https://docs.stripe.com/api/tax/settings/update */
export function changeTaxSettings(space: Space, params: Checked<Stripe.Tax.SettingsUpdateParams>) {
  const before = taxSettingsOf(space);
  const choices = { ...choicesOf(space) };
  if (params.defaults?.tax_behavior !== undefined) choices.behavior = params.defaults.tax_behavior;
  if (params.defaults?.tax_code !== undefined) choices.code = params.defaults.tax_code;
  if (params.head_office !== undefined) choices.headOffice = addressFrom(params.head_office.address);
  space.emulator.db.put(TABLE, space.key, choices);
  const after = taxSettingsOf(space);
  space.emitChange('tax.settings.updated', before, after);
  return after;
}

/** A head office needs a country at least: https://docs.stripe.com/tax/settings-api */
function addressFrom(given: Stripe.AddressParam): Address {
  if (!given.country) {
    const name = 'head_office[address][country]';
    throw invalidRequest(`Missing required param: ${name}.`, name, 'parameter_missing');
  }
  return {
    city: given.city || null,
    country: given.country.toUpperCase(),
    line1: given.line1 || null,
    line2: given.line2 || null,
    postal_code: given.postal_code || null,
    state: given.state || null,
  };
}

/**
 * Stripe works no tax out for an account without a head office, at a session, an invoice or a subscription:
 * https://docs.stripe.com/tax/settings-api
 */
export function requireHeadOffice(space: Space): void {
  if (choicesOf(space).headOffice !== null) return;
  const [mode, where] = space.livemode ? ['live', ''] : ['test', 'test/'];
  throw invalidRequest(
    `You must have a valid head office address to enable automatic tax calculation in ${mode} mode. Visit https://dashboard.stripe.com/${where}settings/tax to update it.`,
    'automatic_tax',
  );
}
