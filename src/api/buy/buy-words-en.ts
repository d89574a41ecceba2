import type { BuyWords } from './buy-words';

export const ENGLISH: BuyWords = {
  testMode: 'Test mode',
  refused: {
    not_connected: 'Payments are not set up here at the moment.',
    mode_off: 'Payments are not set up here at the moment.',
    charges_not_enabled: 'Payments cannot be taken yet: the seller still has to be verified.',
    price_not_active: 'This price is just being set up. Please try again in a moment.',
    product_archived: 'This is no longer sold.',
    already_subscribed: 'You are subscribed to this already. There is nothing to buy.',
    payment_open:
      'You are subscribed to this already, and a payment is open. Pay it, and your access comes back; please do not buy it again.',
    amount_too_small: 'This costs less than can be paid here. Please tell the seller.',
    already_owned: 'You own this already. There is nothing to pay.',
    checkout_in_progress: 'You have ordered this already; your payment is still on its way.',
    redirect_not_allowed:
      'This link leads back to an address that is not registered. Please tell the seller.',
    rate_limited: 'That was too often. Please wait a moment, and try again.',
    member_token_invalid:
      'This link is no longer valid. Please go back to the site and click the button again.',
    member_token_outdated: 'This link cannot be used any more. Please tell the seller.',
    invalid_request: 'This link is not complete. Please go back to the site and click the button again.',
    sold_out: 'All places are taken at the moment. One may come back later: please look again.',
    too_many_holds: 'You have begun to buy several limited places already. Please finish one of them first.',
    free_already_had: 'You have had this already. Please ask the seller if you need it again.',
    stripe_refused: 'The payment page could not be opened. Please tell the seller.',
  },
  later: 'The payment page cannot be opened at the moment. Please try again in a minute.',
  tooSmall: (least) => `This costs less than can be paid here: at least ${least}. Please tell the seller.`,
  leastWithCode: (least) => `With a promotion code, what is left to pay is nothing, or at least ${least}.`,
  placesLeft: (count) => (count === 1 ? 'One place is left.' : `${count} places are left.`),
  noLongerSold: 'This price is no longer sold.',
  wrong: {
    email: 'Please check the e-mail address.',
    consent: 'Please tick the box to go on.',
    quantity: (most) => `Please enter a quantity from 1 to ${most}.`,
  },
  forTheSeller: 'For the seller:',
  payOpen: 'Pay what is open',
  email: 'Your e-mail address',
  quantity: (most) => `Quantity (up to ${most})`,
  buy: 'Continue to payment',
  get: 'Get it for free',
  atStripe: "You pay on Stripe's own page.",
  nothingToPay: 'There is nothing to pay.',
  unknown: {
    title: 'Not found',
    heading: 'There is nothing for sale here',
    text: 'Check the address, or go back to the site that brought you here.',
  },
  thanks: { title: 'Thank you', text: 'Your access is ready. You can close this page.' },
};
