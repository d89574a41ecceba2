const en = {
  columns: {
    member: 'Member',
    status: 'Status',
    has: 'Has',
    next: 'Next charge',
    owed: 'Owed',
    paid: 'Total paid',
    since: 'Since',
  },
  status: {
    overdue: 'Overdue',
    suspended: 'On hold',
    canceling: 'Cancelling',
    trial: 'In a trial',
    active: 'Active',
    paused: 'Paused',
    owned: 'Bought',
    gift: 'Gift',
    free: 'Free',
    ended: 'Ended',
    none: 'New',
  },
  begins: (date: string) => `Begins on ${date}`,
  byUse: 'by use',
  nothing: '—',
};

const de: typeof en = {
  columns: {
    member: 'Mitglied',
    status: 'Status',
    has: 'Hat',
    next: 'Nächste Abbuchung',
    owed: 'Offen',
    paid: 'Bezahlt',
    since: 'Seit',
  },
  status: {
    overdue: 'Im Rückstand',
    suspended: 'Ausgesetzt',
    canceling: 'Gekündigt',
    trial: 'In der Probezeit',
    active: 'Aktiv',
    paused: 'Pausiert',
    owned: 'Gekauft',
    gift: 'Geschenk',
    free: 'Kostenlos',
    ended: 'Beendet',
    none: 'Neu',
  },
  begins: (date) => `Beginnt am ${date}`,
  byUse: 'nach Verbrauch',
  nothing: '—',
};

/** What a member is and has, on their page and in the table. */
export const MEMBER = { en, de };
