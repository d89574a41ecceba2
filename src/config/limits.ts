import { z } from 'zod';

/** How many of something in so many seconds. */
export interface Limit {
  count: number;
  seconds: number;
}

/**
 * What is limited, and how much of it unless RATE_LIMITS says otherwise. Stripe takes 100 requests a second of a live
 * account; a key gets as much. https://docs.stripe.com/rate-limits
 */
export const LIMITS = {
  /** Requests with one API key. */
  key: { count: 6000, seconds: 60 },
  /** Requests of a coach in a mode, with all keys and in the console. */
  coach: { count: 9000, seconds: 60 },
  /** Requests with the platform's key. */
  platform: { count: 12_000, seconds: 60 },
  /** Requests of one address for pages and public facts. */
  public: { count: 1200, seconds: 60 },
  /** Requests of one address for the pages of connecting, which ask Stripe. */
  connect: { count: 60, seconds: 60 },
  /** Purchases that one address begins: each opens a session at Stripe. */
  purchase: { count: 30, seconds: 60 },
  /** Purchases that one browser begins. */
  purchase_of_browser: { count: 10, seconds: 60 },
  /** E-mail addresses that are typed at one address for what is free: each may be a new member. */
  new_member: { count: 10, seconds: 3600 },
  /** The same, at all addresses together, for one coach. */
  new_member_of_coach: { count: 1000, seconds: 3600 },
  /** Withdrawals that one address states without signing in. */
  withdrawal: { count: 20, seconds: 3600 },
  /** Sign-in links that one address asks for, for members. */
  sign_in_link: { count: 10, seconds: 3600 },
  /** Sign-in links that are asked for to one e-mail address, known or not. */
  sign_in_link_to: { count: 3, seconds: 900 },
  /** The same, from all addresses and to all together, for one coach. */
  sign_in_link_of_coach: { count: 1000, seconds: 3600 },
  /** Keys that are not known here, or not taken, sent by one address. */
  failed_key: { count: 60, seconds: 60 },
  /** Failed sign-ins of one address; from then on none is tried. */
  failed_sign_in: { count: 20, seconds: 900 },
  /** Deliveries of one address whose signature is not Stripe's. What Stripe signed is never limited. */
  failed_webhook: { count: 60, seconds: 60 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
export type Limits = Record<LimitName, Limit>;

const ENTRY = /^([a-z_]+)=([1-9]\d{0,8})\/([1-9]\d{0,6})$/;

const isName = (name: string): name is LimitName => name in LIMITS;

/**
 * `RATE_LIMITS`: `off`, or those that differ from {@link LIMITS}, as `name=count/seconds` with commas between them. Null:
 * nothing is limited.
 */
export const rateLimits = z.string().transform((text, context): Limits | null => {
  if (text.trim() === 'off') return null;
  const limits: Limits = { ...LIMITS };
  for (const entry of text.split(',').map((one) => one.trim())) {
    if (entry === '') continue;
    const [, name = '', count, seconds] = ENTRY.exec(entry) ?? [];
    if (!isName(name)) {
      context.addIssue(
        `has "${entry}", which is not "off" and not name=count/seconds; the names are ${Object.keys(LIMITS).join(', ')}`,
      );
      return z.NEVER;
    }
    limits[name] = { count: Number(count), seconds: Number(seconds) };
  }
  return limits;
});
