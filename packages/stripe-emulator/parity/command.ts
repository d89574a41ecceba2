import Stripe from 'stripe';
import { compareAll, type Difference } from './compare';
import { HELP, readCommand, type Choices, type Command } from './options';
import { readRecording, writeRecording } from './recording';
import { checkSelf, passed } from './self';
import { emulatorSide, stripeSide, USUAL_ACCOUNT, type AccountKind } from './sides';
import { differenceTable, selfTable } from './table';
import { tellAll, type ToldStory } from './tell';
import { reasonOf } from './wire';

/** What the command has of the process around it. */
export interface Surroundings {
  env: Record<string, string | undefined>;
  /** A line for the person or program that asked. */
  out: (line: string) => void;
  /** A line about what goes on. */
  progress: (line: string) => void;
  interrupted?: () => boolean;
  /** Where Stripe's API is, and how often to look at a clock there; for tests. */
  stripe?: { base: string; pollMs: number };
}

/** Runs the command; gives the exit code: 0 for no difference, 1 for some, 2 if it could not run. */
export async function parity(args: string[], around: Surroundings): Promise<number> {
  try {
    return await run(readCommand(args, around.env), around);
  } catch (error) {
    const byStripe = error instanceof Stripe.errors.StripeError && error.statusCode !== undefined;
    around.progress(`${byStripe ? 'Stripe refused: ' : ''}${reasonOf(error)}`);
    return 2;
  }
}

async function run(command: Command, around: Surroundings): Promise<number> {
  switch (command.run) {
    case 'help':
      around.out(HELP);
      return 0;
    case 'self':
      return self(command, around);
    case 'recording': {
      const { told, account, of, at } = readRecording(command.file);
      around.progress(`Comparing with what ${of} answered on ${at.slice(0, 10)}.`);
      return compare(of, told, account, command, around);
    }
    case 'stripe': {
      const side = stripeSide(command.key, {
        ...around.stripe,
        ...(around.interrupted ? { interrupted: around.interrupted } : {}),
      });
      const account = await side.account();
      const told = await tellAll(side, command.stories, around.progress);
      if (command.record !== undefined) writeRecording(command.record, { of: side.name, account, told });
      return compare(side.name, told, account, command, around);
    }
  }
}

async function self(choices: Choices, { out, progress }: Surroundings): Promise<number> {
  const check = await checkSelf(choices.stories, progress);
  if (choices.record !== undefined)
    writeRecording(choices.record, { of: 'emulator', account: USUAL_ACCOUNT, told: check.told });
  const { alterations, unexplained, unaltered } = check;
  if (choices.json) {
    const named = alterations.map(({ name, found }) => ({
      name,
      found: found.length > 0,
      differences: found,
    }));
    out(JSON.stringify({ alterations: named, unexplained, unaltered, passed: passed(check) }, null, 2));
  } else out(selfTable(check));
  return passed(check) ? 0 : 1;
}

/** Tells the emulator the stories that the other side was told, and prints what differs. */
async function compare(
  name: string,
  told: ToldStory[],
  account: AccountKind,
  { stories, json }: Choices,
  { out, progress }: Surroundings,
): Promise<number> {
  const wanted = stories.filter((story) => told.some((one) => one.name === story.name));
  const emulated = await tellAll(emulatorSide('emulator', account), wanted, progress);
  const differences: Difference[] = compareAll(told, emulated);
  const compared = wanted.map((story) => {
    const one = told.find((other) => other.name === story.name);
    return { name: story.name, requests: one?.exchanges.length ?? 0, events: one?.events.length ?? 0 };
  });
  if (json) out(JSON.stringify({ left: name, right: 'emulator', stories: compared, differences }, null, 2));
  else {
    const sum = (of: 'requests' | 'events') => compared.reduce((total, story) => total + story[of], 0);
    if (differences.length > 0) out(differenceTable(differences, name, 'emulator'));
    out(
      `${differences.length} differences in ${compared.length} stories, ${sum('requests')} requests and ${sum('events')} events.`,
    );
  }
  return differences.length === 0 ? 0 : 1;
}
