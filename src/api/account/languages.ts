import type { Language } from '../../domain/language';
import type { Words } from './words';
import { GERMAN } from './words-de';
import { ENGLISH } from './words-en';

export function wordsIn(language: Language): Words {
  return language === 'de' ? GERMAN : ENGLISH;
}

/** A day in words, UTC. */
export function dayIn(language: Language, at: Date): string {
  const locale = language === 'de' ? 'de' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}
