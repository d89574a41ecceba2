const en = {
  csv: 'Download as CSV',
  addresses: 'Download addresses',
  search: 'Search by e-mail address or id',
  who: 'Who',
  product: 'Product',
  sort: 'Order',
  all: 'All',
  whos: {
    overdue: 'Overdue',
    trial: 'In a trial',
    canceling: 'Cancelling',
    no_access: 'Without access',
    gift: 'With a gift',
  },
  sorts: {
    newest: 'Newest first',
    oldest: 'Oldest first',
    email: 'By e-mail address',
    next_charge: 'Next charge first',
  },
  results: (count: number, text: string) => (count === 1 ? '1 member shown' : `${text} members shown`),
  none: {
    title: 'No members yet',
    text: 'They appear here with their first purchase, or when you give them access.',
  },
  noMatch: {
    title: 'Nobody found',
    text: 'Nobody fits this search and these filters.',
    clear: 'Clear search and filters',
  },
  choose: (name: string) => `Choose ${name}`,
  chooseAll: 'Choose all that are shown',
  chosen: (count: number, text: string) => (count === 1 ? '1 chosen' : `${text} chosen`),
  chooseNone: 'Choose nobody',
  tooMany: (most: string) => `At most ${most} at once.`,
  many: {
    title: (count: number, text: string) => `Give access to ${count === 1 ? '1 member' : `${text} members`}`,
    close: 'Close',
    outcomes: { given: 'Given', already: 'Had it already', not_found: 'Not there any more' },
  },
  views: {
    title: 'Saved views',
    keep: 'Save this view',
    keepTitle: 'Save this view',
    keepLead: 'These filters and this order, for everybody who works here. A search is not kept.',
    name: 'Name',
    confirm: 'Save',
    keeping: 'Saving …',
    kept: 'View saved',
    remove: (name: string) => `Remove “${name}”`,
    removed: 'View removed',
  },
};

export type TableTexts = typeof en;

const de: TableTexts = {
  csv: 'Als CSV herunterladen',
  addresses: 'Adressen herunterladen',
  search: 'Nach E-Mail-Adresse oder Kennung suchen',
  who: 'Wer',
  product: 'Produkt',
  sort: 'Reihenfolge',
  all: 'Alle',
  whos: {
    overdue: 'Im Rückstand',
    trial: 'In der Probezeit',
    canceling: 'Gekündigt',
    no_access: 'Ohne Zugang',
    gift: 'Mit Geschenk',
  },
  sorts: {
    newest: 'Neueste zuerst',
    oldest: 'Älteste zuerst',
    email: 'Nach E-Mail-Adresse',
    next_charge: 'Nächste Abbuchung zuerst',
  },
  results: (count, text) => (count === 1 ? '1 Mitglied angezeigt' : `${text} Mitglieder angezeigt`),
  none: {
    title: 'Noch keine Mitglieder',
    text: 'Sie erscheinen hier mit dem ersten Kauf, oder wenn Sie ihnen Zugang geben.',
  },
  noMatch: {
    title: 'Niemand gefunden',
    text: 'Zu dieser Suche und diesen Filtern passt niemand.',
    clear: 'Suche und Filter leeren',
  },
  choose: (name) => `${name} auswählen`,
  chooseAll: 'Alle Angezeigten auswählen',
  chosen: (count, text) => (count === 1 ? '1 ausgewählt' : `${text} ausgewählt`),
  chooseNone: 'Niemanden auswählen',
  tooMany: (most) => `Höchstens ${most} auf einmal.`,
  many: {
    title: (count, text) => `${count === 1 ? 'Einem Mitglied' : `${text} Mitgliedern`} Zugang geben`,
    close: 'Schließen',
    outcomes: { given: 'Gegeben', already: 'War schon da', not_found: 'Nicht mehr da' },
  },
  views: {
    title: 'Gespeicherte Ansichten',
    keep: 'Ansicht speichern',
    keepTitle: 'Diese Ansicht speichern',
    keepLead:
      'Diese Filter und diese Reihenfolge, für alle, die hier arbeiten. Eine Suche wird nicht gespeichert.',
    name: 'Name',
    confirm: 'Speichern',
    keeping: 'Wird gespeichert …',
    kept: 'Ansicht gespeichert',
    remove: (name) => `„${name}“ entfernen`,
    removed: 'Ansicht entfernt',
  },
};

export const TABLE = { en, de };
