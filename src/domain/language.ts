/** The languages in which buyers, members and coaches are spoken to. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

export const isLanguage = (language: string): language is Language =>
  (LANGUAGES as readonly string[]).includes(language);
