/** What a buyer gave at Checkout where businesses are asked for it. Names people and companies: never in a log or a history. */
export interface BuyerDetails {
  /** The company's name. */
  company: string | null;
  /** Of the card or the person, where it is another. */
  name: string | null;
  /** By Stripe's type, `eu_vat` say. Stripe may still be checking them. https://docs.stripe.com/tax/checkout/tax-ids */
  taxIds: { type: string; value: string }[];
  address: BuyerAddress | null;
}

export interface BuyerAddress {
  line1: string | null;
  line2: string | null;
  postalCode: string | null;
  city: string | null;
  state: string | null;
  /** Two letters. */
  country: string | null;
}
