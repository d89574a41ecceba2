import type { Language } from '../../domain/language';
import type { Words } from './words';
import { GERMAN } from './words-de';
import { ENGLISH } from './words-en';

export function wordsIn(language: Language): Words {
  return language === 'de' ? GERMAN : ENGLISH;
}
