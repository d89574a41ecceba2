import { useEffect, useState } from 'react';
import { DASHBOARD_CODES, dashboardMessage } from '@domain/catalog';
import { fieldInEnglish } from '@domain/requirements';
import type { Format } from '../../format/create-format';
import type { Texts } from '../../texts/en';
import type { Language } from '../../texts/texts';
import { requirementInWords } from './requirement';
import type { Inserted, Sentence } from './finding-words-de';
import type { PaymentsTexts } from './texts';

/** The API's sentences in the viewer's language; none: it is the API's own. */
export type Sentences = readonly Sentence[];

/** They come when they are wanted. Null: not yet. */
export function useSentences(language: Language): Sentences | null {
  const [german, setGerman] = useState<Sentences | null>(null);
  useEffect(() => {
    if (language === 'de') void import('./finding-words-de').then((m) => setGerman(m.SENTENCES));
  }, [language]);
  return language === 'de' ? german : NONE;
}
const NONE: Sentences = [];

/** What the API says about a connection, as a coach reads it. */
export interface SaidToCoach {
  text: string;
  /** Of the text: English where there are no words of the viewer's own. */
  language: Language;
}

/** A sentence of the API about the connection, in the viewer's language and zone, with buttons in place of routes. */
export function findingInWords(
  said: string,
  sentences: Sentences,
  texts: PaymentsTexts,
  shared: Pick<Texts, 'price'>,
  format: Format,
): SaidToCoach {
  const german = inGerman(said, sentences, texts, shared, format);
  if (german !== null) return { text: german, language: 'de' };
  return { text: format.sentence(coachWords(said, texts)), language: 'en' };
}

function inGerman(
  said: string,
  sentences: Sentences,
  { requirements }: PaymentsTexts,
  { price }: Pick<Texts, 'price'>,
  format: Format,
): string | null {
  const inserted: Inserted = {
    time: format.dateTime,
    wanted: (list: string) => {
      const words = list.split(', ').map((english) => {
        const field = fieldInEnglish(english);
        return field === null ? english : requirementInWords(field, requirements);
      });
      return [...new Set(words)].join(', ');
    },
    offSale: (text: string) =>
      DASHBOARD_CODES.reduce(
        (present, code) =>
          present.replaceAll(dashboardMessage(code), price.provisioning.atStripe[code] ?? ''),
        text,
      ),
  };
  for (const [pattern, german] of sentences) {
    const found = pattern.exec(said);
    if (found !== null) return typeof german === 'string' ? german : german(found.slice(1), inserted);
  }
  return null;
}

/** The API names its own routes; a coach has buttons. */
function coachWords(said: string, { connect, due }: PaymentsTexts): string {
  return said
    .replace(/POST \/v1\/connection answers [^.]*/, due.action)
    .replace(/:? ?POST \/v1\/connection(?=[ .])/, `: ${connect}`)
    .replace(/, then confirm with the connection_token.*$/, '.')
    .replace(/GET \/v1\/mails\S*, or at /, '')
    .replaceAll(/ \([A-Z]+ \/v1[^)]*\)/g, '');
}
