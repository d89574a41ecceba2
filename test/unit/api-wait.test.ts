import { wait, whenSettled } from '../../src/api/http/wait';
import { z } from 'zod';

/** What is read in turn; the last goes on. */
function reads(...answers: string[]) {
  let asked = 0;
  const read = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] as string);
  return { read, asked: () => asked };
}
const isSettled = (status: string) => status === 'active';

test('what is settled is answered at once', async () => {
  const { read, asked } = reads('active');
  expect(await whenSettled(20, read, isSettled)).toBe('active');
  expect(asked()).toBe(1);
});

test('what is under way is looked at until it is settled', async () => {
  const { read, asked } = reads('provisioning', 'provisioning', 'active', 'never asked for');
  expect(await whenSettled(20, read, isSettled)).toBe('active');
  expect(asked()).toBe(3);
});

test('when the time is over the answer is how things stand', async () => {
  const { read, asked } = reads('provisioning');
  expect(await whenSettled(0, read, isSettled)).toBe('provisioning');
  expect(asked()).toBe(1);
  // A last look is taken when the time is over.
  expect(await whenSettled(0.01, read, isSettled)).toBe('provisioning');
  expect(asked()).toBeGreaterThanOrEqual(3);
});

test('a refusal is one at once', async () => {
  await expect(whenSettled(20, () => Promise.reject(new Error('not_found')), isSettled)).rejects.toThrow(
    'not_found',
  );
});

test.each([
  ['5', 5],
  [undefined, 0],
  ['20', 20],
  ['21', null],
  ['-1', null],
  ['1.5', null],
])('wait=%s is %s seconds', (given, seconds) => {
  const parsed = z.strictObject(wait).safeParse(given === undefined ? {} : { wait: given });
  expect(parsed.success ? parsed.data.wait : null).toBe(seconds);
});
