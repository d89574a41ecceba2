import { type Language, LOCALES } from '../../domain/language';
import type { Words } from './words';
import { GERMAN } from './words-de';
import { ENGLISH } from './words-en';

export function wordsIn(language: Language): Words {
  return language === 'de' ? GERMAN : ENGLISH;
}

/** A day in words, UTC. */
export function dayIn(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}
