import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify } from '../../src/local/process/identity';
import { send, stopFamily } from '../chaos/freezing';

/** Shows another command with each line that it is told, as a process of Postgres does with each statement; says so. */
const CHANGING = `process.stdin.on('data', (title) => { process.title = String(title); process.stdout.write(title); });`;

test('whoever is stopped goes on, whatever it shows as its command by then', async () => {
  const child = spawn(process.execPath, ['-e', CHANGING]);
  await once(child, 'spawn');
  const show = async (title: string) => {
    const told = once(child.stdout, 'data');
    child.stdin.write(title);
    await told;
  };
  await show('idle');
  const found = identify(child.pid as number);
  if (found === undefined) throw new Error('the process just started has no identity');
  await show('PARSE');

  expect(stopFamily(found)).toEqual([found]);
  expect(send(found, 'SIGCONT')).toBe(true);
  // It answers.
  await show('idle');

  expect(send({ ...found, startedAt: 'earlier' }, 'SIGKILL')).toBe(false);
  expect(send(found, 'SIGKILL')).toBe(true);
  await once(child, 'exit');
  expect(send(found, 'SIGCONT')).toBe(false);
});
