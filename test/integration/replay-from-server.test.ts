import { readFileSync } from 'node:fs';
import { createLog } from '../../src/log';
import { membershipWorkflowId } from '../../src/messages/ids';
import { replayFromServer } from '../../src/worker/replay';
import { WORKFLOW_TYPES } from '../../src/worker/replay-main';
import * as workflows from '../../src/workflows';
import { logSdkTo } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// What does not replay is logged, which is what the test is about.
beforeAll(() => logSdkTo(createLog('test', 'silent')));
afterAll(() => logSdkTo(null));
const rig = rigFor('file');
const shop = shopFor('file', rig);

const replay = (workflowBundle: { code: string } | { codePath: string }) =>
  replayFromServer(rig.client, WORKFLOW_TYPES, {
    taskQueue: rig.config.temporal.taskQueue,
    limit: 50,
    worker: { workflowBundle },
  });

test('every workflow is asked for', () => {
  expect([...WORKFLOW_TYPES].sort()).toEqual(Object.keys(workflows).sort());
});

test('what runs on the server is replayed against this build; a build that does not fit is told by its runs', async () => {
  const { membershipId } = await shop.buy(await shop.sell(), await shop.newMember());
  await eventually('runs that can be listed', async () => {
    const { replayed } = await replay(getWorkflowBundle());
    return (replayed['membership'] ?? 0) > 0 && (replayed['checkout'] ?? 0) > 0;
  });
  expect((await replay(getWorkflowBundle())).failed).toEqual([]);

  const code = readFileSync(getWorkflowBundle().codePath, 'utf8');
  const other = code.replaceAll('settleMembership: syncMembership', 'lookAtMembership: syncMembership');
  const { failed } = await replay({ code: other });
  expect(failed.map(({ workflowId }) => workflowId)).toContain(membershipWorkflowId(membershipId));
  expect(failed[0]?.why).toMatch(/DeterminismViolationError/);
});
