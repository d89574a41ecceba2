import { gather } from '../../src/db/gather';

/** Answers what it is asked when it is told to. */
function oracle() {
  const asked: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = (questions: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      asked.push([...questions]);
      ends.push((error) => (error === undefined ? resolve(questions.map((n) => n * 10)) : reject(error)));
    });
  return { asked, ends, ask };
}

test('the first goes at once; what comes meanwhile goes together, in its order, so many at most', async () => {
  const { asked, ends, ask } = oracle();
  const read = gather(ask, { most: 3, atOnce: 1 });
  const answers = [1, 2, 3, 4, 5].map((question) => read(question));
  expect(asked).toEqual([[1]]);
  ends[0]?.();
  expect(await answers[0]).toBe(10);
  await new Promise(setImmediate);
  expect(asked).toEqual([[1], [2, 3, 4]]);
  ends[1]?.();
  expect(await Promise.all(answers.slice(1, 4))).toEqual([20, 30, 40]);
  await new Promise(setImmediate);
  expect(asked.at(-1)).toEqual([5]);
  ends[2]?.();
  expect(await answers[4]).toBe(50);
});

test('a failure is told to those who asked together, and the next are asked all the same', async () => {
  const { asked, ends, ask } = oracle();
  const read = gather(ask, { most: 2, atOnce: 1 });
  const outcomes = Promise.allSettled([1, 2, 3, 4].map((question) => read(question)));
  for (let turn = 0; turn < 3; turn++) {
    ends[turn]?.(turn === 1 ? new Error('the database is away') : undefined);
    await new Promise(setImmediate);
  }
  expect(asked).toEqual([[1], [2, 3], [4]]);
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
});

test('whoever waits too long is told so, and is not asked about any more', async () => {
  jest.useFakeTimers();
  try {
    const { asked, ends, ask } = oracle();
    const read = gather(ask, { most: 2, atOnce: 1 });
    const outcomes = Promise.allSettled([read(1), read(2)]);
    await jest.advanceTimersByTimeAsync(4000);
    expect((await outcomes).map((result) => (result as { reason: Error }).reason.message)).toEqual([
      'Query read timeout',
      'Query read timeout',
    ]);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([[1]]);
  } finally {
    jest.useRealTimers();
  }
});
