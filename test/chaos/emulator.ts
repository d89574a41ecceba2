import type { Mode } from '../../src/domain/mode';
import { requestJson } from './patience';
import type { Fault, StripeFault } from './faults';
import { isOfStripe } from './faults';

/** An account in one mode. */
export interface Account {
  accountId: string;
  mode: Mode;
}

/** What lies at Stripe, of any account. */
export interface AtStripe<T> {
  account: string;
  livemode: boolean;
  object: T;
}

const KEYS: Record<Mode, string> = { test: 'sk_test_emulator', live: 'sk_live_emulator' };

/** Milliseconds after which an answer that does not come is cut off: longer than the product waits for one. */
const HANG_MS = 30_000;

/** The emulator's words for it. */
const ANSWERS: Partial<Record<StripeFault['what'], object>> = {
  before: { kind: 'status' },
  after: { kind: 'status' },
  cut_before: { kind: 'reset' },
  cut_after: { kind: 'reset' },
  rate_limit: { kind: 'rate_limit' },
  hang: { kind: 'hang', hangMs: HANG_MS },
};

/** The emulator's controls, and Stripe's API as the coach's own Dashboard calls it. Nothing here waits or repeats. */
export class EmulatorSide {
  constructor(readonly url: string) {}

  control<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    return requestJson<T>(`${this.url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  }

  /** A request to Stripe's API on the account. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any object of Stripe's
  api(at: Account, method: string, path: string, fields: Record<string, string> = {}): Promise<any> {
    return requestJson(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${KEYS[at.mode]}`, 'stripe-account': at.accountId },
      ...(method === 'POST' ? { body: new URLSearchParams(fields) } : {}),
    });
  }

  trigger<T = unknown>({ accountId, mode }: Account, name: string, input: object): Promise<T> {
    return this.control('POST', `/triggers/${name}`, {
      account: accountId,
      livemode: mode === 'live',
      ...input,
    });
  }

  async objects<T>(type: string): Promise<AtStripe<T>[]> {
    const { objects } = await this.control<{ objects: AtStripe<T>[] }>('GET', `/objects?type=${type}`);
    return objects;
  }

  /** From now on Stripe's events and answers on these accounts are as faulty as that; an emulator that starts anew forgets it. */
  async misbehave(faults: readonly Fault[], accounts: readonly string[], seed: number): Promise<void> {
    const all = accounts.flatMap((account, index) =>
      faults.filter(isOfStripe).map((fault, number) => ({
        fault,
        match: { account, probability: fault.probability, seed: seed * 1009 + index * 31 + number + 1 },
      })),
    );
    const deliveries = all.filter(({ fault }) => fault.kind === 'deliveries');
    const answers = all.filter(({ fault }) => fault.kind === 'answers');
    await this.control('PUT', '/delivery-rules', {
      rules: deliveries.map(({ fault, match }) => ({ match, action: fault.what })),
    });
    await this.control('PUT', '/faults', {
      rules: answers.map(({ fault, match }) => ({
        match,
        fault: { ...ANSWERS[fault.what], when: fault.what.endsWith('after') ? 'after' : 'before' },
      })),
    });
  }

  /** Everything is delivered from now on, and what was held back is sent. */
  async behave(): Promise<void> {
    await this.control('DELETE', '/delivery-rules');
    await this.control('DELETE', '/faults');
    await this.control('POST', '/deliveries/release', { order: 'shuffle' });
  }

  /** Stripe's next attempts, which are minutes or hours away, are made now. Answers how many are still under way. */
  async deliverNow(): Promise<number> {
    const { pending } = await this.control<{ pending: number }>('POST', '/deliveries/drain', {
      timeoutMs: 10_000,
      retryNow: true,
    });
    return pending;
  }
}
