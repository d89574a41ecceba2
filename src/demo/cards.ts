import type { Mode } from '@session/sdk';

/** What a card does. The live ones are the emulator's own: they belong to nobody. */
export type Card = 'succeeds' | 'declined' | 'authenticates' | 'fails_on_renewal';

const CARDS: Record<Mode, Record<Card, string>> = {
  test: {
    succeeds: '4242424242424242',
    declined: '4000000000000002',
    authenticates: '4000002500003155',
    fails_on_renewal: '4000000000000341',
  },
  live: {
    succeeds: '5555000000004240',
    declined: '5555000000000008',
    authenticates: '5555000000003150',
    fails_on_renewal: '5555000000000347',
  },
};

/** What a payer types into Stripe's page. */
export function cardFields(mode: Mode, card: Card): Record<string, string> {
  return {
    payment_method: 'card',
    card_number: CARDS[mode][card],
    card_expiry: '12 / 34',
    card_cvc: '123',
    billing_name: 'A Member',
    billing_country: 'DE',
    action: 'pay',
  };
}
