/** Stripe's list object, as embedded in objects and answered by list endpoints. Amounts everywhere: minor units. */
export interface List<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

export type Metadata = Record<string, string>;

/** A list object that holds everything it has. */
export function listOf<T>(data: T[], url: string): List<T> {
  return { object: 'list', data, has_more: false, url };
}

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

/** An address of which only the country is known. */
export function addressOf(country: string | null = null): Address {
  return { city: null, country, line1: null, line2: null, postal_code: null, state: null };
}

export interface BillingDetails {
  address: Address | null;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: string | null;
}

/** The error of the last failed payment, as payment intents carry it. */
export interface PaymentError {
  charge?: string;
  code: string;
  decline_code?: string;
  doc_url: string;
  message: string;
  advice_code?: string;
  payment_method?: unknown;
  type: 'card_error' | 'invalid_request_error';
}
