#!/usr/bin/env node
// npm run test:node -- 24: runs the tests on that major version of Node, whichever one this machine has. What follows the
// version is passed on to `npm test`, such as `npm run test:node -- 22 --selectProjects unit`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DEVELOPED_ON, nodeOf, OLDEST, withNode } from './node/find-node.mjs';
import { root } from './ensure-installed.mjs';

const [version, ...passedOn] = process.argv.slice(2);
if (!/^\d+$/.test(version ?? '')) {
  console.error(
    `Say which version: npm run test:node -- ${DEVELOPED_ON}. Supported are ${OLDEST} and newer ones.`,
  );
  process.exit(1);
}
const node = nodeOf(Number(version));
console.log(`Node ${version}: ${node}`);
const child = spawn(node, [join(root, 'scripts', 'test.mjs'), ...passedOn], {
  cwd: root,
  stdio: 'inherit',
  env: withNode(node),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
