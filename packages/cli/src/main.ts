import { Command, CommanderError } from 'commander';
import { SessionProblem, SessionUnreachable } from '@session/sdk';
import { accessCommand } from './commands/access.ts';
import { eventsCommand } from './commands/events.ts';
import { listenCommand } from './commands/listen.ts';
import { membersCommand } from './commands/members.ts';
import { openCommand } from './commands/open.ts';
import { sandboxCommands } from './commands/sandbox.ts';
import { triggerCommand } from './commands/trigger.ts';
import type { Run } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { Output } from './output.ts';
import { Place, type PlaceFlags } from './place.ts';

const HELP = `
Where it works: --url and --key, else SESSION_URL and SESSION_API_KEY, else the system that npm start runs in this folder or one
above it (.data/local.json), as its demo coach.

It ends with 0 when it is done, 1 when something failed or was refused, 2 when it was not understood, 3 when Session cannot be
reached, and 4 when the answer of access is no.`;

/** The command, with the words behind its name; how it ends. */
export async function main(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('session')
    .description('Session Payments on the command line')
    .option('--url <address>', 'of the API')
    .option('--key <key>', 'a secret key of the coach')
    .option('--live', 'beside npm start: as the demo coach in live mode')
    .option('--json', 'answers for programs')
    .addHelpText('after', HELP)
    .exitOverride();

  const run: Run = async (action) => {
    const { json, ...flags } = program.opts<PlaceFlags & { json?: boolean }>();
    const place = new Place(flags);
    const context = {
      place,
      out: new Output(json === true),
      // Some commands need no key.
      get session() {
        return place.session();
      },
    };
    exitCode = (await action(context)) ?? EXIT.done;
  };
  for (const add of [
    accessCommand,
    membersCommand,
    eventsCommand,
    listenCommand,
    triggerCommand,
    openCommand,
    sandboxCommands,
  ])
    add(program, run);

  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const { message, exitCode: code } = explained(error);
    process.stderr.write(`${message}\n`);
    return code;
  }
}

/** What a person reads of an error, and how the command ends. @throws what nobody has foreseen */
function explained(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CommandError) return error;
  if (error instanceof SessionProblem)
    return { message: `${error.code}: ${error.message}`, exitCode: EXIT.failed };
  if (error instanceof SessionUnreachable)
    return {
      message: `${error.message} Is it running, and is the address right?`,
      exitCode: EXIT.unreachable,
    };
  throw error;
}
