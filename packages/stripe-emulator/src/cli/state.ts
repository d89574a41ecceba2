import { readFileSync } from 'node:fs';
import { CliError, SCOPE, SCOPE_USAGE, defined, scopeOf, word, type Command } from './command';
import { targetOf } from './duration';

interface Clock {
  now: number;
  nextBoundary: number | null;
}

interface KnownAccount {
  id: string;
  platform: boolean;
  connected: { test: boolean; live: boolean };
  account: { business_profile?: { name: string | null } };
}

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

const showClock = ({ now, nextBoundary }: Clock): string =>
  `It is ${time(now)}; ${nextBoundary === null ? 'nothing is scheduled.' : `something is scheduled for ${time(nextBoundary)}.`}`;

const showAccount = ({ id, platform, connected, account }: KnownAccount): string => {
  const modes = [connected.test ? 'test' : '', connected.live ? 'live' : ''].filter(Boolean).join(' and ');
  const state = platform ? 'the platform' : modes ? `connected (${modes})` : 'not connected';
  return `${id}  ${account.business_profile?.name ?? ''}  ${state}`;
};

/** What there is, and what time it is. */
export const stateCommands: Command[] = [
  {
    name: 'accounts',
    usage: '',
    about: 'lists the accounts',
    async run({ control, print }) {
      const answer = await control.get<{ accounts: KnownAccount[] }>('/accounts');
      for (const account of answer.accounts) print(showAccount(account));
      return answer;
    },
  },
  {
    name: 'seed',
    usage:
      '[--id acct_…] [--business-name name] [--email address] [--country DE] [--currency eur] [--unverified] | --file accounts.json',
    about: 'creates accounts that can then be connected',
    help: 'The file has a list of accounts: { id?, email?, country?, defaultCurrency?, verified?, businessName? }.',
    options: {
      id: { type: 'string' },
      'business-name': { type: 'string' },
      email: { type: 'string' },
      country: { type: 'string' },
      currency: { type: 'string' },
      unverified: { type: 'boolean' },
      file: { type: 'string' },
    },
    async run({ flags, switches, control, print }) {
      const accounts = flags.file
        ? accountsIn(flags.file)
        : [
            defined({
              id: flags.id,
              businessName: flags['business-name'],
              email: flags.email,
              country: flags.country,
              defaultCurrency: flags.currency,
              verified: switches.has('unverified') ? false : undefined,
            }),
          ];
      const created: KnownAccount[] = [];
      for (const account of accounts) {
        const answer = await control.post<KnownAccount>('/accounts', account);
        print(showAccount(answer));
        created.push(answer);
      }
      return { accounts: created };
    },
  },
  {
    name: 'reset',
    usage: '',
    about: 'forgets everything, rules included',
    async run({ control, print }) {
      const answer = await control.post('/reset');
      print('The emulator is empty.');
      return answer;
    },
  },
  {
    name: 'clock',
    usage: SCOPE_USAGE,
    about: "shows an account's time and when something will happen by itself",
    options: SCOPE,
    async run(input) {
      const clock = await input.control.get<Clock>('/clock', scopeOf(input));
      input.print(showClock(clock));
      return clock;
    },
  },
  {
    name: 'advance',
    usage: `30d|12h|2027-03-01|1803902400 ${SCOPE_USAGE}`,
    about: "moves an account's time forward and does everything that is due on the way",
    options: SCOPE,
    async run(input) {
      const target = targetOf(word(input, 0, 'time: 30d, a date, Unix seconds'));
      const clock = await input.control.post<Clock>('/clock', { ...scopeOf(input), ...target });
      input.print(showClock(clock));
      return clock;
    },
  },
];

function accountsIn(path: string): object[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(list)) throw new CliError(`${path} has to hold a list of accounts.`);
  return list as object[];
}
