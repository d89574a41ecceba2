import { randomUUID } from 'node:crypto';
import { createSessionClient, type Send } from '@session/sdk';
import { type Answer, Browser, type CoachUi } from '../support/coach-ui';
import { eventually } from '../support/eventually';

/** What a client takes for "ask again": nobody is there, or not yet, or somebody is still at it. */
const isAskedAgain = ({ status, body }: Answer) =>
  status >= 500 || (status === 409 && body?.code === 'idempotency_in_progress');

/** One request until it is answered, with its key. */
const sendPatiently: Send = (request) =>
  eventually(`an answer to ${request.method} ${request.url}`, async () => {
    const response = await patiently(() => fetch(request.clone()));
    const text = await response.clone().text();
    const body = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : null;
    return !isAskedAgain({ status: response.status, body }) && response;
  });

/** The coach's server as the documentation wants it: what was not answered is asked again, with the same key. */
export function askPatiently(coach: CoachUi): void {
  Object.assign(coach, {
    api: createSessionClient({ url: coach.rig.api, key: coach.key, fetch: sendPatiently, retries: 0 }),
  });
  coach.call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const key = randomUUID();
    return eventually(`an answer to ${method} ${path}`, async () => {
      const answer = await patiently(() =>
        fetch(`${coach.rig.api}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${coach.key}`,
            ...(method === 'POST' ? { 'idempotency-key': key } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).then(async (response): Promise<Answer> => {
          const text = await response.text();
          return { status: response.status, body: text === '' ? null : JSON.parse(text) };
        }),
      );
      return !isAskedAgain(answer) && answer;
    });
  };
}

/** A browser in front of which somebody reloads a page that did not come, and sends its form again. */
export class PatientBrowser extends Browser {
  override get(url: string | URL): Promise<Response> {
    return untilServed(() => super.get(url));
  }

  override post(...form: Parameters<Browser['post']>): Promise<Response> {
    return untilServed(() => super.post(...form));
  }
}

const untilServed = (ask: () => Promise<Response>): Promise<Response> =>
  eventually('a page', async () => {
    const response = await patiently(ask);
    return response.status !== 503 && response;
  });

/** Asks again for what was not answered at all. */
export function patiently<T>(ask: () => Promise<T>): Promise<T> {
  return eventually('an answer', () =>
    ask().catch((error: unknown) => {
      // What `fetch` throws where nobody answers. https://fetch.spec.whatwg.org/#fetch-method
      if (error instanceof Error && error.message === 'fetch failed') return undefined;
      throw error;
    }),
  );
}
