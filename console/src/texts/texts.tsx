import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { en, type Texts } from './en';

export { textOf } from './text-of';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** English comes with the console; other languages when they are wanted. */
const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<Texts>> = {
  de: () => import('./de').then(({ de }) => de),
};

interface TextsContext {
  texts: Texts;
  /** The one that is shown: a chosen one is, once its texts are there. */
  shown: Language;
  language: Language;
  /** BCP 47, for Intl: the browser's own where it speaks the language, such as `en-GB`. */
  locale: string;
  choose(language: Language): void;
}

const Context = createContext<TextsContext | null>(null);

/** A preference, not a secret. */
const STORED = 'session-console-language';

function isLanguage(value: string | undefined | null): value is Language {
  return LANGUAGES.some((language) => language === value);
}

function initialLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  const preferred = navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage);
  return preferred ?? 'en';
}

function localeFor(language: Language): string {
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
}

/** Provides the texts of the chosen language. Shows nothing until they are there: a moment, once. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; texts: Texts }>({ language: 'en', texts: en });

  useEffect(() => {
    let wanted = true;
    const loading = language === 'en' ? Promise.resolve(en) : LOADERS[language]();
    void loading.then((texts) => {
      if (!wanted) return;
      setLoaded({ language, texts });
      document.documentElement.lang = language;
    });
    return () => {
      wanted = false;
    };
  }, [language]);

  const value = useMemo<TextsContext>(
    () => ({
      texts: loaded.texts,
      shown: loaded.language,
      language,
      locale: localeFor(loaded.language),
      choose(next) {
        localStorage.setItem(STORED, next);
        setLanguage(next);
      },
    }),
    [loaded, language],
  );
  return <Context value={value}>{children}</Context>;
}

export function useLanguage(): TextsContext {
  const context = use(Context);
  if (context === null) throw new Error('There is no TextsProvider above.');
  return context;
}

/** The texts of the chosen language. */
export const useTexts = (): Texts => useLanguage().texts;

/** The texts of a page that come with the page, in the chosen language. */
export const usePageTexts = <PageTexts,>(of: Record<Language, PageTexts>): PageTexts =>
  of[useLanguage().shown];
