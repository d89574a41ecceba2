import type { FaultKind, FaultRule } from '../http/faults';
import type { DeliveryAction, DeliveryRule } from '../webhooks/rules';
import {
  CliError,
  SCOPE,
  SCOPE_USAGE,
  defined,
  namedScopeOf,
  numberOf,
  oneOf,
  word,
  type Command,
  type CommandInput,
} from './command';

const KINDS: readonly FaultKind[] = [
  'status',
  'reset',
  'truncate',
  'html502',
  'hang',
  'bare500',
  'rate_limit',
];
const ACTIONS: readonly DeliveryAction[] = ['drop', 'repeat', 'delay', 'hold', 'reorder'];

const MATCH = {
  ...SCOPE,
  nth: { type: 'string' },
  probability: { type: 'string' },
  seed: { type: 'string' },
  times: { type: 'string' },
} as const;
const MATCH_USAGE = `${SCOPE_USAGE} [--nth 3] [--probability 0.1 --seed 7] [--times 2]`;

/** Accidents of the API, and of deliveries. */
export const ruleCommands: Command[] = [
  {
    name: 'fault add',
    usage: `${KINDS.join('|')} [--when before|after] [--status 503] [--code lock_timeout] [--retry yes|no] [--hang-ms 30000] [--method POST] [--path '/v1/prices*'] ${MATCH_USAGE}`,
    about: 'lets requests to the API meet a fault',
    help: '`--when after` (default before) means that the request took effect; `--retry` sets the header Stripe-Should-Retry.',
    options: {
      ...MATCH,
      when: { type: 'string' },
      status: { type: 'string' },
      code: { type: 'string' },
      retry: { type: 'string' },
      'hang-ms': { type: 'string' },
      method: { type: 'string' },
      path: { type: 'string' },
    },
    async run(input) {
      const retry = oneOf(input, 'retry', ['yes', 'no'] as const);
      const rule = {
        match: { ...matchOf(input), ...defined({ method: input.flags.method, path: input.flags.path }) },
        ...defined({ times: numberOf(input, 'times') }),
        fault: {
          kind: known(word(input, 0, `fault: ${KINDS.join(', ')}`), KINDS),
          when: oneOf(input, 'when', ['before', 'after'] as const) ?? 'before',
          ...defined({
            status: numberOf(input, 'status'),
            code: input.flags.code,
            hangMs: numberOf(input, 'hang-ms'),
            shouldRetry: retry === undefined ? undefined : retry === 'yes',
          }),
        },
      };
      return show(input, await input.control.post<Rules>('/faults', rule));
    },
  },
  list('fault', '/faults'),
  clear('fault', '/faults'),
  {
    name: 'delivery-rule add',
    usage: `${ACTIONS.join('|')} [--type 'invoice.*'] [--delay-ms 1000] ${MATCH_USAGE}`,
    about: 'lets deliveries meet an accident',
    options: { ...MATCH, type: { type: 'string' }, 'delay-ms': { type: 'string' } },
    async run(input) {
      const rule = {
        match: { ...matchOf(input), ...defined({ type: input.flags.type }) },
        action: known(word(input, 0, `action: ${ACTIONS.join(', ')}`), ACTIONS),
        ...defined({ times: numberOf(input, 'times'), delayMs: numberOf(input, 'delay-ms') }),
      };
      return show(input, await input.control.post<Rules>('/delivery-rules', rule));
    },
  },
  list('delivery-rule', '/delivery-rules'),
  clear('delivery-rule', '/delivery-rules'),
  {
    name: 'webhooks',
    usage: `on|off ${SCOPE_USAGE}`,
    about: 'switches deliveries; while they are off, events are recorded and never delivered',
    options: SCOPE,
    async run(input) {
      const state = known(word(input, 0, 'state: on, off'), ['on', 'off'] as const);
      const answer = await input.control.post('/webhooks', {
        ...namedScopeOf(input),
        enabled: state === 'on',
      });
      input.print(`Deliveries are ${state}.`);
      return answer;
    },
  },
];

interface Rules {
  rules: (FaultRule | DeliveryRule)[];
}

function list(kind: string, path: string): Command {
  return {
    name: `${kind} list`,
    usage: '',
    about: 'lists them, in the order in which they are tried',
    run: async (input) => show(input, await input.control.get<Rules>(path)),
  };
}

function clear(kind: string, path: string): Command {
  return {
    name: `${kind} clear`,
    usage: '',
    about: 'removes all of them',
    run: async (input) => show(input, await input.control.delete<Rules>(path)),
  };
}

function show({ print }: CommandInput, answer: Rules): Rules {
  if (answer.rules.length === 0) print('There are no rules.');
  for (const rule of answer.rules) print(JSON.stringify(rule));
  return answer;
}

function matchOf(input: CommandInput) {
  return {
    ...namedScopeOf(input),
    ...defined({
      nth: numberOf(input, 'nth'),
      probability: numberOf(input, 'probability'),
      seed: numberOf(input, 'seed'),
    }),
  };
}

function known<T extends string>(text: string, values: readonly T[]): T {
  if (values.includes(text as T)) return text as T;
  throw new CliError(`${text} is none of ${values.join(', ')}.`);
}
