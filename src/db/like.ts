/** What was typed, without the meaning that LIKE gives to some characters. https://www.postgresql.org/docs/current/functions-matching.html */
export const literally = (typed: string): string => typed.replaceAll(/[\\%_]/g, '\\$&');
