import { newId, randomToken } from '../ids';
import type { Metadata } from './common';

/** https://docs.stripe.com/api/products/object */
export function newProduct(input: { id?: string; name: string; livemode: boolean; created: number }) {
  return {
    id: input.id ?? `prod_${randomToken(14)}`,
    object: 'product' as const,
    active: true,
    created: input.created,
    default_price: null as string | null,
    description: null as string | null,
    images: [] as string[],
    livemode: input.livemode,
    marketing_features: [] as { name: string }[],
    metadata: {} as Metadata,
    name: input.name,
    package_dimensions: null as null | { height: number; length: number; weight: number; width: number },
    shippable: null as boolean | null,
    statement_descriptor: null as string | null,
    tax_code: null as string | null,
    unit_label: null as string | null,
    updated: input.created,
    url: null as string | null,
  };
}

export type Product = ReturnType<typeof newProduct>;

export type Interval = 'day' | 'week' | 'month' | 'year';

export interface Recurring {
  interval: Interval;
  interval_count: number;
  meter: string | null;
  usage_type: 'licensed' | 'metered';
}

export interface CustomUnitAmount {
  maximum: number | null;
  minimum: number | null;
  preset: number | null;
}

/** What a price costs in a currency besides its own: https://docs.stripe.com/api/prices/object#price_object-currency_options */
export interface CurrencyOption {
  custom_unit_amount: null;
  tax_behavior: 'exclusive' | 'inclusive' | 'unspecified' | null;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
}

/** https://docs.stripe.com/api/prices/object */
export function newPrice(input: { currency: string; product: string; livemode: boolean; created: number }) {
  return {
    id: newId('price'),
    object: 'price' as const,
    active: true,
    billing_scheme: 'per_unit' as 'per_unit' | 'tiered',
    created: input.created,
    currency: input.currency,
    custom_unit_amount: null as CustomUnitAmount | null,
    livemode: input.livemode,
    lookup_key: null as string | null,
    metadata: {} as Metadata,
    nickname: null as string | null,
    product: input.product,
    recurring: null as Recurring | null,
    tax_behavior: 'unspecified' as 'exclusive' | 'inclusive' | 'unspecified' | null,
    tiers_mode: null,
    transform_quantity: null as { divide_by: number; round: 'up' | 'down' } | null,
    type: 'one_time' as 'one_time' | 'recurring',
    unit_amount: null as number | null,
    unit_amount_decimal: null as string | null,
    _emu: undefined as { currencyOptions: Record<string, CurrencyOption> } | undefined,
  };
}

export type Price = ReturnType<typeof newPrice>;
