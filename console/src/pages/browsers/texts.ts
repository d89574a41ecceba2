const en = {
  title: 'Signed-in browsers',
  lead: 'The browsers that are signed in to this console. Sign out any that you do not recognise.',
  since: (when: string) => `Signed in on ${when}`,
  seen: 'Last used',
  current: 'This browser',
  byKey: (lastFour: string) => `with the API key that ends in ${lastFour}`,
  byLink: 'with a link from the platform',
  end: 'Sign out there',
  ended: 'That browser is signed out.',
  endOthers: 'Sign out everywhere else',
  endedAll: 'All other browsers are signed out.',
};

const de: typeof en = {
  title: 'Angemeldete Browser',
  lead: 'Die Browser, die in dieser Konsole angemeldet sind. Melden Sie ab, welche Sie nicht kennen.',
  since: (when) => `Angemeldet am ${when}`,
  seen: 'Zuletzt benutzt',
  current: 'Dieser Browser',
  byKey: (lastFour) => `mit dem API-Schlüssel, der auf ${lastFour} endet`,
  byLink: 'über einen Link der Plattform',
  end: 'Dort abmelden',
  ended: 'Der Browser ist abgemeldet.',
  endOthers: 'Überall sonst abmelden',
  endedAll: 'Alle anderen Browser sind abgemeldet.',
};

/** The words of this page alone, which come with it. */
export const BROWSERS = { en, de };
