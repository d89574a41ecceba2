import { parseArgs } from 'node:util';
import { stories } from './stories';
import type { Story } from './stage';

export const HELP = `Usage: npm run emulator:parity -- [options]

Plays the same stories against Stripe and against the emulator, and prints everything in which they differ: bodies, HTTP
statuses, errors and sequences of events. Ids and times are taken out first.

  STRIPE_TEST_SECRET_KEY     the secret key of a sandbox (sk_test_… or rk_test_…): in Stripe's Dashboard open a sandbox of its
                             own for this, then Developers > API keys. Live keys are refused. About 350 requests are sent;
                             test clocks, customers and coupons are deleted afterwards, products and prices archived.

  STRIPE_TEST_SECRET_KEY=sk_test_… npm run emulator:parity

  --record FILE              also keeps what Stripe answered, without ids and times
  --against recording FILE   compares the emulator with such a file; needs neither key nor network
  --self                     compares an emulator with one that is altered in known ways: shows that differences are found
  --only STORY               one story (may be repeated): ${stories.map(({ name }) => name).join(', ')}
  --json                     the differences as one JSON object
  --help

Ends with 0 if there is no difference, 1 if there are some, 2 if it could not run.
`;

const NO_KEY = `This compares the emulator with the real Stripe, for which it needs the secret key of a sandbox:

  STRIPE_TEST_SECRET_KEY=sk_test_… npm run emulator:parity

The key is in Stripe's Dashboard, in a sandbox, under Developers > API keys. Without one:
  npm run emulator:parity -- --self                      shows that the comparison works
  npm run emulator:parity -- --against recording FILE    compares with what somebody has recorded
  npm run emulator:parity -- --help                      says more`;

/** What cannot be run, and why, in words for the person at the keyboard. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

export interface Choices {
  stories: Story[];
  json: boolean;
  record?: string;
}

export type Command = { run: 'help' } | (Choices & (AgainstStripe | AgainstRecording | { run: 'self' }));
interface AgainstStripe {
  run: 'stripe';
  key: string;
}
interface AgainstRecording {
  run: 'recording';
  file: string;
}

/**
 * What is asked for.
 * @throws CannotRun for a live key, without a key where one is needed, and for arguments that mean nothing
 */
export function readCommand(args: string[], env: Record<string, string | undefined>): Command {
  const { values, positionals } = parsed(args);
  if (values.help) return { run: 'help' };
  const choices: Choices = {
    stories: chosen(values.only),
    json: values.json ?? false,
    ...(values.record === undefined ? {} : { record: values.record }),
  };
  const against = values.against ?? 'stripe';
  const expected = against === 'recording' ? 1 : 0;
  if (positionals.length > expected)
    throw new CannotRun(`"${positionals[expected]}" means nothing here; see --help.`);
  if (values.self) return { run: 'self', ...choices };
  if (against === 'recording') {
    const [file] = positionals;
    if (file === undefined)
      throw new CannotRun('Which recording? --against recording FILE takes what --record FILE has made.');
    return { run: 'recording', file, ...choices };
  }
  if (against !== 'stripe')
    throw new CannotRun(`There is nothing called "${against}" to compare with: stripe, or recording FILE.`);
  return { run: 'stripe', key: testKey(env['STRIPE_TEST_SECRET_KEY']), ...choices };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        against: { type: 'string' },
        record: { type: 'string' },
        self: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CannotRun(`${error instanceof Error ? error.message : String(error)}\nSee --help.`);
  }
}

/** https://docs.stripe.com/keys */
function testKey(key: string | undefined): string {
  if (!key) throw new CannotRun(NO_KEY);
  if (/^[a-z]+_live_/.test(key))
    throw new CannotRun(
      'STRIPE_TEST_SECRET_KEY is a live key. This makes and deletes things, so it takes keys of a sandbox only (sk_test_…).',
    );
  if (!/^(sk|rk)_test_./.test(key))
    throw new CannotRun('STRIPE_TEST_SECRET_KEY is no secret key of a sandbox: those begin with sk_test_.');
  return key;
}

function chosen(names: string[] | undefined): Story[] {
  if (names === undefined) return stories;
  const unknown = names.find((name) => !stories.some((story) => story.name === name));
  if (unknown !== undefined)
    throw new CannotRun(
      `There is no story "${unknown}"; there are: ${stories.map(({ name }) => name).join(', ')}.`,
    );
  return stories.filter(({ name }) => names.includes(name));
}
