#!/usr/bin/env node
// node scripts/sdk-download.mjs cli | test-server FOLDER
// Lets Temporal's SDK download a server into the folder. A process of its own, because the SDK's download cannot be
// cancelled and can hang for minutes where a firewall drops packets: whoever starts this can end it.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [what, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } };
try {
  const env =
    what === 'cli'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await env.teardown();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
