import type { Language } from './language';

/** How often something is charged: `interval` null is once. */
export interface Rhythm {
  interval: string | null;
  intervalCount: number | null;
  /** Payments in all; null: until it is cancelled. */
  installments: number | null;
}

interface RhythmWords {
  once: string;
  every: (interval: string) => string;
  everyFew: (count: number, interval: string) => string;
  payments: (count: number) => string;
}

const GERMAN: Record<string, [one: string, many: string]> = {
  day: ['jeden Tag', 'Tage'],
  week: ['jede Woche', 'Wochen'],
  month: ['jeden Monat', 'Monate'],
  year: ['jedes Jahr', 'Jahre'],
};

const WORDS: Record<Language, RhythmWords> = {
  en: {
    once: 'once',
    every: (interval) => `every ${interval}`,
    everyFew: (count, interval) => `every ${count} ${interval}s`,
    payments: (count) => `${count} payments`,
  },
  de: {
    once: 'einmal',
    every: (interval) => GERMAN[interval]?.[0] ?? interval,
    everyFew: (count, interval) => `alle ${count} ${GERMAN[interval]?.[1] ?? interval}`,
    payments: (count) => `${count} Zahlungen`,
  },
};

/** `once`, `every month`, `every 2 weeks, 6 payments`, in a language that members read. */
export function rhythmInWords(language: Language, { interval, intervalCount, installments }: Rhythm): string {
  const words = WORDS[language];
  if (interval === null) return words.once;
  const count = intervalCount ?? 1;
  const every = count === 1 ? words.every(interval) : words.everyFew(count, interval);
  return installments === null ? every : `${every}, ${words.payments(installments)}`;
}
