import { type Command, InvalidArgumentError } from 'commander';
import type { Event } from '@session/sdk';
import type { Run } from '../context.ts';
import { follow } from '../follow.ts';

interface TailFlags {
  type?: string[];
  member?: string;
  since?: string;
  limit?: number;
}

export function eventsCommand(program: Command, run: Run): void {
  program
    .command('events')
    .description('what becomes true')
    .command('tail')
    .description('each event as it happens, on a line')
    .option('--type <types...>', 'only these: access.granted, membership.*')
    .option('--member <member>', 'only of this member, by our id or yours')
    .option('--since <event>', 'begin after the event with this id, instead of now')
    .option('--limit <number>', 'end after so many', count)
    .action(({ type, member, since, limit = Infinity }: TailFlags) =>
      run(async ({ session, out }) => {
        let left = limit;
        for await (const event of follow(session, { types: type, member, since })) {
          out.line(event, eventLine(event));
          left -= 1;
          if (left <= 0) return;
        }
      }),
    );
}

/** @throws InvalidArgumentError for what is no whole number from 1 */
export function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}

/** `12:00:01 access.granted fct_… mbr_…` */
export const eventLine = ({ createdAt, type, id, memberId }: Event) =>
  [createdAt.slice(11, 19), type, id, ...(memberId === null ? [] : [memberId])].join(' ');
