import type { NewPrice } from '@session/sdk';
import type { OfferName } from '../model/catalog';

/** Something for sale, in every coach's catalog, with what the reference model calls the like of it. */
export interface ChaosOffer {
  /** The body of `POST /v1/products/{id}/prices`; money in minor units. */
  terms: NewPrice;
  /** In the reference model; null: it is free, which the model calls a gift. */
  like: OfferName | null;
  /** Stripe's subtotal of the first payment, for the quantity below. */
  firstPayment: number;
  quantity?: number;
  /** What the payer types into the field for the amount. */
  chosenAmount?: string;
  seats?: number;
}

/** As in the reference model, periods have a fixed number of days. */
const MONTHLY = { interval: 'day', intervalCount: 30 } as const;

/** Every pricing option. */
export const CHAOS_OFFERS = {
  monthly: { terms: { unitAmount: 4900, recurring: MONTHLY }, like: 'monthly', firstPayment: 4900 },
  trial: {
    terms: { unitAmount: 4900, recurring: MONTHLY, trialDays: 7 },
    like: 'trial',
    firstPayment: 0,
  },
  setup_fee: {
    terms: { unitAmount: 4900, recurring: MONTHLY, setupFee: 2500 },
    like: 'monthly',
    firstPayment: 7400,
  },
  installments: {
    terms: { model: 'installments', unitAmount: 5900, recurring: MONTHLY, installments: 6 },
    like: 'lessons',
    firstPayment: 5900,
  },
  quantity: {
    terms: { unitAmount: 4900, recurring: MONTHLY, maxQuantity: 5 },
    like: 'monthly',
    firstPayment: 14_700,
    quantity: 3,
  },
  promotion: {
    terms: { unitAmount: 5900, recurring: MONTHLY, promotionCodes: true },
    like: 'lessons',
    firstPayment: 5900,
  },
  once: { terms: { unitAmount: 10_000 }, like: 'once', firstPayment: 10_000 },
  term: { terms: { unitAmount: 8000, accessDays: 45 }, like: 'term', firstPayment: 8000 },
  chosen: {
    terms: { model: 'pay_what_you_want', minAmount: 500, suggestedAmount: 900 },
    like: 'once',
    firstPayment: 1200,
    chosenAmount: '12.00',
  },
  seats: { terms: { unitAmount: 9000, seats: 3 }, like: 'once', firstPayment: 9000, seats: 3 },
  free: { terms: { model: 'free' }, like: null, firstPayment: 0 },
} as const satisfies Record<string, ChaosOffer>;

export type ChaosOfferName = keyof typeof CHAOS_OFFERS;
export const CHAOS_OFFER_NAMES = Object.keys(CHAOS_OFFERS) as ChaosOfferName[];

/** An offer with its optional fields. */
export const offerOf = (name: ChaosOfferName): ChaosOffer => CHAOS_OFFERS[name];

/** Whether Stripe charges again by itself. */
export const isRecurring = (name: ChaosOfferName): boolean => 'recurring' in offerOf(name).terms;
