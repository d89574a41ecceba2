import type { ParseArgsConfig } from 'node:util';
import type { Control } from './control';

/** What somebody typed wrong, or what the emulator refused: its message is all that is shown. */
export class CliError extends Error {}

export interface CommandInput {
  /** The words behind the name of the command. */
  words: string[];
  /** The flags with a value. */
  flags: Record<string, string | undefined>;
  /** The flags without one. */
  switches: Set<string>;
  control: Control;
  /** Shows a line. */
  print: (line: string) => void;
}

/** A sub-command: what it asks the emulator, and how it shows the answer. */
export interface Command {
  /** One word or two. */
  name: string;
  usage: string;
  about: string;
  /** What `--help` says below the usage. */
  help?: string;
  /** Needs no running emulator. */
  standsAlone?: boolean;
  options?: NonNullable<ParseArgsConfig['options']>;
  /** Gives the answer that `--json` prints. */
  run: (input: CommandInput) => Promise<unknown>;
}

/** The flags by which a command names an account and a mode. */
export const SCOPE: NonNullable<ParseArgsConfig['options']> = {
  account: { type: 'string' },
  live: { type: 'boolean' },
};
export const SCOPE_USAGE = '[--account acct_…] [--live]';

/** The account (the platform's own if there is none) and the mode (test if nothing is said). */
export function scopeOf({ flags, switches }: CommandInput): { account?: string; livemode: boolean } {
  return { ...(flags.account ? { account: flags.account } : {}), livemode: switches.has('live') };
}

/** The account and mode if they were named. */
export function namedScopeOf(input: CommandInput): { account?: string; livemode?: boolean } {
  const { account, livemode } = scopeOf(input);
  return { ...(account ? { account } : {}), ...(livemode ? { livemode } : {}) };
}

/** The word at a place; fails with the usage if there is none. */
export function word({ words }: CommandInput, place: number, what: string): string {
  const found = words[place];
  if (found === undefined) throw new CliError(`Say which ${what}.`);
  return found;
}

/** A flag's number, if it was given. */
export function numberOf({ flags }: CommandInput, name: string): number | undefined {
  const text = flags[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new CliError(`--${name} has to be a number, not ${text}.`);
  return number;
}

/** A flag's value, if it was given and is one of those. */
export function oneOf<T extends string>(
  { flags }: CommandInput,
  name: string,
  known: readonly T[],
): T | undefined {
  const text = flags[name];
  if (text === undefined || known.includes(text as T)) return text as T | undefined;
  throw new CliError(`--${name} has to be one of ${known.join(', ')}, not ${text}.`);
}

/** The object without what is undefined. */
export function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
