import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSessionClient, verifyWebhook } from '@session/sdk';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { waitFor } from '../../src/local/process/wait';
import { type LocalStack, startLocalStack } from '../harness/local-stack';

// What docs/quickstart.md says, as it stands there, and the command that it uses, against the system of `npm start`.

const run = promisify(execFile);
const GUIDE = readFileSync(join(PROJECT_ROOT, 'docs', 'quickstart.md'), 'utf8');
const SESSION = join(PROJECT_ROOT, 'packages', 'cli', 'bin', 'session.js');

/** Every block of a language, in the order of the page. */
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp('^```' + language + '\\n([\\s\\S]*?)^```$', 'gm'))].map(
    ([, block = '']) => block,
  );

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

let stack: LocalStack;
let sandbox: { coachId: string; key: string; accountId: string; url: string };
const children: ChildProcess[] = [];

/** What a terminal in this folder has. Where the page has the usual address, the test has that of its stack. */
const environment = (more: Record<string, string> = {}) => {
  const { SESSION_API_KEY: _key, SESSION_URL: _url, ...inherited } = process.env;
  return { ...inherited, ...stack.place.env, ...more };
};

/** `session …`, to its end. */
async function session(words: string[], more: Record<string, string> = {}): Promise<Ended> {
  const options = { env: environment(more), cwd: PROJECT_ROOT };
  return run(process.execPath, [SESSION, ...words], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => error,
  );
}

/** The same with the sandbox's key, for what has to be done. */
async function done(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await session(words, { SESSION_API_KEY: sandbox.key });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

beforeAll(async () => {
  stack = await startLocalStack();
  const { stdout, stderr } = await session(['--json', 'sandbox', '--name', 'Of the tests']);
  expect(stderr).toBe('');
  sandbox = JSON.parse(stdout) as typeof sandbox;
});
afterAll(async () => {
  children.forEach((child) => child.kill());
  await stack.stop();
});

describe('the quickstart', () => {
  const here = (text: string) => text.replaceAll('http://localhost:4000', stack.info().api);

  test('leads to a paid member with curl', async () => {
    const script = ['set -euo pipefail', ...blocks('sh').map(here)].join('\n');
    const { stdout } = await run('bash', ['-c', script], { env: environment(), cwd: PROJECT_ROOT });
    expect(stdout.trim().split('\n')).toEqual([
      'active',
      expect.stringMatching(/^Pay here: http/),
      expect.stringMatching(/^chk_\w+ completed$/),
      expect.stringMatching(/^Paid/),
      expect.stringMatching(/^yes until .+: Paid/),
      expect.stringMatching(/^next: /),
    ]);
  });

  test('leads to a paid member with the SDK', async () => {
    // Inside the clone, where the SDK is found as it would be in a project that has it installed.
    const cache = join(PROJECT_ROOT, 'test', '.cache');
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'quickstart-'));
    const file = join(folder, 'quickstart.mjs');
    writeFileSync(file, blocks('js').join('\n'));
    const env = environment({ SESSION_URL: stack.info().api, SESSION_API_KEY: sandbox.key });
    const { stdout } = await run(process.execPath, [file], { env, cwd: PROJECT_ROOT });
    rmSync(folder, { recursive: true });
    expect(stdout.trim().split('\n')).toEqual([
      'active',
      expect.stringMatching(/^Pay here: http/),
      expect.stringMatching(/^chk_\w+ completed$/),
      expect.stringMatching(/^true Paid/),
    ]);
  });

  test('every step is there twice', () => {
    expect(blocks('sh')).toHaveLength(5);
    expect(blocks('js')).toHaveLength(5);
  });
});

