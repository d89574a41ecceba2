import type { Mode } from '../domain/mode';
import type { Seconds } from '../domain/time';
import { waitFor } from './process/wait';

/** An account of the emulator, in one mode. */
export interface EmulatedAccount {
  /** The emulator's address. */
  emulator: string;
  accountId: string;
  mode: Mode;
}

/** The product's side of a move through time. */
export interface MovedProduct {
  /**
   * On the account's clock it is `at` now, and it runs that far ahead of the system; the time-skipping server skips to
   * the moment instead. Nobody is told. All in seconds.
   */
  setClock(offsetSeconds: number, at: Seconds): Promise<void>;
  /** Whoever waits for a moment is told that time has passed. */
  tellRuns(): Promise<void>;
  /** No event of the account waits in the inbox any more. */
  isInboxEmpty(): Promise<boolean>;
  /** Nobody's deadline has passed without a look. */
  isOnTime(): Promise<boolean>;
  /** The next moment at which the product does something by itself; null when there is none, or it is not known. */
  nextDeadline(): Promise<Seconds | null>;
}

interface EmulatedClock {
  now: Seconds;
  nextBoundary: Seconds | null;
}

/** Milliseconds until what a step sets in motion has to have come to rest. */
const QUIET_TIMEOUT_MS = 180_000;
/** Milliseconds between two looks whether it has: at first, and when it takes long. A look costs as much as a request. */
const FIRST_POLL_MS = 15;
const LAST_POLL_MS = 100;

/**
 * The one way in which tests and the demo move an account's time: boundary by boundary, as it would pass. At each:
 * both clocks move, the emulator does what is due, events are delivered and settled, and then the runs look at the time.
 * @param target seconds, UTC, on the account's clock. Time only goes forward: an earlier one changes nothing.
 * @throws Error when something does not come to rest.
 */
export async function moveTime(
  account: EmulatedAccount,
  product: MovedProduct,
  target: Seconds,
): Promise<void> {
  let clock = await readClock(account);
  while (clock.now < target) {
    const { now } = clock;
    const ahead = [clock.nextBoundary, await product.nextDeadline()].filter((at) => at !== null && at > now);
    const next = Math.min(target, ...(ahead as Seconds[]));
    await product.setClock(next - Math.floor(Date.now() / 1000), next);
    clock = await advance(account, next);
    await deliver(account, product);
    await product.tellRuns();
    await comeToRest('the runs whose deadlines have passed', () => product.isOnTime());
    await deliver(account, product);
  }
}

/** A delivery that failed is tried again at once so often: by itself it would be in minutes or hours, as at Stripe. */
const DELIVERY_ROUNDS = 3;

/** Waits until every event of the account that is not held back is delivered and settled. */
export async function deliver(
  account: EmulatedAccount,
  product: Pick<MovedProduct, 'isInboxEmpty'>,
): Promise<void> {
  const { accountId, mode } = account;
  for (let round = 1; round <= DELIVERY_ROUNDS; round++) {
    const { pending } = await control<{ pending: number }>(account, 'POST', '/deliveries/drain', {
      account: accountId,
      livemode: mode === 'live',
      timeoutMs: QUIET_TIMEOUT_MS,
      retryNow: true,
    });
    if (pending === 0) break;
  }
  await comeToRest('the inbox', () => product.isInboxEmpty());
}

function comeToRest(what: string, isAtRest: () => Promise<boolean>): Promise<true> {
  return waitFor(what, async () => (await isAtRest()) || undefined, {
    deadlineMs: QUIET_TIMEOUT_MS,
    everyMs: FIRST_POLL_MS,
    growingToMs: LAST_POLL_MS,
  });
}

/** The account's present time at the emulator, and when something happens there next. */
export function readClock({ emulator, accountId, mode }: EmulatedAccount): Promise<EmulatedClock> {
  const query = new URLSearchParams({ account: accountId, livemode: String(mode === 'live') });
  return control({ emulator }, 'GET', `/clock?${query}`);
}

function advance(account: EmulatedAccount, advanceTo: Seconds): Promise<EmulatedClock> {
  const { accountId, mode } = account;
  return control(account, 'POST', '/clock', { account: accountId, livemode: mode === 'live', advanceTo });
}

async function control<T>(
  { emulator }: { emulator: string },
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${emulator}/_emulator${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${method} ${path}`);
  return (await response.json()) as T;
}
