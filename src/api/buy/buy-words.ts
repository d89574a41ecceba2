import type { CodeRefusal } from '../../domain/coupons';
import type { ProblemCode } from '../../domain/problem';

/** What the purchase page says; the coach's own words for it are in the API. Money comes in formatted. */
export interface BuyWords {
  testMode: string;
  /** What a member reads when they cannot buy. */
  refused: Partial<Record<ProblemCode, string>>;
  later: string;
  tooSmall: (least: string) => string;
  leastWithCode: (least: string) => string;
  placesLeft: (count: number) => string;
  noLongerSold: string;
  /** Outside of when it is sold. */
  notYet: (from: string) => string;
  over: (since: string) => string;
  /** By the field of the form that is not right. */
  wrong: { email: string; consent: string; quantity: (most: number) => string };
  /** The field of the promotion code, and why one does not count. */
  code: string;
  wrongCode: Record<CodeRefusal, string>;
  forTheSeller: string;
  payOpen: string;
  email: string;
  /** Where the reminder goes. */
  remindEmail: string;
  /** What leads to the amounts in the price's other currencies. */
  currency: string;
  quantity: (most: number) => string;
  showTotal: string;
  /** What is paid when. */
  sums: {
    today: string;
    next: string;
    then: (amount: string, rhythm: string, from: string) => string;
    /** Whether tax is in it, where Stripe works it out; as the account has it, nobody knows here. */
    tax: { inclusive: string; exclusive: string; account: string };
  };
  included: string;
  buy: string;
  get: string;
  atStripe: string;
  nothingToPay: string;
  unknown: { title: string; heading: string; text: string };
  thanks: { title: string; text: string };
}
