import type { DiagnosisFacts } from './diagnosis-facts';
import { type Finding, finding, type FindingStatus, type LookedAt, unknown } from './finding';
import { isoTime, type Seconds, toDate } from './time';
import {
  type EndpointFacts,
  isSameAddress,
  judgeEndpoints,
  missingEvents,
  type WantedEndpoint,
} from './webhook-endpoints';

/** The coach can do nothing about the platform's webhooks. */
const SESSION =
  'Session has to repair this. Members get access all the same, a little later: Session asks Stripe by itself.';
const SETUP = 'Run npm run stripe:setup.';

/** "Verify webhook is configured in Stripe": the endpoint, what comes of it, and what became of that. */
export function webhookFindings(facts: DiagnosisFacts): Finding[] {
  return [...endpointFindings(facts), lastEventFinding(facts), deliveryFinding(facts), inboxFinding(facts)];
}

/** The endpoint that sends us the events of connected accounts, or the one that comes nearest to it. */
function nearest(wanted: WantedEndpoint, found: readonly EndpointFacts[]): EndpointFacts | null {
  return (
    judgeEndpoints(wanted, found).endpoint ??
    found.find(({ url }) => isSameAddress(url, wanted.url)) ??
    found.find(({ scope }) => scope === wanted.scope) ??
    null
  );
}

function endpointFindings({ endpoints, wanted, mode }: DiagnosisFacts): Finding[] {
  if (endpoints === 'unreachable') return [unknown('webhook', 'endpoint', 'The webhook')];
  const endpoint = nearest(wanted, endpoints);
  const present = broken('endpoint', endpoint === null, {
    title: ['A webhook is configured', 'No webhook is configured'],
    detail: [
      `Stripe has the endpoint ${endpoint?.id ?? ''} in ${mode} mode.`,
      `In ${mode} mode, the platform’s Stripe account has no webhook endpoint for ${wanted.url}.`,
    ],
  });
  if (endpoint === null) return [present];
  const isConnect = endpoint.scope === wanted.scope;
  const isHere = isSameAddress(endpoint.url, wanted.url);
  const findings = [
    present,
    broken('scope', !isConnect, {
      title: ['The webhook hears of connected accounts', 'The webhook hears of the wrong account'],
      detail: [
        'It listens to events on connected accounts.',
        `The endpoint ${endpoint.id} listens to the platform’s own account only, so nothing that happens on a coach’s account arrives.`,
      ],
    }),
    broken('address', !isHere, {
      title: ['The webhook goes to the right address', 'The webhook goes to a wrong address'],
      detail: [
        `Stripe sends to ${wanted.url}.`,
        `Stripe sends to ${endpoint.url}, but Session listens at ${wanted.url}.`,
      ],
    }),
  ];
  // What else a stranger's endpoint is like is its own affair.
  if (!isConnect || (!isHere && !endpoint.managed)) return findings;
  const missing = missingEvents(wanted, endpoint);
  return [
    ...findings,
    broken('status', !endpoint.enabled, {
      title: ['The webhook is switched on', 'The webhook is switched off'],
      detail: ['Stripe delivers to it.', `Stripe has the endpoint ${endpoint.id}, but it is disabled.`],
    }),
    broken('events', missing.length > 0, {
      title: ['The webhook sends every event', 'The webhook does not send every event'],
      detail: ['Every type of event that is needed is sent.', `These are missing: ${missing.join(', ')}.`],
    }),
    broken(
      'version',
      endpoint.apiVersion !== wanted.apiVersion,
      {
        title: ['The webhook has the right version', 'The webhook has another API version'],
        detail: [
          `Events are written in ${wanted.apiVersion}.`,
          `Events are written in ${endpoint.apiVersion ?? 'the version of the Stripe account'}, not in ${wanted.apiVersion}. State is asked for all the same; only the last events of an account that leaves are read.`,
        ],
      },
      'attention',
    ),
  ];
}

/** Either as it has to be, or for the platform to repair. */
function broken(
  what: LookedAt<'webhook'>,
  isBroken: boolean,
  said: { title: [string, string]; detail: [string, string] },
  status: FindingStatus = 'problem',
): Finding {
  return finding('webhook', what, {
    status: isBroken ? status : 'ok',
    title: said.title[isBroken ? 1 : 0],
    detail: said.detail[isBroken ? 1 : 0],
    todo: isBroken ? SESSION : null,
    operatorTodo: isBroken ? SETUP : null,
  });
}

function lastEventFinding({
  lastEvent: { ofAccount, ofAny },
  account,
  undelivered,
}: DiagnosisFacts): Finding {
  const title = 'The last event that arrived';
  const any =
    ofAny === null
      ? 'Nothing has arrived from any connected account yet.'
      : `From any connected account, the last one came ${iso(ofAny.at)}.`;
  if (ofAccount !== null)
    return finding('webhook', 'last_event', {
      status: 'ok',
      title,
      detail: `Of this account: ${ofAccount.type}, ${iso(ofAccount.at)}. ${any}`,
    });
  // Where Stripe has no event of the account either, none is missing.
  const isQuiet = account === null || (typeof undelivered === 'object' && undelivered?.count === 0);
  return finding('webhook', 'last_event', {
    status: isQuiet ? 'ok' : 'attention',
    title,
    detail: `Nothing has arrived from this account yet. ${any}`,
    todo: isQuiet ? null : SESSION,
    operatorTodo: isQuiet ? null : 'Look at the endpoint’s deliveries in Stripe’s Dashboard.',
  });
}

function deliveryFinding({ undelivered }: DiagnosisFacts): Finding {
  if (undelivered === 'unreachable')
    return unknown('webhook', 'deliveries', 'What Stripe has and we have not');
  if (undelivered === null || undelivered.count === 0)
    return finding('webhook', 'deliveries', {
      status: 'ok',
      title: 'Nothing is missing',
      detail: 'Every event that Stripe has of this account has arrived.',
    });
  const { count, newest } = undelivered;
  const last = newest === null ? '' : ` The newest is ${newest.type} of ${iso(newest.at)}.`;
  return finding('webhook', 'deliveries', {
    status: 'problem',
    title: 'Events are missing',
    detail: `Stripe has ${many(count, 'event')} of this account that never arrived here.${last}`,
    todo: SESSION,
    operatorTodo: `${SETUP} Then look at the endpoint’s deliveries in Stripe’s Dashboard. The next reconciliation fetches what is missing.`,
  });
}

function inboxFinding({ inbox: { late, parked } }: DiagnosisFacts): Finding {
  if (parked > 0)
    return finding('webhook', 'inbox', {
      status: 'problem',
      title: 'Events are parked',
      detail: `${many(parked, 'event')} of this account arrived, but could not be settled after many attempts.`,
      todo: 'Session has to look at them.',
      operatorTodo: 'GET /v1/inbox?status=parked says why; POST /v1/inbox/{id}/redrive tries again.',
    });
  if (late > 0)
    return finding('webhook', 'inbox', {
      status: 'attention',
      title: 'Events wait',
      detail: `${many(late, 'event')} of this account arrived more than a minute ago and ${late === 1 ? 'waits' : 'wait'} to be settled.`,
      todo: 'Look again in a moment.',
      operatorTodo: 'If they stay, look at the worker and at GET /v1/inbox?status=waiting.',
    });
  return finding('webhook', 'inbox', {
    status: 'ok',
    title: 'What arrived is settled',
    detail: 'No event of this account waits.',
  });
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function iso(seconds: Seconds): string {
  return isoTime(toDate(seconds));
}
