import { Agent } from 'node:http';
import { randomOf, shuffled } from '../../model/random';
import { type AttackOptions, type Outcome, shareOf, sideBySide } from '../attack';
import { operationsOf } from '../document';
import type { Stack } from '../stack';
import { type Received, send } from '../wire';
import {
  type Attempt,
  consoleSessions,
  foreignIds,
  type Parties,
  throughTheConsole,
  wrongCredentials,
} from './attempts';
import { type Business, openBusiness } from './business';
import { metadataAtStripe } from './metadata';
import { stateReader } from './state';

export interface TenantOptions extends AttackOptions {
  /** Told who they are, before anything is tried. */
  onParties?: (parties: Parties) => void;
}

/** What is stored of the victim is compared after so many requests. */
const GROUP = 24;
const AT_ONCE = 6;

/**
 * Every operation of the document with every wrong credential, and with ids of another coach's in every place that takes one.
 * An attempt is allowed that is answered with a success it may not have, with anything of the other coach's, or after
 * which something of the other coach's is another.
 */
export async function attackTenants(stack: Stack, options: TenantOptions): Promise<Outcome> {
  const { progress } = options;
  const { api } = stack;
  const attacker = await openBusiness(stack);
  const victim = await openBusiness(stack);
  const parties: Parties = {
    attacker,
    victim,
    platformKey: stack.config.platformKey,
    memberToken: await victim.seller.tokenFor(`member-${victim.trace}`),
  };
  options.onParties?.(parties);
  const operations = (await operationsOf(api)).filter(({ key }) => key !== null);
  const all = [
    ...operations.flatMap((operation) => [
      ...wrongCredentials(operation, parties),
      ...throughTheConsole(operation, parties),
      ...foreignIds(operation, parties),
    ]),
    ...consoleSessions(parties),
  ];
  const chosen = shuffled(all, randomOf(options.seed)).slice(0, shareOf(all.length, options));
  progress(`tenant: ${chosen.length} of ${all.length} requests to ${operations.length} operations`);

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const opened: string[] = [];
  let allowed = 0;
  const state = await stateReader(stack, victim);
  let before = await state.read();
  const changesBefore = await state.changesAtStripe();
  try {
    await expectOwner(api, victim, agent);
    for (let first = 0; first < chosen.length; first += GROUP) {
      const group = chosen.slice(first, first + GROUP);
      await sideBySide(group, AT_ONCE, async (one) => {
        const answer = await send(api, request(one), agent);
        const found = verdict(one, answer, victim);
        if (found.length === 0) return;
        allowed += 1;
        opened.push(`${one.name}: ${answer.status}, ${found.join(', ')}`);
      });
      const tables = await state.changedSince(before);
      if (tables.length === 0) continue;
      allowed += 1;
      opened.push(`changed ${tables.join(', ')}: one of\n  ${group.map(({ name }) => name).join('\n  ')}`);
      before = await state.read();
    }
    const written = await metadataAtStripe(stack, attacker, victim);
    const touched = [
      ...(await state.changedSince(before)).map(changed),
      ...((await state.changesAtStripe()) === changesBefore ? [] : ['Stripe was asked to change something']),
    ];
    if (touched.length > 0) {
      allowed += 1;
      opened.push(`metadata of the victim’s at Stripe: ${touched.join(', ')}`);
    }
    await expectOwner(api, victim, agent);
    return {
      figures: { operations: operations.length, tried: chosen.length + written, allowed },
      opened,
    };
  } finally {
    agent.destroy();
  }
}

const changed = (table: string) => `changed ${table}`;

function request({ method, path, headers, body }: Attempt) {
  if (body === undefined) return { method, path, headers };
  return {
    method,
    path,
    headers: [...headers, ['Content-Type', 'application/json'] as const],
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** What is wrong with an answer. */
function verdict(one: Attempt, { status, text }: Received, victim: Business): string[] {
  const asked = JSON.stringify([one.path, decodeURIComponent(one.path), one.headers, one.body]);
  const { trace, accountId, ids, keys, signingSecret, console } = victim;
  // In their own audit log people find the ids that they have tried, and no entry of anybody else's.
  const named = one.path.includes('/audit-log') ? [ids['aud_'] ?? ''] : Object.values(ids);
  const marks = [trace, accountId, ...named, ...Object.values(keys), signingSecret.secret, console.csrf];
  // Who they are is no secret of the other mode.
  const own = one.headers.some(([, value]) => value === `Bearer ${keys.live}`)
    ? [victim.coachId, victim.coachName]
    : [];
  const rest = own.reduce((left, mark) => left.replaceAll(mark, ''), text);
  const leaked = marks.filter((mark) => rest.includes(mark) && !asked.includes(mark));
  return [
    ...leaked.map((mark) => `the answer has ${mark}`),
    ...(one.expected === 'refused' && status < 400 ? ['a success'] : []),
    // The state of a fact is told to whoever's fact it is; whose it is, the marks say.
    ...(/"access":true(?!,"object":"access")|"Idempotent-Replayed"/i.test(text) ? ['access'] : []),
    ...(status >= 500 && status !== 503 ? ['a failure of ours'] : []),
  ];
}

/** @throws Error where the victim’s own key is not answered: then no refusal proves anything. */
async function expectOwner(api: string, { keys, ids, trace }: Business, agent: Agent): Promise<void> {
  const { status, text } = await send(
    api,
    {
      method: 'GET',
      path: `/v1/products/${ids['pdt_']}`,
      headers: [['Authorization', `Bearer ${keys.test}`]],
    },
    agent,
  );
  if (status !== 200 || !text.includes(trace))
    throw new Error(`The owner was answered with ${status}: ${text}`);
}
