import type { MailSettings } from '../../api/types';

type Language = MailSettings['language'];

/** The languages that mails are written in, to choose from. */
export const languageChoices = (names: Record<Language, string>) => [
  { value: 'en', label: names.en },
  { value: 'de', label: names.de },
];

export const languageOf = (chosen: string | null): Language => (chosen === 'de' ? 'de' : 'en');
