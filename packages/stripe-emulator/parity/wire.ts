import { isObject, type Json, type JsonObject } from '../src/json';

/** One request of a story with its answer, as it went over the wire. */
export interface Exchange {
  step: string;
  method: string;
  /** Without the query string. */
  path: string;
  status: number;
  /** Those headers of the answer that a program acts on. */
  headers: Record<string, string>;
  body: Json;
}

/** Changes an answer before anybody sees it: how a test makes one side differ from the other. */
export type Alter = (exchange: Exchange) => Exchange;

/** The step in which things are taken away. */
export const TIDY = 'tidy';

const HEADERS = ['idempotent-replayed', 'stripe-should-retry', 'stripe-version'];

/** Requests that one run may send to one side: a loop without an end must not use up somebody's sandbox. */
export const MOST_CALLS = 600;

/** The HTTP layer of one side of a story: sends what the client sends, and keeps what came back under the name of the step. */
export class Wire {
  readonly exchanges: Exchange[] = [];
  /** Everything that was made, to be tidied away: objects of the answers to accepted POST requests. */
  readonly made: JsonObject[] = [];
  private step = '';
  private kept = false;

  constructor(
    private readonly countCall: () => void,
    private readonly alter: Alter = (exchange) => exchange,
  ) {}

  /** Does some work whose requests belong to a step; only `kept` ones are compared. */
  async during<T>(step: string, kept: boolean, work: () => Promise<T>): Promise<T> {
    const before = { step: this.step, kept: this.kept };
    this.step = step;
    this.kept = kept;
    try {
      return await work();
    } finally {
      this.step = before.step;
      this.kept = before.kept;
    }
  }

  /** What `Stripe.createFetchHttpClient` wants. */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    // What was made is taken away again, however the run has ended.
    if (this.step !== TIDY) this.countCall();
    const response = await fetch(input, init);
    const text = await response.text();
    const url = new URL(input instanceof Request ? input.url : input);
    const exchange = this.alter({
      step: this.step,
      method: init?.method ?? 'GET',
      path: url.pathname,
      status: response.status,
      headers: Object.fromEntries(
        HEADERS.flatMap((name) => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
      body: parsed(text),
    });
    if (this.kept) this.exchanges.push(exchange);
    if (exchange.method === 'POST' && exchange.status < 300 && isObject(exchange.body))
      this.made.push(exchange.body as JsonObject);
    const headers = new Headers(response.headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
    return new Response(JSON.stringify(exchange.body), { status: exchange.status, headers });
  };
}

/** An answer that is no JSON (a gateway's page) is compared as its text. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Counts requests, and ends the run when there are too many or somebody has pressed Ctrl+C. */
export function callCounter(most = MOST_CALLS, interrupted = (): boolean => false): () => void {
  let calls = 0;
  return () => {
    if (interrupted()) throw new Error('The run was interrupted.');
    calls += 1;
    if (calls > most) throw new Error(`The run has sent its most, ${most} requests, to one side.`);
  };
}

/** Why something failed; the client calls whatever happens on the wire an error of the connection. */
export function reasonOf(error: unknown): string {
  const { message, detail } = error as { message?: string; detail?: Partial<Error> };
  if (detail?.message === undefined) return message ?? String(error);
  // What `fetch` throws when there is no answer; the cause knows the code, for example ENOTFOUND.
  if (detail.name !== 'TypeError') return detail.message;
  const { code } = (detail.cause ?? {}) as { code?: string };
  return `Stripe could not be reached (${code ?? detail.message}).`;
}
