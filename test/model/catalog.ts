/** Everybody and everything of one coach in the model: two members, two products, and the ways to buy them. */
export const MEMBERS = ['ada', 'ben'] as const;
export type MemberName = (typeof MEMBERS)[number];

export const PRODUCTS = ['club', 'course'] as const;
export type ProductName = (typeof PRODUCTS)[number];

export const DAY = 86_400;
export const HOUR = 3600;

export interface Offer {
  product: ProductName;
  /** Minor units. */
  amount: number;
  /** Days of one period; null: bought once. */
  everyDays: number | null;
  trialDays: number | null;
  /** Days of access for what is bought once; null: for ever. */
  accessDays: number | null;
}

/** Periods have a fixed number of days, so that the reference needs no calendar. */
export const OFFERS = {
  monthly: { product: 'club', amount: 4900, everyDays: 30, trialDays: null, accessDays: null },
  large: { product: 'club', amount: 9900, everyDays: 30, trialDays: null, accessDays: null },
  trial: { product: 'club', amount: 4900, everyDays: 30, trialDays: 7, accessDays: null },
  season: { product: 'course', amount: 20_000, everyDays: 90, trialDays: null, accessDays: null },
  lessons: { product: 'course', amount: 5900, everyDays: 30, trialDays: null, accessDays: null },
  once: { product: 'course', amount: 10_000, everyDays: null, trialDays: null, accessDays: null },
  term: { product: 'club', amount: 8000, everyDays: null, trialDays: null, accessDays: 45 },
} as const satisfies Record<string, Offer>;

export type OfferName = keyof typeof OFFERS;
export const OFFER_NAMES = Object.keys(OFFERS) as OfferName[];

/** Prices that the coach made in their own Dashboard: nothing of ours. Minor units. */
export const FOREIGN = {
  mentoring: { amount: 3900, everyDays: 30 },
  newsletter: { amount: 2500, everyDays: 90 },
} as const;
export type ForeignName = keyof typeof FOREIGN;
