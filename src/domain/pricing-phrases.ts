import type { Language } from './language';

/** What the words of a price are made of. Money and counts come in formatted. */
export interface PricePhrases {
  free: string;
  from: (amount: string) => string;
  chosen: string;
  firstFree: (days: number) => string;
  setupFee: (amount: string) => string;
  inAll: (amount: string) => string;
  atMost: (amount: string) => string;
  accessFor: (days: number) => string;
  accessFrom: (moment: string) => string;
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const PRICE_PHRASES: Readonly<Record<Language, PricePhrases>> = {
  en: {
    free: 'Free',
    from: (amount) => `From ${amount}`,
    chosen: 'you choose how much',
    firstFree: (days) => (days === 1 ? 'The first day is free.' : `The first ${days} days are free.`),
    setupFee: (amount) => `A setup fee of ${amount} is charged once.`,
    inAll: (amount) => `${amount} in all; nothing more is charged after the last payment.`,
    atMost: (amount) => `${amount} at most.`,
    accessFrom: (moment) => `Access begins on ${moment}.`,
    accessFor: (days) => `Access for ${counted(days, 'day', 'days')}.`,
  },
  de: {
    free: 'Kostenlos',
    from: (amount) => `Ab ${amount}`,
    chosen: 'Sie bestimmen den Betrag',
    firstFree: (days) =>
      days === 1 ? 'Der erste Tag ist kostenlos.' : `Die ersten ${days} Tage sind kostenlos.`,
    setupFee: (amount) => `Einmalig kommt eine Einrichtungsgebühr von ${amount} hinzu.`,
    inAll: (amount) => `Insgesamt ${amount}; nach der letzten Zahlung wird nichts mehr abgebucht.`,
    atMost: (amount) => `Höchstens ${amount}.`,
    accessFrom: (moment) => `Der Zugang beginnt am ${moment}.`,
    accessFor: (days) => `Zugang für ${counted(days, 'Tag', 'Tage')}.`,
  },
};
