import type { Command } from 'commander';
import { type Event, type SessionClient, signWebhook } from '@session/sdk';
import type { Run } from '../context.ts';
import { CommandError, EXIT } from '../exit.ts';
import { follow } from '../follow.ts';
import { count, eventLine } from './events.ts';

interface ListenFlags {
  forwardTo: string;
  type?: string[];
  secret?: string;
  since?: string;
  limit?: number;
}

/** Milliseconds that a receiver has, as for webhooks. */
const TIMEOUT_MS = 15_000;

export function listenCommand(program: Command, run: Run): void {
  program
    .command('listen')
    .description('forwards events to a receiver on this machine, signed as webhooks are')
    .requiredOption('--forward-to <address>', 'where to: http://localhost:3000/session-events')
    .option('--type <types...>', 'only these: access.granted, membership.*')
    .option('--secret <secret>', 'sign with this one (whsec_…), instead of a new one each time')
    .option('--since <event>', 'begin after the event with this id, instead of now')
    .option('--limit <number>', 'end after so many', count)
    .action(({ forwardTo, type, secret = newSecret(), since, limit = Infinity }: ListenFlags) =>
      run(async ({ session, out }) => {
        if (!URL.canParse(forwardTo)) throw new CommandError(`${forwardTo} is no address.`, EXIT.usage);
        out.line({ forwardTo, secret }, `Forwarding to ${forwardTo}\nSigning secret: ${secret}`);
        let left = limit;
        for await (const event of follow(session, { types: type, since })) {
          const begun = performance.now();
          const outcome = await forward(session, event, forwardTo, secret);
          const ms = Math.round(performance.now() - begun);
          out.line(
            { id: event.id, type: event.type, ...outcome, ms },
            `${eventLine(event)} → ${said(outcome)} (${ms} ms)`,
          );
          left -= 1;
          if (left <= 0) return;
        }
      }),
    );
}

/** 256 random bits, as the specification writes them. */
const newSecret = () => `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`;

type Outcome = { status: number } | { error: string };

const said = (outcome: Outcome) => ('status' in outcome ? String(outcome.status) : outcome.error);

/** The same body as a webhook has. What the receiver answers is shown; nothing is sent twice. */
async function forward(session: SessionClient, { id }: Event, to: string, secret: string): Promise<Outcome> {
  const data = await session.get('/v1/events/{id}', { params: { path: { id } } });
  const body = JSON.stringify({ type: data.type, timestamp: data.createdAt, data });
  const signed = await signWebhook({ id, body, secret });
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return { status: response.status };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { error: cause?.code ?? message };
  }
}
