import type { StripeEvent } from '../objects/event';
import type { Delivery } from '../webhooks/delivery';
import { SCOPE, SCOPE_USAGE, defined, namedScopeOf, numberOf, oneOf, word, type Command } from './command';

interface ShownEvent {
  account: string;
  livemode: boolean;
  event: StripeEvent;
}

const showEvent = ({ account, livemode, event }: ShownEvent): string =>
  `${event.id}  ${new Date(event.created * 1000).toISOString()}  ${account}  ${livemode ? 'live' : 'test'}  ${event.type}`;

const showDelivery = ({ id, event, type, url, status, attempts }: Delivery): string => {
  const answers = attempts.map((attempt) => attempt.status ?? attempt.error ?? 'no answer');
  return `${id}  ${event}  ${type}  ${url}  ${status}${answers.length > 0 ? ` (${answers.join(', ')})` : ''}`;
};

/** What happened, and who has heard of it. */
export const eventCommands: Command[] = [
  {
    name: 'events',
    usage: `[--type 'invoice.*'] [--limit 20] ${SCOPE_USAGE}`,
    about: 'lists the newest events of all accounts, or of one',
    options: { ...SCOPE, type: { type: 'string' }, limit: { type: 'string' } },
    async run(input) {
      const { control, flags, print } = input;
      const query = { ...namedScopeOf(input), type: flags.type, limit: numberOf(input, 'limit') };
      const answer = await control.get<{ events: ShownEvent[] }>('/events', query);
      for (const event of answer.events) print(showEvent(event));
      return answer;
    },
  },
  {
    name: 'event',
    usage: 'evt_…',
    about: 'shows an event and its deliveries',
    async run(input) {
      const id = word(input, 0, 'event (evt_…)');
      const answer = await input.control.get<ShownEvent & { deliveries: Delivery[] }>(
        `/events/${encodeURIComponent(id)}`,
      );
      input.print(JSON.stringify(answer.event, null, 2));
      for (const delivery of answer.deliveries) input.print(showDelivery(delivery));
      return answer;
    },
  },
  {
    name: 'redeliver',
    usage: 'evt_… [--times 1]',
    about: 'delivers an event again, to every endpoint that would hear of it now',
    options: { times: { type: 'string' } },
    async run(input) {
      const id = word(input, 0, 'event (evt_…)');
      const answer = await input.control.post<{ deliveries: string[] }>(
        `/events/${encodeURIComponent(id)}/redeliver`,
        defined({ times: numberOf(input, 'times') }),
      );
      input.print(
        answer.deliveries.length > 0 ? answer.deliveries.join('\n') : 'No endpoint wants to hear of it.',
      );
      return answer;
    },
  },
  {
    name: 'deliveries',
    usage: `[--event evt_…] [--status failed] ${SCOPE_USAGE}`,
    about: 'lists deliveries with the answers of the endpoints',
    options: { ...SCOPE, event: { type: 'string' }, status: { type: 'string' } },
    async run(input) {
      const status = oneOf(input, 'status', ['pending', 'held', 'delivered', 'failed', 'dropped'] as const);
      const { deliveries } = await input.control.get<{ deliveries: Delivery[] }>('/deliveries', {
        ...namedScopeOf(input),
        event: input.flags.event,
      });
      const found = deliveries.filter((delivery) => status === undefined || delivery.status === status);
      for (const delivery of found) input.print(showDelivery(delivery));
      return { deliveries: found };
    },
  },
  {
    name: 'drain',
    usage: `[--timeout 10000] [--retry-now] ${SCOPE_USAGE}`,
    about: 'waits until no delivery is under way or due',
    options: { ...SCOPE, timeout: { type: 'string' }, 'retry-now': { type: 'boolean' } },
    async run(input) {
      const answer = await input.control.post<{ pending: number; failed: number }>('/deliveries/drain', {
        ...namedScopeOf(input),
        ...defined({ timeoutMs: numberOf(input, 'timeout') }),
        retryNow: input.switches.has('retry-now'),
      });
      input.print(`${answer.pending} wait for another attempt or are held, ${answer.failed} have failed.`);
      return answer;
    },
  },
  {
    name: 'release',
    usage: '[--order fifo|reverse|shuffle] [--seed 1]',
    about: 'sends what a delivery rule holds',
    options: { order: { type: 'string' }, seed: { type: 'string' } },
    async run(input) {
      const answer = await input.control.post<{ released: number }>(
        '/deliveries/release',
        defined({
          order: oneOf(input, 'order', ['fifo', 'reverse', 'shuffle'] as const),
          seed: numberOf(input, 'seed'),
        }),
      );
      input.print(`${answer.released} are on their way.`);
      return answer;
    },
  },
];
