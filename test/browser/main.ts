import { parseArgs } from 'node:util';
import { currentRun, endRun } from '../harness/run';
import { startLocalStack } from '../harness/local-stack';
import { throughAccountLinks } from './account-links';
import { launchChromium } from '../../scripts/chromium.cjs';
import { ConsoleVisit } from './console-visit';
import { goingLive } from './going-live';
import { followHelpPage } from './help-page';
import { type Job, Runner } from './runner';
import { purchasePage } from './buying';
import { components } from './components';
import { everyDoor } from './doors';
import { keyboardOnly } from './keyboard';
import { look } from './look';
import { staysWhole } from './resilience';
import { people } from './people';
import { memberPage } from './member-page';
import { programme } from './programme';
import { roles } from './roles';
import { signedOut } from './signed-out';
import { everyState } from './states';
import { stumbles } from './stumbles';
import { newCoach, type Scene, type Stack } from './stack';
import { week } from './week';

const LIMIT_MS = 900_000;
const MODES = ['test', 'live'] as const;
const LANGUAGES = ['en', 'de'] as const;

/**
 * Starts a system of its own, lets a browser follow the help page and everything else that must be seen, and says what
 * it saw. @returns false when something was not as promised
 */
export async function main(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const say = values.json ? () => {} : (line: string) => console.log(line);
  const browser = await launchChromium();
  await currentRun();
  const limit = setTimeout(() => {
    console.error(`The browser tests took more than ${LIMIT_MS / 60_000} minutes.`);
    void endRun().finally(() => process.exit(1));
  }, LIMIT_MS);
  const runner = new Runner(values.only ?? [], say);
  let stack: Awaited<ReturnType<typeof startLocalStack>> | undefined;
  try {
    stack = await startLocalStack();
    await runner.runAll(jobsOf({ browser, stack }));
  } finally {
    clearTimeout(limit);
    await stack?.stop();
    await browser.close();
    await endRun();
  }
  const passed = runner.results.filter((result) => result.passed).length;
  const failed = runner.results.length - passed;
  console.log(
    values.json
      ? JSON.stringify({ passed, failed, tests: runner.results }, null, 2)
      : `\n${passed} passed, ${failed} failed, in Chromium ${browser.version()}.`,
  );
  return failed === 0 && passed > 0;
}

/** Everything that must be seen; what takes longest comes first, so that no lane ends long after the other. */
function jobsOf(scene: Scene): Job[] {
  const { browser, stack } = scene;
  return [
    ...MODES.map((mode) => ({
      title: `The help page in ${mode} mode`,
      open: async () => {
        const { signInUrl, key } = await whoSignsIn(stack, mode);
        return followHelpPage(scene, mode, { visit: await ConsoleVisit.enter(browser, signInUrl), key });
      },
    })),
    ...MODES.map((mode) => ({
      title: `Every page's states in ${mode} mode`,
      open: () => everyState(scene, mode),
    })),
    ...MODES.flatMap((mode) =>
      LANGUAGES.map((language) => ({
        title: `The week of a coach in ${mode} mode, ${language}`,
        open: () => week(scene, mode, language),
      })),
    ),
    { title: 'Accounts that are created here', open: () => throughAccountLinks(browser) },
    { title: 'The ways in', open: () => everyDoor(scene) },
    { title: 'Going live', open: () => goingLive(scene) },
    { title: 'Signed out meanwhile', open: () => signedOut(scene) },
    { title: 'What coaches stumble over', open: () => stumbles(scene) },
    { title: 'People', open: () => people(scene) },
    { title: 'Roles', open: () => roles(scene) },
    { title: 'Components', open: () => components(scene) },
    { title: 'The look', open: () => look(scene) },
    { title: 'Keyboard only', open: () => keyboardOnly(scene) },
    { title: 'The purchase page', open: () => purchasePage(scene) },
    { title: 'The member’s page', open: () => memberPage(scene) },
    { title: 'A programme with a date', open: () => programme(scene) },
    { title: 'Whatever happens', open: () => staysWhole(scene), alone: true },
  ];
}

/** In test mode the one address that `npm start` prints; it works once, so another coach goes through live mode. */
async function whoSignsIn(
  stack: Stack,
  mode: (typeof MODES)[number],
): Promise<{ signInUrl: string; key: string }> {
  const printed = /\n {2}(http\S+\/console\/sign-in\/\S+)\n/.exec(stack.output())?.[1];
  const { demo } = stack.info();
  if (mode === 'test' && printed !== undefined && demo !== null)
    return { signInUrl: printed, key: demo.secretKey };
  const coach = await newCoach(stack);
  return { signInUrl: await coach.signInUrl(), key: coach.ui[mode].key };
}
