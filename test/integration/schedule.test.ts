import { ensureReconciliation, RECONCILIATION_SCHEDULE } from '../../src/temporal/schedules';
import { type DevServer, getDevServer } from '../harness/temporal';

let server: DevServer;
const handle = () => server.client.schedule.getHandle(RECONCILIATION_SCHEDULE);
beforeAll(async () => {
  server = await getDevServer();
});
afterAll(async () => {
  await handle().delete();
  await server.close();
});

test('the schedule follows the settings, and stays paused where an operator paused it', async () => {
  // Long enough that nothing is started meanwhile.
  await ensureReconciliation(server.client, { taskQueue: 'of-before', everyMinutes: 50_000 });
  await handle().pause('while Stripe is away');
  await ensureReconciliation(server.client, { taskQueue: 'of-now', everyMinutes: 60_000 });
  const { spec, action, policies, state } = await handle().describe();
  expect(spec.intervals).toMatchObject([{ every: 60_000 * 60_000 }]);
  expect(action).toMatchObject({
    taskQueue: 'of-now',
    workflowId: RECONCILIATION_SCHEDULE,
    workflowRunTimeout: 6 * 3_600_000,
  });
  expect(policies).toMatchObject({ overlap: 'SKIP' });
  expect(state).toMatchObject({ paused: true, note: 'while Stripe is away' });
});
