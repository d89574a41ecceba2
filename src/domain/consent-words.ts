import type { Language } from './language';
import type { ConsentKind } from './withdrawal';

/**
 * What a buyer agrees to, as they read it and as it is stored. Directive 2011/83/EU: the express request that a service begins
 * (articles 7(3), 8(8) and 14(3)), and the consent and acknowledgement for digital content (article 16(m)).
 */
const TEXTS: Record<ConsentKind, Record<Language, string>> = {
  service: {
    en: 'I ask you to begin before the withdrawal period of 14 days is over. If I withdraw, I pay for what was provided until then.',
    de: 'Ich verlange, dass Sie vor Ablauf der Widerrufsfrist von 14 Tagen beginnen. Wenn ich widerrufe, bezahle ich, was bis dahin geleistet wurde.',
  },
  digital_content: {
    en: 'I agree that you provide the digital content before the withdrawal period of 14 days is over, and I know that I lose my right of withdrawal by that.',
    de: 'Ich stimme zu, dass Sie die digitalen Inhalte vor Ablauf der Widerrufsfrist von 14 Tagen bereitstellen, und weiß, dass ich dadurch mein Widerrufsrecht verliere.',
  },
};

export const consentText = (kind: ConsentKind, language: Language): string => TEXTS[kind][language];
