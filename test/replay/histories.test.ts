import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { tracedWorkflows } from '../../src/tracing/workflow-spans';
import * as workflows from '../../src/workflows';
import { historyOf } from '../support/record';
import { getWorkflowBundle } from '../harness/workflow-bundle';

const FOLDER = join(__dirname, 'histories');

/** Every way in which each workflow ends. A new workflow or ending needs a recorded run: `npm run record-histories`. */
const ENDINGS: Record<keyof typeof workflows, string[]> = {
  checkout: ['completed', 'expired', 'cancelled', 'failed', 'held', 'unverifiable'],
  membership: [
    'continued',
    'canceled',
    'refunded',
    'dispute_lost',
    'fixed_term_over',
    'installments_complete',
    'installments_short',
    'disconnected_over',
    'withdrawn',
  ],
  stripeEvent: ['ended', 'refunded', 'held'],
  connection: [
    'disconnected',
    'denied',
    'abandoned',
    'failed',
    'abandoned-account-links',
    'disconnected-account-links',
    'failed-account-links',
  ],
  priceProvisioning: ['provisioned', 'refused'],
  catalogChange: ['pushed'],
  coupon: ['active', 'archived', 'failed'],
  customerAddress: ['told', 'waiting'],
  liveCopy: ['continued', 'continued-coupons', 'done', 'incomplete', 'cancelled'],
  priceMove: ['continued', 'done', 'incomplete', 'cancelled'],
  memberErasure: ['erased', 'cancelled', 'failed'],
  reconciliation: ['completed', 'continued'],
  retention: ['completed'],
  webhookDelivery: ['delivered'],
  withdrawal: ['done', 'done-looked-again', 'refused'],
  paymentRefund: ['succeeded', 'refused'],
  mail: ['sent', 'unclear', 'stale', 'suppressed', 'failed'],
};

/** E-mail addresses, Stripe's keys, secrets and OAuth codes, the names of the tests' people, folders, machines. */
const NOBODYS_BUSINESS =
  /[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}|\b(sk|rk|whsec|ac)_\w+|A (Member|Coach)|\/(work|home|root|Users)\/|"identity"/g;

interface Call {
  input?: unknown;
  header?: object;
}
interface RecordedEvent {
  workflowExecutionStartedEventAttributes?: Call;
  workflowExecutionSignaledEventAttributes?: Call;
  workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest?: { input?: Call } };
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}
const read = (file: string) =>
  JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { events: RecordedEvent[] };
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const replay = (history: unknown) =>
  Worker.runReplayHistory({ workflowBundle: getWorkflowBundle() }, historyOf(history));

type Recorded = ReturnType<typeof read>;

/** The calls of a run that a history tells of: its start, its signals, its updates. */
const callsOf = ({ events }: Recorded): Call[] =>
  events
    .flatMap((event) => [
      event.workflowExecutionStartedEventAttributes,
      event.workflowExecutionSignaledEventAttributes,
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input,
    ])
    .filter((call) => call !== undefined);

/** The same history, had every call of its run come with a trace. */
function traced(history: Recorded): Recorded {
  const caller = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const base64 = (value: string) => Buffer.from(value).toString('base64');
  const fields = {
    '_tracer-data': { metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(caller)) },
  };
  for (const call of callsOf(history)) call.header = { fields };
  return history;
}

/** What one worker, with the bundle loaded once, said to each history; `undefined` where it replays. */
const errors = new Map<string, unknown>();
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const histories = files.flatMap((file) => [
    { workflowId: file, history: historyOf(read(file)) },
    { workflowId: `${file}, traced`, history: historyOf(traced(read(file))) },
  ]);
  const options = { workflowBundle: getWorkflowBundle(), sinks: tracedWorkflows };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    errors.set(workflowId, error);
});

test('the same histories replay where every call of a run came with a trace', () => {
  expect(files.every((file) => callsOf(traced(read(file))).every(({ header }) => header !== undefined))).toBe(
    true,
  );
  const failed = files.filter((file) => errors.get(`${file}, traced`) !== undefined);
  expect(failed).toEqual([]);
  expect(errors.size).toBe(2 * files.length);
});

test('every workflow is recorded in every ending', () => {
  const wanted = Object.entries(ENDINGS).flatMap(([workflow, endings]) =>
    endings.map((ending) => `${workflow}--${ending}.json`),
  );
  expect(Object.keys(ENDINGS).sort()).toEqual(Object.keys(workflows).sort());
  expect(files).toEqual(expect.arrayContaining(wanted));
});

test.each(files)('scenario 20: %s replays on the present code', (file) => {
  expect([...errors.keys()]).toContain(file);
  expect(errors.get(file)).toBeUndefined();
});

test('a history that the present code would not have made is noticed', async () => {
  const history = read('membership--canceled.json');
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes !== undefined);
  if (scheduled?.activityTaskScheduledEventAttributes === undefined) throw new Error('It has no activity.');
  scheduled.activityTaskScheduledEventAttributes.activityType.name = 'anotherActivity';
  await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
});

test.each(files)('%s carries ids only: no address, name or secret', (file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  // Payloads are base64 of JSON: look inside them too.
  const payloads = [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  );
  const found = [text, ...payloads].flatMap((part) => part.match(NOBODYS_BUSINESS) ?? []);
  expect(found).toEqual([]);
});
