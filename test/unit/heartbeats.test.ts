import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@temporalio/activity';
import { heartbeats } from '../../src/worker/heartbeats';

afterEach(() => {
  jest.useRealTimers();
});

/** How often an activity beats that works for so many milliseconds. */
async function beatsOf(milliseconds: number, outcome: 'done' | 'failed' = 'done'): Promise<number> {
  jest.useFakeTimers();
  let beats = 0;
  const context = { heartbeat: () => (beats += 1) } as unknown as Context;
  const execute = heartbeats(context).inbound?.execute?.bind(undefined);
  const work = new Promise<void>((resolve, reject) => {
    setTimeout(() => (outcome === 'done' ? resolve() : reject(new Error('no'))), milliseconds);
  });
  const running = execute?.({ args: [], headers: {} }, () => work).catch(() => undefined);
  await jest.advanceTimersByTimeAsync(milliseconds);
  await running;
  const whileWorking = beats;
  // What is over says nothing more.
  await jest.advanceTimersByTimeAsync(60_000);
  expect(beats).toBe(whileWorking);
  return whileWorking;
}

test('an activity says that its process lives for as long as it works, and costs nothing while it is short', async () => {
  expect(await beatsOf(3000)).toBe(0);
  expect(await beatsOf(30_000)).toBe(7);
  expect(await beatsOf(30_000, 'failed')).toBe(7);
});

const WORKFLOWS = join(__dirname, '..', '..', 'src', 'workflows');
const proxied = readdirSync(WORKFLOWS)
  .map((file) => ({ file, code: readFileSync(join(WORKFLOWS, file), 'utf8') }))
  .filter(({ code }) => code.includes('proxyActivities<'));

test.each(proxied)('no activity of $file can be lost for longer than a heartbeat', ({ code }) => {
  const options = code.split(/proxyActivities<[^(]+>\(\{/).slice(1);
  expect(options.length).toBeGreaterThan(0);
  for (const option of options)
    expect(option.slice(0, option.indexOf('});'))).toContain('heartbeatTimeout: HEARTBEAT_TIMEOUT');
});
