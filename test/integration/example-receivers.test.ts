import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { signedHeaders } from '../../src/webhooks-out/sign';
import { eventually } from '../support/eventually';
import { installPython } from '../support/python';
import { rigFor, sellerFor } from '../support/setup';

// The receivers of docs/examples/receivers, as a coach runs them: one with the SDK alone, one in Python with the library of
// Standard Webhooks.
const FOLDER = join(PROJECT_ROOT, 'docs', 'examples', 'receivers');
const WANTS =
  'This test wants Python 3.9 or later with its venv module, and pip that reaches its registry (once).';
const PROGRAMS: Record<string, () => Promise<[string, string]>> = {
  'the SDK': () => Promise.resolve([process.execPath, 'receiver.mjs']),
  'Standard Webhooks in Python': async () => [
    join(await installPython(join(FOLDER, 'requirements.txt'), WANTS), 'python'),
    'receiver.py',
  ],
};

interface Said {
  url?: string;
  id?: string;
  type?: string;
  refused?: string;
}

const rig = rigFor('file');
const seller = sellerFor('file', rig);
const children: ChildProcess[] = [];
afterEach(() => rig.db.webhookEndpoint.deleteMany());
afterAll(() => children.forEach((child) => child.kill()));

/** An endpoint with its program behind it. */
async function receiver([command, file]: [string, string]) {
  const { api } = seller.coach;
  // Its secret is known before its address.
  const { id, secret } = await api.post('/v1/webhook-endpoints', { body: { url: 'http://127.0.0.1:9/' } });
  const child = spawn(command, [join(FOLDER, file)], {
    env: { ...process.env, SESSION_WEBHOOK_SECRET: secret, PORT: '0', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  const url = await eventually('the receiver to listen', () => said[0]?.url);
  await api.patch('/v1/webhook-endpoints/{id}', { params: { path: { id } }, body: { url } });
  return { said, url, secret };
}

describe.each(Object.keys(PROGRAMS))('a receiver with %s', (name) => {
  const program = PROGRAMS[name] as () => Promise<[string, string]>;

  test('verifies every delivery of a sale', async () => {
    const { said } = await receiver(await program());
    const { memberId } = await seller.purchase(await seller.offer({ unitAmount: 4900 }), `of ${name}`);
    await seller.quiet();
    const told = async () => {
      const ids: string[] = [];
      const query = { member: memberId as string, order: 'oldest_first' as const };
      for await (const { id } of seller.coach.api.list('/v1/events', { params: { query } })) ids.push(id);
      return ids;
    };
    // Listed in their order once nobody can write an earlier one any more: a moment later where others use the same Postgres.
    const expected = await eventually('what is told of the sale', async () => {
      const ids = await told();
      return ids.length > 4 && ids;
    });
    const taken = () => said.flatMap(({ id }) => (id === undefined ? [] : [id]));
    await eventually('all of them', () => expected.every((id) => taken().includes(id)));
    expect(said.filter(({ refused }) => refused !== undefined)).toEqual([]);
  });

  test('refuses what was tampered with, is old, or is signed by somebody else', async () => {
    const { said, url, secret } = await receiver(await program());
    const body = JSON.stringify({ type: 'access.granted', data: { id: 'fct_own', present: null } });
    const now = new Date();
    const post = async (signed: Record<string, string>, sent = body) =>
      (await fetch(url, { method: 'POST', headers: signed, body: sent })).status;
    const sign = (at: Date, by = secret) => signedHeaders([by], { id: 'fct_own', at, body });
    const of = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const right = sign(now);
    const somebodyElses = `whsec_${Buffer.from('somebody else').toString('base64')}`;

    expect(await post(right)).toBe(204);
    expect(await post(right, body.replace('granted', 'ended'))).toBe(400);
    expect(await post(right, `${body} `)).toBe(400);
    expect(await post({ ...right, 'webhook-id': 'fct_another' })).toBe(400);
    expect(await post({ ...right, 'webhook-timestamp': String(Math.floor(of(60).getTime() / 1000)) })).toBe(
      400,
    );
    expect(await post({ ...right, 'webhook-signature': 'v1,bm90IG91cnM=' })).toBe(400);
    expect(await post({ ...right, 'webhook-signature': 'v1,no base64' })).toBe(400);
    expect(await post(sign(of(-600)))).toBe(400);
    expect(await post(sign(of(600)))).toBe(400);
    expect(await post(sign(now, somebodyElses))).toBe(400);
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
      expect(await post(Object.fromEntries(Object.entries(right).filter(([key]) => key !== name)))).toBe(400);
    // With a secret that is valid as well, the other one is no matter.
    const both = signedHeaders([somebodyElses, secret], { id: 'fct_own', at: now, body });
    expect(await post(both)).toBe(204);
    // What it says comes by another way than its answers.
    await eventually('all that it says', () => said.length === 1 + 2 + 12);
    expect(said.filter(({ id }) => id === 'fct_own')).toHaveLength(2);
    expect(said.filter(({ refused }) => refused !== undefined)).toHaveLength(12);
  });
});
