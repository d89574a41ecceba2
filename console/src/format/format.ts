import { useMemo } from 'react';
import { useLanguage } from '../texts/texts';
import { createFormat, type Format } from './create-format';

/** Formatting in the chosen language. */
export function useFormat(): Format {
  const { locale } = useLanguage();
  return useMemo(() => createFormat(locale), [locale]);
}
