import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../src/local/process/child-process';
import { expectFreePorts } from '../../src/local/process/busy-ports';
import type { LocalError } from '../../src/local/process/local-error';
import { freePorts, isPortFree } from '../../src/local/process/ports';
import { identify, isRunning, isSame } from '../../src/local/process/identity';
import { ProcessRecord } from '../../src/local/process/record';
import { waitFor } from '../../src/local/process/wait';

describe('one process and another', () => {
  const then = { pid: 7, startedAt: '100', command: 'node api.js' };

  test.each([
    ['itself', then, true],
    ['itself, about to end: it may still hold its ports', { ...then, command: '' }, true],
    ['another program with its number', { ...then, startedAt: '200', command: 'vi' }, false],
    [
      'another program with its number that does not show itself yet',
      { ...then, startedAt: '200', command: '' },
      false,
    ],
    [
      'another program that began at the same moment after a restart of the machine',
      { ...then, command: 'vi' },
      false,
    ],
    ['none', undefined, false],
  ])('%s', (_, now, same) => {
    expect(isSame(then, now)).toBe(same);
  });
});

describe('ports', () => {
  test('all that are taken are told at once, with others that are free', async () => {
    const [free, ...taken] = await freePorts(3);
    const servers = await Promise.all(
      taken.map(
        (port) =>
          new Promise<Server>((resolve) => {
            const server = createServer();
            server.listen(port, '127.0.0.1', () => resolve(server));
          }),
      ),
    );
    const needed = [free, ...taken].map((number, i) => ({
      number: number as number,
      variable: `PORT_${i}`,
      what: `part ${i}`,
    }));
    const told = await expectFreePorts(needed).catch((error: LocalError) => error.message);
    const one = await expectFreePorts(needed.slice(0, 2)).catch((error: LocalError) => error.message);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    expect(told).toMatch(
      new RegExp(
        `^2 ports are in use[^]*\\n  ${taken[0]}  part 1 \\(PORT_1\\)\\n  ${taken[1]}  part 2 \\(PORT_2\\)\\n.*PORT_1=\\d+ PORT_2=\\d+ npm start$`,
      ),
    );
    expect(one).toBe(
      `Port ${taken[0]}, for part 1, is in use by another program: stop that one, or set PORT_1 to a free port.`,
    );
    await expect(expectFreePorts(needed)).resolves.toBeUndefined();
  });

  test('free ports are different and free', async () => {
    const ports = await freePorts(3);
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) expect(await isPortFree(port)).toBe(true);
  });

  test.each(['127.0.0.1', '0.0.0.0'])('a port that somebody listens on at %s is not free', async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    try {
      expect(await isPortFree((server.address() as AddressInfo).port)).toBe(false);
    } finally {
      server.close();
    }
  });
});

describe('processes of an earlier run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-unit-'));
  const file = join(folder, 'processes.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const startSleeper = async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const identity = identify(child.pid as number);
    if (!identity) throw new Error('the process just started has no identity');
    return { child, identity, exited: once(child, 'exit') };
  };

  test('are stopped when they are still the same process', async () => {
    const { identity, exited } = await startSleeper();
    const record = new ProcessRecord(file);
    record.put('sleeper', identity);
    expect(await new ProcessRecord(file).stopAll()).toEqual(['sleeper']);
    expect((await exited)[1]).toBe('SIGTERM');
    expect(record.read()).toEqual([]);
  });

  test('are left alone when the number belongs to another process now', async () => {
    const { child, identity, exited } = await startSleeper();
    const record = new ProcessRecord(file);
    record.put('by time', { ...identity, startedAt: 'earlier' });
    record.put('by command', { ...identity, command: 'something else' });
    expect(await record.stopAll()).toEqual([]);
    expect(isRunning(identity)).toBe(true);
    child.stdin?.end();
    await exited;
    expect(isRunning(identity)).toBe(false);
  });

  test('a damaged record is an empty one', () => {
    writeFileSync(file, '[{"name":');
    expect(new ProcessRecord(file).read()).toEqual([]);
  });
});

describe('a child of ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-unit-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const start = (code: string) =>
    startChild({
      name: 'Sleeper',
      command: process.execPath,
      args: ['-e', code],
      logFile: join(folder, 'child.log'),
    });

  test('is recorded with its command line', async () => {
    const child = await start('setInterval(() => {}, 1000)');
    expect(child.identity).toEqual(identify(child.identity.pid));
    expect(child.identity.command).toContain('setInterval');
    await child.stop();
  });

  test('is stopped, whatever was recorded of it', async () => {
    const child = await start('setInterval(() => {}, 1000)');
    Object.assign(child.identity, { command: '' });
    await child.stop();
    expect(child.exitReason()).toEqual({ code: null, signal: 'SIGTERM' });
    await child.stop();
  });

  test('is killed when it does not listen', async () => {
    const child = await start(
      "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)",
    );
    await waitFor('its word', () => readFileSync(child.logFile, 'utf8').includes('deaf'), {
      deadlineMs: 5000,
    });
    await child.stop({ graceMs: 1 });
    expect(child.exitReason()).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('waiting', () => {
  test('gives the first answer, errors meaning not yet', async () => {
    let calls = 0;
    const ask = () => {
      calls += 1;
      if (calls === 1) throw new Error('not up');
      return calls === 3 && 'up';
    };
    expect(await waitFor('a server', ask, { deadlineMs: 5_000, everyMs: 1 })).toBe('up');
  });

  test('says what did not come, and why', async () => {
    const ask = () => Promise.reject(new Error('refused'));
    const failure = waitFor('a server', ask, { deadlineMs: 5, everyMs: 1 });
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining('a server') as string,
      cause: expect.objectContaining({ message: 'refused' }) as Error,
    });
  });
});
