/** The languages in which buyers, members and coaches are spoken to. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How days and amounts are written in each: in English as in Britain, since Americans read 1/2 as another day. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** A day in words, UTC. */
export const dayIn = (language: Language, at: Date): string =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone: 'UTC' }).format(at);

/** A moment in words, and which clock it is by: nobody knows where a buyer is. */
export const momentIn = (language: Language, at: Date): string =>
  `${new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

export const isLanguage = (language: string): language is Language =>
  (LANGUAGES as readonly string[]).includes(language);
