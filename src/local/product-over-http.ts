import type { Mode } from '../domain/mode';
import { type Seconds, toSeconds } from '../domain/time';
import type { MovedProduct } from './time-travel';

/** A running product whose clocks can be moved, seen from outside. */
export interface ProductAddress {
  /** The API's address. */
  api: string;
  platformKey: string;
  coachId: string;
  mode: Mode;
  accountId: string;
}

interface Clock {
  overdue: number;
  nextDeadlineAt: string | null;
}

/** The product's side of a move through time, over HTTP only. */
export function productOverHttp({
  api,
  platformKey,
  coachId,
  mode,
  accountId,
}: ProductAddress): MovedProduct {
  async function call<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${api}${path}`, {
      headers: { authorization: `Bearer ${platformKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`The API answered ${response.status} to ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const clock = () => call<Clock>(`/local/clock?${new URLSearchParams({ coachId, mode })}`);
  let offsetSeconds = 0;
  return {
    async setClock(offset: number) {
      offsetSeconds = offset;
      await call('/local/clock', { coachId, mode, offsetSeconds, tellRuns: false });
    },
    async tellRuns() {
      await call('/local/clock', { coachId, mode, offsetSeconds, tellRuns: true });
    },
    async isInboxEmpty() {
      const query = new URLSearchParams({ accountId });
      return (await call<{ waiting: number }>(`/local/inbox?${query}`)).waiting === 0;
    },
    isOnTime: async () => (await clock()).overdue === 0,
    async nextDeadline(): Promise<Seconds | null> {
      const { nextDeadlineAt } = await clock();
      return nextDeadlineAt === null ? null : toSeconds(new Date(nextDeadlineAt));
    },
  };
}
