const en = {
  label: 'Compared with Stripe',
  states: {
    in_order: 'In order',
    repaired: 'Something differed; it was looked at again',
    differs: 'Differs',
  },
  before: (when: string) => `Differed last on ${when}:`,
  fields: {
    subscription: 'Subscription',
    status: 'Status at Stripe',
    cancelAt: 'End',
    resumesAt: 'End of the pause',
    trialEnd: 'End of the trial',
    collectionMethod: 'How it is charged',
    items: 'What it is for',
  },
  none: 'none',
  sides: (here: string, stripe: string) => `here ${here}, at Stripe ${stripe}`,
};

const de: typeof en = {
  label: 'Abgleich mit Stripe',
  states: {
    in_order: 'In Ordnung',
    repaired: 'Etwas wich ab; es wurde neu geprüft',
    differs: 'Weicht ab',
  },
  before: (when) => `Abweichung vom ${when}:`,
  fields: {
    subscription: 'Abo',
    status: 'Status bei Stripe',
    cancelAt: 'Ende',
    resumesAt: 'Ende der Pause',
    trialEnd: 'Ende der Probezeit',
    collectionMethod: 'Wie abgerechnet wird',
    items: 'Wofür es ist',
  },
  none: 'nichts',
  sides: (here, stripe) => `hier ${here}, bei Stripe ${stripe}`,
};

/** The words of the comparison with Stripe, which come with it. */
export const COMPARISON = { en, de };
