import type { CheckoutSession, TaxIdGiven } from '../objects/checkout-session';
import type { Space } from '../space';

/** How tax ids look that the emulator's page takes, by country: https://docs.stripe.com/tax/checkout/tax-ids#supported-types */
const TYPES: Record<string, { type: string; shape: RegExp }> = {
  AT: { type: 'eu_vat', shape: /^ATU\d{8}$/ },
  AU: { type: 'au_abn', shape: /^\d{11}$/ },
  CA: { type: 'ca_bn', shape: /^\d{9}$/ },
  CH: { type: 'ch_vat', shape: /^CHE\d{9}(MWST|TVA|IVA)$/ },
  DE: { type: 'eu_vat', shape: /^DE\d{9}$/ },
  ES: { type: 'eu_vat', shape: /^ES[A-Z0-9]\d{7}[A-Z0-9]$/ },
  FR: { type: 'eu_vat', shape: /^FR[A-Z0-9]{2}\d{9}$/ },
  GB: { type: 'gb_vat', shape: /^GB(\d{9}|\d{12})$/ },
  IE: { type: 'eu_vat', shape: /^IE\d{7}[A-Z]{1,2}$/ },
  IT: { type: 'eu_vat', shape: /^IT\d{11}$/ },
  NL: { type: 'eu_vat', shape: /^NL\d{9}B\d{2}$/ },
  PL: { type: 'eu_vat', shape: /^PL\d{10}$/ },
  SE: { type: 'eu_vat', shape: /^SE\d{12}$/ },
  US: { type: 'us_ein', shape: /^\d{2}-?\d{7}$/ },
};

/**
 * Reads what a business gives beside its payment, and keeps it with the session. A tax id is judged by its shape; whether it
 * is real is asked of the authorities later. https://docs.stripe.com/tax/checkout/tax-ids
 * @returns what is wrong, in a sentence for the payer; undefined: nothing
 */
export function readBusiness(
  space: Space,
  session: CheckoutSession,
  form: Record<string, string>,
): string | undefined {
  if (!session.tax_id_collection?.enabled) return undefined;
  const name = form.business_name?.trim() ?? '';
  const typed = (form.tax_id ?? '').replace(/[\s.]/g, '').toUpperCase();
  const country = form.billing_country?.trim() || 'US';
  const type = TYPES[country];
  const isBusiness = form.business !== undefined || name !== '' || typed !== '';
  if (type !== undefined && typed === '' && session.tax_id_collection.required === 'if_supported')
    return 'Your tax ID is incomplete.';
  if (isBusiness && name === '') return 'Your business name is incomplete.';
  if (typed !== '' && (type === undefined || !type.shape.test(typed))) return 'Your tax ID is invalid.';
  const taxId: TaxIdGiven | null =
    typed === '' || type === undefined ? null : { type: type.type, value: typed };
  space.update('checkout.session', session.id, (draft) => {
    draft._emu.business = isBusiness ? { name, taxId } : null;
  });
  return undefined;
}
