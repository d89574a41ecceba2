import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LocalJson } from '../local/local-json';
import { explain, Narrator } from './narrator';
import { playStory } from './story';
import { createCoach, createWorld, MODES } from './world';

const USAGE = `npm run demo: plays the whole help page against a running npm start, in test mode and then in live mode.

  npm run demo -- --kill          also kills API and worker (kill -9) in the middle of a checkout
  npm run demo -- --mode test     one mode only`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function optionsFrom(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        kill: { type: 'boolean', default: false },
        mode: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) {
      say(USAGE);
      process.exit(0);
    }
    const modes = MODES.filter((mode) => values.mode === undefined || values.mode === mode);
    if (modes.length === 0) fail(`There is no mode ${values.mode ?? ''}.\n\n${USAGE}`);
    return { kill: values.kill, modes };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const { kill, modes } = optionsFrom(process.argv.slice(2));
  const file = join(process.env['SESSION_DATA_DIR'] || join(__dirname, '..', '..', '.data'), 'local.json');
  const readLocal = () => JSON.parse(readFileSync(file, 'utf8')) as LocalJson;
  if (!existsSync(file))
    fail(`Nothing runs here (there is no ${file}): run npm start in another terminal first.`);
  const local = readLocal();
  if (local.stripeEmulator === null)
    fail('The demo plays against the Stripe emulator only, never against real Stripe.');
  const ready = await fetch(`${local.api}/readyz`).catch(() => null);
  if (ready?.ok !== true) fail(`${local.api} does not answer: run npm start in another terminal first.`);

  const started = performance.now();
  const world = createWorld(local, local.stripeEmulator);
  const narrator = new Narrator(say, (id) =>
    local.temporalUi === null
      ? null
      : `${local.temporalUi}/namespaces/default/workflows/${encodeURIComponent(id)}`,
  );
  const pidsToKill = () => {
    const { api, worker } = readLocal().pids;
    return [api, worker].filter((pid) => pid !== null);
  };
  try {
    const coaches = {
      ana: await createCoach(world, 'Yoga with Ana'),
      ben: await createCoach(world, 'Ben runs'),
    };
    say(`A new coach: ${coaches.ana.id}`);
    for (const mode of modes) {
      say(`\n=== ${mode === 'test' ? 'Test' : 'Live'} mode ===`);
      await playStory(world, narrator, mode, coaches, { pidsToKill: kill ? pidsToKill : null });
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    say(`\nAs promised: ${narrator.count} steps in ${seconds} s.`);
    if (local.mails !== null) say(`All mails: ${local.mails}`);
    if (local.temporalUi !== null) {
      const query = encodeURIComponent(`CoachId="${coaches.ana.id}"`);
      say(`All runs of this coach: ${local.temporalUi}/namespaces/default/workflows?query=${query}`);
    }
  } catch (error) {
    for (const line of explain(error)) say(line);
    say('\nNot as promised.');
    process.exitCode = 1;
  }
}

main().catch((error: unknown) =>
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
);
