#!/usr/bin/env node
// npm run manifests: the manifests of deploy/kubernetes against Kubernetes' own schemas, by kubernetes-validate of PyPI, which
// carries them. It is installed into an environment of its own in the cache, once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';

const VERSION = '1.37.0';
const cache =
  process.env.SESSION_CACHE_DIR ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'session-payments');
const environment = join(cache, `kubernetes-validate-${VERSION}`);
const validate = join(environment, 'bin', 'kubernetes-validate');

function must(command, ...args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  console.error(
    `${command} ${args.join(' ')} failed: ${error?.message ?? stderr}\nIt wants Python 3 with its venv module.`,
  );
  process.exit(1);
}

if (!existsSync(validate)) {
  mkdirSync(cache, { recursive: true });
  must('python3', '-m', 'venv', environment);
  must(
    join(environment, 'bin', 'python'),
    '-m',
    'pip',
    'install',
    '--quiet',
    `kubernetes-validate==${VERSION}`,
  );
}
const folder = join(root, 'deploy', 'kubernetes');
// Two are read by other tools: kustomize, and a chart.
const files = readdirSync(folder).filter((file) => !/^(kustomization|prometheus-adapter)\.yaml$/.test(file));
const { status } = spawnSync(validate, ['--strict', ...files.map((file) => join(folder, file))], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
