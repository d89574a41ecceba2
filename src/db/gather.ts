import { READ_TIMEOUT } from './pool';

/** Milliseconds until whoever waits is told that it cannot be answered now, wherever the question is. */
const ANSWER = 4000;

/**
 * Has questions that are asked while others are under way go together: one round trip and one statement for all of them. The
 * first of a quiet moment goes at once.
 * @param ask answers them in their order; what it throws is thrown to each of them.
 * @param most so many go together.
 * @param atOnce so many statements are under way, and no more.
 */
export function gather<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
  { most, atOnce }: { most: number; atOnce: number },
): (question: Q) => Promise<A> {
  interface Waiting {
    question: Q;
    resolve: (answer: A) => void;
    reject: (error: Error) => void;
  }
  const waiting = new Set<Waiting>();
  let underWay = 0;

  async function askTogether(together: readonly Waiting[]): Promise<void> {
    try {
      const answers = await ask(together.map(({ question }) => question));
      for (const [place, { resolve }] of together.entries()) resolve(answers[place] as A);
    } catch (error) {
      for (const { reject } of together) reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function work(): void {
    while (underWay < atOnce && waiting.size > 0) {
      const together = [...waiting].slice(0, most);
      for (const one of together) waiting.delete(one);
      underWay++;
      void askTogether(together).finally(() => {
        underWay--;
        work();
      });
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(one);
        reject(new Error(READ_TIMEOUT));
      }, ANSWER);
      const one: Waiting = {
        question,
        resolve: (answer) => {
          clearTimeout(late);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(late);
          reject(error);
        },
      };
      waiting.add(one);
      work();
    });
}
