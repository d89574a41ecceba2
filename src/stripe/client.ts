import { EventEmitter } from 'node:events';
import Stripe from 'stripe';
import type { Config } from '../config/config';
import { ProblemError } from '../domain/problem';
import type { Mode } from '../domain/mode';
import type { StripeLane } from '../domain/stripe-allowance';
import { boundedHttpClient } from './bounded-http-client';
import type { HttpClient } from './http-client';
import { type Pace, pacedHttpClient, type Turns } from './paced-http-client';

/** The version that `stripe` 22.6 pins and that the recorded behaviour was checked against. */
export const STRIPE_API_VERSION = '2026-08-26.dahlia';

/** Milliseconds; shorter than every activity's startToCloseTimeout. */
const TIMEOUT = 20_000;

export interface StripeClients {
  /** The platform's client in a mode. @throws ProblemError when the mode is off. */
  of(mode: Mode): Stripe;
  clientId(mode: Mode): string;
  modes: Mode[];
  /** Tells of each call how long it waited for its turn. */
  turns: EventEmitter<Turns>;
}

/**
 * One client per mode that is on. Temporal retries, the client does not: its own retries would hide attempts from the
 * history. https://docs.stripe.com/api/connected-accounts explains the `stripeAccount` option that every call carries.
 * @param given what sends the requests, Stripe's own for Node unless told; who waits for a call that is being made, people
 * unless told; and who has a turn, everybody unless told
 */
export function createStripeClients(
  config: Pick<Config['stripe'], 'apiBase' | 'modes'>,
  given: {
    httpClient?: (() => HttpClient) | undefined;
    laneOf?: () => StripeLane;
    pace?: Pace | undefined;
  } = {},
): StripeClients {
  const modes = Object.keys(config.modes) as Mode[];
  const base = config.apiBase === null ? null : new URL(config.apiBase);
  const turns = new EventEmitter<Turns>();
  const laneOf = given.laneOf ?? (() => 'people');
  const clients = new Map<Mode, Stripe>();
  const httpClientOf = (mode: Mode): HttpClient => {
    const sends = given.httpClient?.() ?? Stripe.createNodeHttpClient();
    const client = boundedHttpClient(sends, laneOf);
    if (given.pace === undefined) return client;
    const tell = (...turn: Turns['turn']) => turns.emit('turn', ...turn);
    return pacedHttpClient(client, mode, laneOf, given.pace, tell);
  };
  for (const mode of modes) {
    const settings = config.modes[mode];
    if (settings === undefined) continue;
    clients.set(
      mode,
      new Stripe(settings.secretKey, {
        apiVersion: STRIPE_API_VERSION,
        maxNetworkRetries: 0,
        timeout: TIMEOUT,
        telemetry: false,
        appInfo: { name: 'session-payments' },
        httpClient: httpClientOf(mode),
        ...(base === null
          ? {}
          : {
              host: base.hostname,
              port: base.port || (base.protocol === 'https:' ? '443' : '80'),
              protocol: base.protocol === 'https:' ? ('https' as const) : ('http' as const),
            }),
      }),
    );
  }
  return {
    modes,
    turns,
    of(mode) {
      const client = clients.get(mode);
      if (client === undefined)
        throw new ProblemError('not_connected', `Payments in ${mode} mode are switched off here.`);
      return client;
    },
    clientId(mode) {
      const settings = config.modes[mode];
      if (settings === undefined)
        throw new ProblemError('not_connected', `Payments in ${mode} mode are switched off here.`);
      return settings.clientId;
    },
  };
}
