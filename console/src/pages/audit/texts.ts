import type { components } from '@api/schema';

type Entry = components['schemas']['AuditEntry'];

const en = {
  title: 'Audit log',
  lead: 'Who changed what in this mode, and what was refused. Kept for two years.',
  csv: 'Download CSV',
  outcome: 'Outcome',
  all: 'All',
  outcomes: { done: 'Done', refused: 'Refused', failed: 'Failed' } satisfies Record<
    NonNullable<Entry['outcome']>,
    string
  >,
  unknown: 'Not known',
  from: 'From',
  to: 'To',
  none: 'Nothing yet',
  noneText: 'Every change that a person or a key makes is listed here, and who signs in.',
  noMatch: 'Nothing matches',
  noMatchText: 'Change the filters, or clear them.',
  clear: 'Clear filters',
  kinds: {
    user: 'A person',
    key: 'An API key',
    link: 'By a link of the platform',
    operator: 'The platform’s operator',
    platform: 'The platform',
  } satisfies Record<Entry['actor']['kind'], string>,
  byKey: (key: string) => `API key ${key}`,
  times: (n: string, last: string) => `${n} times, last ${last}`,
  fields: (names: string, more: number) => `Fields: ${names}${more > 0 ? ` and ${more} more` : ''}`,
};

const de: typeof en = {
  title: 'Protokoll',
  lead: 'Wer in diesem Modus was geändert hat, und was abgelehnt wurde. Zwei Jahre lang.',
  csv: 'CSV herunterladen',
  outcome: 'Ergebnis',
  all: 'Alle',
  outcomes: { done: 'Erledigt', refused: 'Abgelehnt', failed: 'Gescheitert' },
  unknown: 'Nicht bekannt',
  from: 'Von',
  to: 'Bis',
  none: 'Noch nichts',
  noneText: 'Hier steht jede Änderung, die eine Person oder ein Schlüssel macht, und wer sich anmeldet.',
  noMatch: 'Nichts gefunden',
  noMatchText: 'Ändern Sie die Filter, oder heben Sie sie auf.',
  clear: 'Filter aufheben',
  kinds: {
    user: 'Eine Person',
    key: 'Ein API-Schlüssel',
    link: 'Über einen Link der Plattform',
    operator: 'Betreiber der Plattform',
    platform: 'Die Plattform',
  },
  byKey: (key) => `API-Schlüssel ${key}`,
  times: (n, last) => `${n}-mal, zuletzt ${last}`,
  fields: (names, more) => `Felder: ${names}${more > 0 ? ` und ${more} weitere` : ''}`,
};

/** The words of this page alone, which come with it. */
export const AUDIT = { en, de };
