import type { Browser } from 'playwright-core';
import { CoachUi } from '../support/coach-ui';
import type { Rig } from '../support/rig';
import type { Mode } from '../../src/domain/mode';
import type { LocalJson } from '../../src/local/local-json';

/** The system that the browser meets: all of `npm start`. */
export interface Stack {
  info(): LocalJson;
  output(): string;
}

/** What every suite plays in. */
export interface Scene {
  browser: Browser;
  stack: Stack;
}

/** A coach made for one suite, so that suites do not meet. */
export interface NewCoach {
  coachId: string;
  ui: Record<Mode, CoachUi>;
  /** Signs in to the console, once. */
  signInUrl(): Promise<string>;
}

/** The stack as the helpers of the other tests know it. */
const rigOf = ({ api, platformKey }: LocalJson): Rig => ({ api, config: { platformKey } }) as unknown as Rig;

export async function newCoach(stack: Stack): Promise<NewCoach> {
  const info = stack.info();
  const test = await CoachUi.open(rigOf(info), 'test');
  const live = await CoachUi.open(rigOf(info), 'live', test.coachId);
  return {
    coachId: test.coachId,
    ui: { test, live },
    signInUrl: async () => {
      const response = await fetch(`${info.api}/v1/coaches/${test.coachId}/console-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${info.platformKey}`, 'content-type': 'application/json' },
        body: '{}',
      });
      const { url } = (await response.json()) as { url: string };
      return url;
    },
  };
}

/** What somebody does in their Stripe Dashboard: a request to Stripe's API. @param account null: the platform's */
export async function atStripe(
  stack: Stack,
  mode: Mode,
  account: string | null,
  method: string,
  path: string,
  fields: Record<string, string> = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads any field
): Promise<any> {
  const response = await fetch(`${stack.info().stripeEmulator}${path}`, {
    method,
    headers: {
      authorization: `Bearer sk_${mode}_emulator`,
      ...(account === null ? {} : { 'stripe-account': account }),
    },
    ...(method === 'GET' ? {} : { body: new URLSearchParams(fields) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}
