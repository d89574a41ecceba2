import { Agent } from 'node:http';
import type { WebhookSecret } from '../../../src/config/stripe-modes';
import { randomOf } from '../../model/random';
import { type AttackOptions, type Outcome, shareOf, sideBySide } from '../attack';
import { type Received, send, sendBytes } from '../wire';
import { BODIES } from './bodies';
import { type Delivery, genuine, type Material, newEvent } from './delivery';
import { HEADERS } from './headers';
import { SECRETS } from './secrets';

/** A webhook endpoint, and what its owner knows. */
export interface WebhookTarget {
  url: string;
  secrets: readonly WebhookSecret[];
  /** How many events it has taken. */
  taken(): Promise<number>;
}

const PATH = '/webhooks/stripe';
/** Forgeries of one class. */
const EACH = 250;
const AT_ONCE = 8;

const CLASSES: Record<string, (material: Material) => Delivery> = {
  ...prefixed('signed by', SECRETS),
  ...prefixed('body', BODIES),
  ...prefixed('header', HEADERS),
};

function prefixed<T>(prefix: string, classes: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(classes).map(([name, one]) => [`${prefix}: ${name}`, one]));
}

/**
 * Forged deliveries of every class, none of which may be answered with success or leave a row. Before and after, each
 * secret's own event has to be taken: an endpoint that takes nothing proves nothing.
 */
export async function attackSignatures(target: WebhookTarget, options: AttackOptions): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const random = randomOf(options.seed);
  const each = shareOf(EACH, options);
  const opened: string[] = [];
  let tried = 0;
  let accepted = 0;
  try {
    await expectGenuine(target, random, agent);
    for (const [name, forge] of Object.entries(CLASSES)) {
      const before = await target.taken();
      let taken = 0;
      const forged = Array.from({ length: each }, () => forge(newMaterial(target, random)));
      await sideBySide(forged, AT_ONCE, async (one) => {
        tried += 1;
        const { status } = await deliver(target, one, agent);
        if (status >= 200 && status < 300) taken += 1;
        // No refusal, but not its fault either: it would be delivered again.
        if (status >= 500) opened.push(`${name}: ${status}`);
      });
      taken = Math.max(taken, (await target.taken()) - before);
      accepted += taken;
      if (taken > 0) opened.push(`${name}: ${taken} of ${each}`);
    }
    await expectGenuine(target, random, agent);
  } finally {
    agent.destroy();
  }
  options.progress(`signatures: ${tried} forgeries of ${Object.keys(CLASSES).length} classes`);
  return { figures: { classes: Object.keys(CLASSES).length, tried, accepted }, opened };
}

/** @throws Error where an endpoint refuses what is right, or does not store it. */
async function expectGenuine(target: WebhookTarget, random: () => number, agent: Agent): Promise<void> {
  for (const signer of target.secrets) {
    const before = await target.taken();
    const { status } = await deliver(target, genuine(newMaterial(target, random, signer)), agent);
    if (status !== 200 || (await target.taken()) !== before + 1)
      throw new Error(`A genuine event (${signer.scope}, ${signer.mode}) was answered with ${status}`);
  }
}

function newMaterial(
  { secrets }: WebhookTarget,
  random: () => number,
  signer: WebhookSecret | undefined = secrets.find(
    ({ scope, mode }) => scope === 'connect' && mode === 'test',
  ),
): Material {
  if (signer === undefined) throw new Error('The endpoint has no secret for events of accounts in test mode');
  const number = (below: number) => Math.floor(random() * below);
  const hex = (length: number) => Array.from({ length }, () => number(16).toString(16)).join('');
  const event = newEvent(signer, hex);
  return {
    event,
    body: Buffer.from(JSON.stringify(event)),
    secret: signer.secret,
    secrets,
    now: Math.floor(Date.now() / 1000),
    number,
    hex,
  };
}

function deliver(
  { url }: WebhookTarget,
  { method = 'POST', path = PATH, headers, body, raw }: Delivery,
  agent: Agent,
): Promise<Received> {
  if (raw === undefined) return send(url, { method, path, headers, body }, agent);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n${lines}${raw}Content-Length: ${body.length}\r\n\r\n`;
  return sendBytes(url, Buffer.concat([Buffer.from(head, 'latin1'), body]));
}