describe('session', () => {
  test('without a key it works as the demo coach of the system that runs here', async () => {
    const { stdout, code } = await session(['--json', 'members']);
    expect({ code, found: JSON.parse(stdout) as unknown }).toEqual({ code: 0, found: [] });
  });

  test('access answers yes and no, for people, programs and scripts', async () => {
    const gift = JSON.parse(await done('--json', 'trigger', 'access.granted', '--member', 'gifted')) as {
      productId: string;
      memberId: string;
    };
    expect(await done('access', 'gifted', gift.productId)).toMatch(/^yes: /);
    const found = JSON.parse(await done('--json', 'access', 'gifted', gift.productId)) as { access: boolean };
    expect(found).toMatchObject({ access: true, memberId: gift.memberId });
    expect(
      await session(['access', 'nobody', gift.productId], { SESSION_API_KEY: sandbox.key }),
    ).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^no: /) as string,
    });
    expect(await done('members', 'gifted')).toContain(gift.memberId);
  });

  test('trigger makes events happen that events tail shows', async () => {
    const [newest] = (await client().get('/v1/events', { params: { query: { limit: 1 } } })).data;
    const paid = JSON.parse(await done('--json', 'trigger', 'checkout.completed')) as {
      id: string;
      status: string;
    };
    expect(paid.status).toBe('completed');
    await done('trigger', 'access.ended');
    const since = ['--since', newest?.id ?? ''];
    const lines = await done('events', 'tail', ...since, '--type', 'checkout.*', 'access.*', '--limit', '5');
    const types = lines
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1]);
    expect(types).toEqual([
      'checkout.opened',
      'checkout.completed',
      'access.granted',
      'access.granted',
      'access.ended',
    ]);
  });

  test('listen forwards events, signed with the secret that it says', async () => {
    const posted: { body: string; headers: IncomingHttpHeaders }[] = [];
    const receiver = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        posted.push({ body: Buffer.concat(parts).toString(), headers: request.headers });
        response.writeHead(posted.length === 1 ? 204 : 500).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const forwardTo = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/session-events`;
    const words = ['--json', 'listen', '--forward-to', forwardTo, '--type', 'access.*', '--limit', '2'];
    const child = spawn(process.execPath, [SESSION, ...words], {
      env: environment({ SESSION_API_KEY: sandbox.key }),
      cwd: PROJECT_ROOT,
    });
    children.push(child);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const lines = () =>
      said
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await waitFor('the secret', () => lines().length > 0, { deadlineMs: 60_000 });
    // What happens before it looks is not forwarded: it begins with what is newest then.
    await waitFor(
      'the first to be forwarded',
      async () => {
        await done('trigger', 'access.ended');
        return posted.length > 0;
      },
      { deadlineMs: 60_000 },
    );
    expect(await ended).toBe(0);
    receiver.close();
    const [{ secret } = {}, first, second] = lines();
    expect([first, second]).toMatchObject([
      { type: 'access.granted', status: 204 },
      { type: 'access.ended', status: 500 },
    ]);
    const [message] = posted;
    const verified = await verifyWebhook({ ...(message as (typeof posted)[0]), secret: secret as string });
    // What it is about as it was read, before the access ended or after.
    expect(verified).toMatchObject({
      type: 'access.granted',
      data: { id: first?.['id'], present: { object: 'access', access: expect.any(Boolean) as boolean } },
    });
  });

  test('open says where things are', async () => {
    const { api, temporalUi, demo } = stack.info();
    expect(await done('open', '--print')).toBe(`${api}/console\n`);
    expect(await done('open', 'docs', '--print')).toBe(`${api}/docs\n`);
    expect(await done('open', 'site', '--print')).toBe(`${demo?.siteUrl}\n`);
    const { id } = JSON.parse(await done('--json', 'trigger', 'checkout.opened')) as { id: string };
    const { url } = JSON.parse(await done('--json', 'open', id, '--print')) as { url: string };
    const { origin, pathname } = new URL(url);
    expect(`${origin}`).toBe(temporalUi);
    const [, , namespace, , workflow = ''] = pathname.split('/');
    const found = await fetch(`${origin}/api/v1/namespaces/${namespace}/workflows/${workflow}`);
    expect(found.status).toBe(200);
  });

  test.each([
    ['a refusal', 1, ['access', 'x', 'pdt_none'], {}, /^not_found: /],
    ['a key that is none', 1, ['members'], { SESSION_API_KEY: 'ses_test_none' }, /^unauthorized: /],
    ['a live key for trigger', 2, ['--key', 'ses_live_x', 'trigger', 'access.granted'], {}, /live mode/],
    ['an event that cannot be triggered', 2, ['trigger', 'access.lost'], {}, /access\.granted/],
    ['a command that is none', 2, ['sell'], {}, /unknown command/],
    ['something that cannot be opened', 2, ['open', 'the door'], {}, /Open what\?/],
    [
      'nobody at the address',
      3,
      ['--url', 'http://127.0.0.1:9', '--key', 'x', 'members'],
      {},
      /did not answer/,
    ],
    ['no address at all', 2, ['members'], { SESSION_DATA_DIR: '/nowhere' }, /^Which Session\?/],
  ])('%s ends with %i, and a sentence on standard error', async (_, code, words, more, sentence) => {
    const ended = await session(words, more as Record<string, string>);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  const client = () => createSessionClient({ url: sandbox.url, key: sandbox.key });
});
