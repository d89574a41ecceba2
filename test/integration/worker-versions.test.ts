import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../../src/activities';
import { createLog } from '../../src/log';
import { membershipWorkflowId } from '../../src/messages/ids';
import { rowChanged } from '../../src/messages/messages';
import { createWorker } from '../../src/worker/worker';
import { late } from '../../packages/stripe-emulator/test/support/late';
import { getDevServer, logSdkTo } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { makeCurrent, temporalCli } from '../support/deployment';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// The rollout and the rollback of docs/operations.md, by its own commands.
const DEPLOYMENT = `payments-${randomBytes(6).toString('hex')}`;

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

// One of the builds is broken, and says so.
beforeAll(() => logSdkTo(createLog('test', 'silent')));
afterAll(() => logSdkTo(null));
const rig = rigFor('file');
const shop = shopFor('file', rig);
const server = late('file', getDevServer, (it) => it.close());

/** A build of the worker, beside that of the rig, which has no version. */
async function startBuild(
  buildId: string,
  parts: { workflowBundle?: WorkflowBundleOption; activities?: Partial<Activities> } = {},
): Promise<void> {
  const deployment = { deploymentName: DEPLOYMENT, buildId };
  const config = { ...rig.config, temporal: { ...rig.config.temporal, deployment } };
  const worker = await createWorker(server.nativeConnection, config, {
    workflowBundle: parts.workflowBundle ?? getWorkflowBundle(),
    activities: { ...rig.activities, ...parts.activities },
  });
  const running = worker.run();
  stops.push(async () => {
    worker.shutdown();
    await running;
  });
}

const cli = (command: string, ...more: string[]) =>
  temporalCli(server.address, ...command.split(' '), ...more);
const version = (buildId: string) => ['--deployment-name', DEPLOYMENT, '--build-id', buildId];

const eventsOf = async (workflowId: string) =>
  (await rig.client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
/** The builds that worked on a run, in their order. */
const buildsOf = async (workflowId: string): Promise<(string | null)[]> =>
  (await eventsOf(workflowId)).flatMap(({ workflowTaskCompletedEventAttributes: completed }) =>
    completed == null ? [] : [completed.deploymentVersion?.buildId || null],
  );
const buildOf = async (workflowId: string) => (await buildsOf(workflowId)).at(-1);
const failuresOf = async (workflowId: string) =>
  (await eventsOf(workflowId)).filter((event) => event.workflowTaskFailedEventAttributes != null);

/** Milliseconds in which a woken run is seen to; the server knows everywhere a moment later which build is the current one. */
const A_MOMENT = 15_000;

/** Wakes a run, and waits until a build has seen to it; one that the build before has still seen to is woken again. */
async function goesOnWith(buildId: string | null, workflowId: string): Promise<void> {
  const isSeenTo = async () => (await buildOf(workflowId)) === buildId;
  const what = `${workflowId} on build ${buildId}`;
  for (let tries = 1; ; tries++) {
    await rig.client.workflow.getHandle(workflowId).signal(rowChanged);
    const seen = eventually(what, isSeenTo, A_MOMENT);
    if (tries === 4) return void (await seen);
    if (await seen.catch(() => false)) return;
  }
}

/** The same build, but its memberships call an activity that no open run has called. */
function incompatible(): WorkflowBundleOption {
  const code = readFileSync(getWorkflowBundle().codePath, 'utf8');
  const changed = code.replaceAll('settleMembership: syncMembership', 'lookAtMembership: syncMembership');
  expect(changed).not.toBe(code);
  return { code: changed };
}

async function buyAMonth() {
  const member = await shop.newMember();
  const sale = await shop.sell();
  const { membershipId } = await shop.buy(sale, member);
  const run = membershipWorkflowId(membershipId);
  // Access is there before the run.
  await eventually('the run of a membership', async () => (await buildsOf(run)).length > 0);
  return { run, hasAccess: () => shop.access(member, sale.productId) };
}

/** A short run that waits in an activity of the first build until it is released. */
async function startShortRun(workflowId: string) {
  const { taskQueue } = rig.config.temporal;
  const handle = await rig.client.workflow.start('retention', { workflowId, taskQueue });
  await eventually('a short run under way', async () => (await buildsOf(workflowId)).length > 0);
  return handle;
}

test('scenario 52: an open run goes on with the next build, a short one ends on its own; back, when the next one is broken', async () => {
  // Before: workers without versions.
  const old = await buyAMonth();
  expect(await buildOf(old.run)).toBeNull();
  await (await startShortRun(`before-${DEPLOYMENT}`)).result();

  // The first versioned build is there, and waits until it is made the current one.
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const deleteOld: Activities['deleteOld'] = (input) => held.then(() => rig.activities.deleteOld(input));
  await startBuild('one', { activities: { deleteOld } });
  await goesOnWithoutVersion(old.run);
  await makeCurrent(server.address, DEPLOYMENT, 'one');
  await goesOnWith('one', old.run);
  const bought = await buyAMonth();
  expect(new Set(await buildsOf(bought.run))).toEqual(new Set(['one']));

  // The second one takes over what is open, but for short runs that are under way; one of them is moved.
  const [short, moved] = await Promise.all([
    startShortRun(`short-${DEPLOYMENT}`),
    startShortRun(`moved-${DEPLOYMENT}`),
  ]);
  await startBuild('two');
  await eventually('build two on a ramp', () =>
    cli('worker deployment set-ramping-version --yes --percentage 5', ...version('two')),
  );
  await makeCurrent(server.address, DEPLOYMENT, 'two');
  await goesOnWith('two', bought.run);
  await goesOnWith('two', old.run);
  await cli(
    'workflow update-options --versioning-override-behavior auto_upgrade',
    ...['--workflow-id', moved.workflowId],
  );
  release();
  await Promise.all([short.result(), moved.result()]);
  expect(new Set(await buildsOf(short.workflowId))).toEqual(new Set(['one']));
  expect(await buildOf(moved.workflowId)).toBe('two');
  expect(await cli('worker deployment describe-version', ...version('one'))).toMatch(/drain/i);
  const next = await buyAMonth();
  expect(new Set(await buildsOf(next.run))).toEqual(new Set(['two']));

  // The third one does not know the way that open runs have come: nothing of theirs is lost.
  await startBuild('three', { workflowBundle: incompatible() });
  await makeCurrent(server.address, DEPLOYMENT, 'three');
  await rig.client.workflow.getHandle(bought.run).signal(rowChanged);
  await eventually('a failure of build three', async () => (await failuresOf(bought.run)).length > 0);
  expect(await bought.hasAccess()).toMatchObject({ access: true });
  expect(await buildOf(bought.run)).toBe('two');

  // The rollback.
  await makeCurrent(server.address, DEPLOYMENT, 'two');
  await goesOnWith('two', bought.run);
  expect(await cli('worker deployment describe', '--name', DEPLOYMENT)).toMatch(/CurrentVersion\S*\s.*two/);

  // And back to workers without versions.
  await cli(
    'worker deployment set-current-version --yes --unversioned --ignore-missing-task-queues',
    ...['--deployment-name', DEPLOYMENT],
  );
  await goesOnWith(null, bought.run);
  await shop.quiet();
});

/** A worker that is not the current version gets nothing to do. */
async function goesOnWithoutVersion(workflowId: string): Promise<void> {
  const before = (await buildsOf(workflowId)).length;
  await rig.client.workflow.getHandle(workflowId).signal(rowChanged);
  await eventually(`another look of ${workflowId}`, async () => (await buildsOf(workflowId)).length > before);
  expect(await buildOf(workflowId)).toBeNull();
}
