import { type LeftPurchase, whyNotRemind } from '../../src/domain/reminder';

// Whether there is anything to remind a buyer of.
const NOW = 1_000_000;
const at = (seconds: number) => new Date(seconds * 1000);
const ON_SALE = { status: 'active', salesStartAt: null, salesEndAt: null };
const LEFT: LeftPurchase = {
  hasBought: false,
  hasAccess: false,
  isAtItAgain: false,
  price: ON_SALE,
  isArchived: false,
  canCharge: true,
  hasSeat: true,
};

test.each<[string, Partial<LeftPurchase>, ReturnType<typeof whyNotRemind>]>([
  ['left unfinished', {}, null],
  ['bought since (scenario 106)', { hasBought: true }, 'bought'],
  ['there already', { hasAccess: true }, 'bought'],
  ['begun again', { isAtItAgain: true }, 'over'],
  ['archived', { price: { ...ON_SALE, status: 'archived' } }, 'not_sold'],
  ['off sale at Stripe', { price: { ...ON_SALE, status: 'failed' } }, 'not_sold'],
  ['of an archived product', { isArchived: true }, 'not_sold'],
  ['over for sale', { price: { ...ON_SALE, salesEndAt: at(NOW) } }, 'not_sold'],
  ['on sale for a second more', { price: { ...ON_SALE, salesEndAt: at(NOW + 1) } }, null],
  [
    'not on sale any more, and not yet again',
    { price: { ...ON_SALE, salesStartAt: at(NOW + 1) } },
    'not_sold',
  ],
  ['of an account that may not charge', { canCharge: false }, 'not_sold'],
  ['sold out', { hasSeat: false }, 'not_sold'],
])('a purchase that is %s', (_what, facts, why) => {
  expect(whyNotRemind({ ...LEFT, ...facts }, NOW)).toBe(why);
});
