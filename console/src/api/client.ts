import createClient, { type Client } from 'openapi-fetch';
import { setReachable } from './connectivity';
import type { paths } from '@api/schema';
import { Problem, problemOf, toProblem } from './problem';

export type Mode = 'test' | 'live';
export const MODES = ['test', 'live'] as const;

/** Proof that a request comes from this console: from the session's answer, in memory only. */
let csrfToken = '';
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Headers of a request that changes something. */
export const changeHeaders = () => ({ 'X-CSRF-Token': csrfToken });

/** The coach of this tab, where whoever is signed in may have several. */
let coachPath = '';
export function setCoach(id: string | null): void {
  coachPath = id === null ? '' : `/${id}`;
}

/** Mode and coach are part of every address, so two tabs cannot mix them. */
export const apiBase = (mode: Mode) => `/console/api${coachPath}/${mode}`;

const clients = new Map<string, Client<paths>>();

/** The API in one mode, for the coach of this tab. */
export function clientOf(mode: Mode): Client<paths> {
  const baseUrl = apiBase(mode);
  const client = clients.get(baseUrl) ?? createClient<paths>({ baseUrl, credentials: 'same-origin' });
  clients.set(baseUrl, client);
  return client;
}

interface Sent<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What a request answers. @throws Problem */
export async function expectData<T>(sending: Promise<Sent<T>>): Promise<T> {
  let sent: Sent<T>;
  try {
    sent = await sending;
  } catch (error) {
    const problem = toProblem(error);
    if (problem.isUnreachable) setReachable(false);
    throw problem;
  }
  const { data, error, response } = sent;
  const problem = response.ok ? null : problemOf(response.status, error);
  setReachable(problem === null || !problem.isUnreachable);
  if (problem !== null) throw problem;
  if (data === undefined) throw new Problem({ code: 'unknown', status: response.status });
  return data;
}

/** Names one action of a person, so that repeating it after a lost answer does nothing twice. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
