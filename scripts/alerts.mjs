#!/usr/bin/env node
// npm run alerts: `promtool` checks the alert rules, and has each of them fire once (deploy/prometheus). Without a promtool on
// the PATH, Debian's is fetched into the cache once, with apt-get and nothing installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './ensure-installed.mjs';

const cache =
  process.env.SESSION_CACHE_DIR ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'session-payments');
const cached = join(cache, 'bin', 'promtool');
const works = (program) => spawnSync(program, ['--version']).status === 0;

function fetchFromDebian() {
  mkdirSync(dirname(cached), { recursive: true });
  const folder = mkdtempSync(join(dirname(cached), 'fetching-'));
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status === 0;
  try {
    if (!run('apt-get', 'download', 'prometheus')) return false;
    const [archive] = readdirSync(folder);
    if (!run('dpkg-deb', '--extract', archive, 'files')) return false;
    renameSync(join(folder, 'files', 'usr', 'bin', 'promtool'), cached);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const promtool = works('promtool') ? 'promtool' : existsSync(cached) || fetchFromDebian() ? cached : null;
if (promtool === null || !works(promtool)) {
  console.error(
    'promtool is not installed: it comes with Prometheus (on a Mac "brew install prometheus", see prometheus.io).',
  );
  process.exit(1);
}
const folder = join(root, 'deploy', 'prometheus');
for (const [what, file] of [
  ['check', 'alerts.yml'],
  ['test', 'alerts.test.yml'],
]) {
  const { status } = spawnSync(promtool, [what, 'rules', join(folder, file)], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
