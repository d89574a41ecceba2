import { randomToken } from '../ids';
import type { Address, Metadata } from './common';

/** https://docs.stripe.com/api/customers/object */
export function newCustomer(input: { livemode: boolean; created: number }) {
  return {
    id: `cus_${randomToken(14)}`,
    object: 'customer' as const,
    address: null as Address | null,
    balance: 0,
    created: input.created,
    currency: null as string | null,
    default_source: null,
    delinquent: false as boolean,
    description: null as string | null,
    discount: null,
    email: null as string | null,
    invoice_prefix: randomToken(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null as string | null,
      footer: null as string | null,
      rendering_options: null,
    },
    livemode: input.livemode,
    metadata: {} as Metadata,
    name: null as string | null,
    next_invoice_sequence: 1,
    phone: null as string | null,
    preferred_locales: [] as string[],
    shipping: null as { address?: Address; name?: string; phone?: string | null } | null,
    tax_exempt: 'none' as 'exempt' | 'none' | 'reverse' | null,
    test_clock: null as string | null,
  };
}

export type Customer = ReturnType<typeof newCustomer>;
