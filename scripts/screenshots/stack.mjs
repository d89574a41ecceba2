import { join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { requireTypeScript } from '../load-typescript.mjs';

const { currentRun, endRun } = requireTypeScript(join(root, 'test', 'harness', 'run.ts'));
const { newStackPlace, startLocalStack } = requireTypeScript(join(root, 'test', 'harness', 'local-stack.ts'));
const { settingsFrom } = requireTypeScript(join(root, 'src', 'local', 'settings.ts'));
const { isPortFree } = requireTypeScript(join(root, 'src', 'local', 'process', 'ports.ts'));

/** The ports of `npm start`, so that addresses in the pictures are the usual ones; others if somebody listens on one. */
async function usualPorts() {
  const ports = Object.values(settingsFrom({}).ports);
  const free = await Promise.all(ports.map(({ number }) => isPortFree(number)));
  if (free.includes(false)) return {};
  return Object.fromEntries(ports.map(({ variable, number }) => [variable, String(number)]));
}

/** Starts a whole system with an empty data folder, hands over where everything is, and ends it. Needs a build. */
export async function withStack(work) {
  await currentRun();
  try {
    const stack = await startLocalStack(await newStackPlace(await usualPorts()));
    try {
      await work(stack.info());
    } finally {
      await stack.stop();
    }
  } finally {
    await endRun();
  }
}
