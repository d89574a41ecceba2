#!/usr/bin/env node
// npm run record-histories: runs the tests that start workflows and keeps one history of each ending of each workflow in
// test/replay/histories. Done when workflow code changes on purpose; `patched()` guards runs that are under way.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';

ensureInstalled();
const histories = join(root, 'test', 'replay', 'histories');
const recorded = mkdtempSync(join(tmpdir(), 'session-histories-'));
try {
  // The real server's histories are preferred to those of the time-skipping one.
  for (const kind of ['integration', 'workflows']) {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status } = spawnSync(process.execPath, [jest, '--selectProjects', kind], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, SESSION_RECORD_HISTORIES: recorded },
    });
    if (status !== 0) throw new Error(`The ${kind} tests fail: nothing was recorded.`);
  }
  rmSync(histories, { recursive: true, force: true });
  cpSync(recorded, histories, { recursive: true });
  console.log(`Recorded: ${readdirSync(histories).sort().join(', ')}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(recorded, { recursive: true, force: true });
}
