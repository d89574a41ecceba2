import { SessionProblem, SessionUnreachable } from './problem.ts';
import { isPassing } from './retry.ts';
import { sendWith, type Send, type SendOptions } from './send.ts';
import type { Access } from './types.ts';

export interface AccessOptions {
  /** Seconds for which a yes is not asked for again, or until it ends. A no is asked for each time. Default 10; 0: never kept. */
  cacheSeconds?: number | undefined;
  /** Answers kept at once; those that were kept first go first. Default 1000. */
  cacheSize?: number | undefined;
  /** What is answered where the API cannot be reached: no (`false`, the default), or yes. */
  failOpen?: boolean | undefined;
  /** Milliseconds for one try. Default 3000; there is one more. */
  timeoutMs?: number | undefined;
}

export interface AccessQuestion {
  /** Our id for the member, or your own. */
  member: string;
  product: string;
}

export type AccessAnswer =
  /** Said by the API, now or a moment ago. */
  | { access: boolean; from: 'api' | 'cache'; detail: Access }
  /** Nobody knows: the API could not be reached, and `failOpen` says what is answered. */
  | { access: boolean; from: 'unreachable'; detail: null; error: Error };

export interface AccessChecks {
  /**
   * May this member see this product? Where the API cannot be reached the answer says so (`from: 'unreachable'`), and is
   * no unless `failOpen` is set. Many that ask the same at once are one request.
   * @throws SessionProblem for a wrong key, a product that does not exist, and the like: that passes not by itself
   */
  access(question: AccessQuestion): Promise<AccessAnswer>;
  /** Asks anew the next time: after `access.*` was heard of a member, say. Without a member, for all. */
  forgetAccess(member?: string): void;
}

interface Kept {
  detail: Access;
  /** Milliseconds. */
  until: number;
}

const CACHE_SECONDS = 10;
const CACHE_SIZE = 1000;
const TIMEOUT_MS = 3000;
const RETRIES = 1;

/** Whether a member has access, quickly, and with an answer in any case. */
export function accessChecks(
  { access: options = {}, ...client }: SendOptions & { access?: AccessOptions | undefined },
  read: (question: AccessQuestion, send: Send) => Promise<Access>,
): AccessChecks {
  const { cacheSeconds = CACHE_SECONDS, cacheSize = CACHE_SIZE, failOpen = false } = options;
  const send = sendWith({
    ...client,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    retries: Math.min(RETRIES, client.retries ?? RETRIES),
  });
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<AccessAnswer>>();

  function keep(name: string, detail: Access): void {
    if (!detail.access) return;
    // Both by the API's clock, which may be ahead of ours.
    const lasts = detail.until === null ? Infinity : Date.parse(detail.until) - Date.parse(detail.asOf);
    kept.delete(name);
    kept.set(name, { detail, until: Date.now() + Math.min(cacheSeconds * 1000, lasts) });
    const [first] = kept.keys();
    if (kept.size > cacheSize && first !== undefined) kept.delete(first);
  }

  async function ask(question: AccessQuestion, name: string): Promise<AccessAnswer> {
    try {
      const detail = await read(question, send);
      keep(name, detail);
      return { access: detail.access, from: 'api', detail };
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return { access: failOpen, from: 'unreachable', detail: null, error };
    }
  }

  return {
    async access({ member, product }) {
      const name = `${product} ${member}`;
      const known = kept.get(name);
      if (known !== undefined && known.until > Date.now())
        return { access: true, from: 'cache', detail: known.detail };
      kept.delete(name);
      const under = asked.get(name) ?? ask({ member, product }, name).finally(() => asked.delete(name));
      asked.set(name, under);
      return under;
    },
    forgetAccess(member) {
      for (const [name, { detail }] of kept)
        if (member === undefined || name.endsWith(` ${member}`) || detail.memberId === member)
          kept.delete(name);
    },
  };
}

const isUnreachable = (error: unknown): error is Error =>
  error instanceof SessionUnreachable ||
  (error instanceof SessionProblem && isPassing(error.status, error.code));
