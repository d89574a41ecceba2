import { isWorkflowFunctionWithOptions } from '@temporalio/common';
import * as workflows from '../../src/workflows';

// What becomes of it on a real server: npm run topology.
test('what is short says that it may end on the build that it began on; every other workflow says nothing', () => {
  const named = Object.entries(workflows).filter(([, workflow]) => isWorkflowFunctionWithOptions(workflow));
  expect(named.map(([name]) => name).sort()).toEqual([
    'catalogChange',
    'coupon',
    'customerAddress',
    'priceProvisioning',
    'reconciliation',
    'retention',
    'stripeEvent',
  ]);
});
