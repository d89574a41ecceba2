import type { StripeSetupConfig } from '../config/stripe-setup-config';
import type { Mode } from '../domain/mode';
import { type EndpointFault, WEBHOOK_SCOPES } from '../domain/webhook-endpoints';
import { createStripeClients } from '../stripe/client';
import {
  listEndpoints,
  type SetUpEndpoint,
  setUpEndpoint,
  wantedEndpoint,
} from '../stripe/webhook-endpoints';

/** One endpoint, with the mode and the variable that its secret belongs into. */
export interface SetUpStep extends SetUpEndpoint {
  mode: Mode;
  variable: string;
}

export interface SetUpReport {
  endpoints: SetUpStep[];
  /** Modes without a key: nothing was looked at there. */
  modesOff: Mode[];
  /** How many were created or repaired. */
  changed: number;
  /** How many are not as they have to be: only ever with `check`. */
  wrong: number;
}

const MODES = ['test', 'live'] as const satisfies Mode[];

/** Looks at the platform's webhook endpoints in each mode that has a key, and unless told to check only, repairs them. */
export async function setUpStripe(
  config: StripeSetupConfig,
  options: { check: boolean },
): Promise<SetUpReport> {
  const clients = createStripeClients(config.stripe);
  const endpoints: SetUpStep[] = [];
  for (const mode of MODES.filter((each) => clients.modes.includes(each))) {
    const stripe = clients.of(mode);
    const found = await listEndpoints(stripe);
    for (const scope of WEBHOOK_SCOPES) {
      const done = await setUpEndpoint(stripe, wantedEndpoint(scope, config.publicUrl), found, options);
      endpoints.push({ ...done, mode, variable: secretVariable(mode, scope) });
    }
  }
  const count = (...outcomes: SetUpEndpoint['outcome'][]) =>
    endpoints.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    endpoints,
    modesOff: MODES.filter((mode) => !clients.modes.includes(mode)),
    changed: count('created', 'repaired'),
    wrong: count('wrong', 'missing'),
  };
}

function secretVariable(mode: Mode, scope: SetUpEndpoint['scope']): string {
  return `STRIPE_${mode.toUpperCase()}_${scope.toUpperCase()}_WEBHOOK_SECRET`;
}

const SCOPES = { connect: 'connected accounts', platform: 'the platform itself' };

const FAULTS: Record<EndpointFault, string> = {
  disabled: 'it was disabled',
  wrong_address: 'it had another address',
  wrong_events: 'its events were not exactly the ones that are needed',
  wrong_api_version: 'it had another API version, which cannot be changed',
};

/** The report as a person reads it, a line each. */
export function reportLines({ endpoints, modesOff, changed, wrong }: SetUpReport): string[] {
  return [
    ...endpoints.flatMap(endpointLines),
    ...modesOff.map((mode) => `${mode} mode: off, there is no STRIPE_${mode.toUpperCase()}_SECRET_KEY.`),
    wrong > 0
      ? `${wrong} of ${endpoints.length} not as they have to be: npm run stripe:setup repairs them.`
      : changed === 0
        ? 'Nothing to change.'
        : `${changed} of ${endpoints.length} changed.`,
  ];
}

function endpointLines(step: SetUpStep): string[] {
  const { mode, scope, url, id, outcome, faults, duplicates, secret, variable } = step;
  const why = faults.length === 0 ? '' : ` (${faults.map((fault) => FAULTS[fault]).join('; ')})`;
  return [
    `${mode} mode, ${SCOPES[scope]}: ${outcome}${why}: ${id ?? 'no endpoint'} at ${url}`,
    ...(secret === null
      ? []
      : [
          `  Its signing secret, shown only now: ${secret}`,
          `  Put it into ${variable} (after a comma, while an earlier one is in use) and restart the API.`,
        ]),
    ...duplicates.map(
      (other) => `  ${other.id} sends to the same address: delete it when its secret is out of use.`,
    ),
  ];
}
