import { parseArgs } from 'node:util';
import { CliError, type Command } from './command';
import { Control } from './control';
import { eventCommands } from './events';
import { ruleCommands } from './rules';
import { serve } from './serve';
import { stateCommands } from './state';
import { triggerCommands } from './trigger';

export const commands: Command[] = [
  serve,
  ...stateCommands,
  ...eventCommands,
  ...triggerCommands,
  ...ruleCommands,
];

const DEFAULT_URL = 'http://127.0.0.1:12111';

/** Runs a command line (without the program's name) and shows its lines. */
export async function run(args: string[], print: (line: string) => void): Promise<void> {
  const { command, rest } = commandOf(args);
  if (!command) {
    if (args.length === 0 || args.some((arg) => arg === '--help' || arg === '-h') || args[0] === 'help') {
      print(overview());
      return;
    }
    throw new CliError(`There is no command ${args[0]}. \`stripe-emulator --help\` lists the commands.`);
  }
  const { values, positionals } = parsed(command, rest);
  if (values.help) {
    print(helpOf(command));
    return;
  }
  const flags = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const switches = new Set(Object.entries(values).flatMap(([name, value]) => (value === true ? [name] : [])));
  const json = switches.has('json');
  const url = (flags.url ?? process.env.STRIPE_EMULATOR_URL ?? DEFAULT_URL).replace(/\/+$/, '');
  const answer = await command.run({
    words: positionals,
    flags,
    switches,
    control: new Control(url),
    print: json ? () => undefined : print,
  });
  if (json) print(JSON.stringify(answer, null, 2));
}

/** The command that the first two words name, or the first one. Flags alone start an emulator. */
function commandOf(args: string[]): { command: Command | undefined; rest: string[] } {
  const [first, second] = args;
  if (first === undefined || (first.startsWith('-') && first !== '--help' && first !== '-h'))
    return { command: serve, rest: args };
  const two = commands.find(({ name }) => name === `${first} ${second}`);
  if (two) return { command: two, rest: args.slice(2) };
  return { command: commands.find(({ name }) => name === first), rest: args.slice(1) };
}

function parsed(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: !command.standsAlone,
      options: {
        ...command.options,
        help: { type: 'boolean', short: 'h' },
        ...(command.standsAlone ? {} : { json: { type: 'boolean' }, url: { type: 'string' } }),
      },
    });
  } catch (error) {
    const [reason] = (error as Error).message.split('. To specify');
    throw new CliError(`${reason}\n${usageOf(command)}`);
  }
}

function usageOf({ name, usage, standsAlone }: Command): string {
  const common = standsAlone ? '' : '[--json] [--url http://127.0.0.1:12111]';
  return `Usage: ${['stripe-emulator', name, usage, common].filter(Boolean).join(' ')}`;
}

function helpOf(command: Command): string {
  return [usageOf(command), '', sentence(command.about), ...(command.help ? ['', command.help] : [])].join(
    '\n',
  );
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: stripe-emulator [command] [flags]',
    '',
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'All but `start` speak to a running emulator, at --url or STRIPE_EMULATOR_URL (default',
    `${DEFAULT_URL}). \`--json\` prints the answer for programs, \`--help\` behind a command says more.`,
  ].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
