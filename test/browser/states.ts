import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import type { Mode } from '../../src/domain/mode';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { expectAccessible, violationsOf } from './axe';
import { ConsoleVisit } from './console-visit';
import { dialogs } from './dialogs';
import { abandon, furnish, sellOne, type Shop } from './furnish';
import { german } from './german';
import { type ConsolePage, isNever, PAGES, pathOf } from './pages';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

type Tests = Suite['tests'];

/** Every page is seen in both schemes, with all rules: test mode in the light, live mode in the dark. */
const SCHEME = { test: 'light', live: 'dark' } as const;
/** What the API answers where it breaks. */
const BROKEN = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({ title: 'Internal', status: 500, code: 'internal', detail: 'It broke.' }),
};

/** The pages that the console has, by its own table of routes. */
function routesOfConsole(): string[] {
  const source = readFileSync(join(PROJECT_ROOT, 'console/src/app/routes.tsx'), 'utf8');
  const pages = source.slice(source.indexOf('const PAGES'), source.indexOf('];'));
  return ['', ...[...pages.matchAll(/path: '([^'*]+)'/g)].map(([, path]) => path ?? '')];
}

/** Waits until nothing on the page says any more that it loads. */
export async function loaded(page: Page, word: string): Promise<void> {
  await page.waitForFunction((text) => !document.body.innerText.includes(text), word);
}

/** Plays `meanwhile` while the API does to every request what `answer` does. */
async function whileApi(
  page: Page,
  mode: Mode,
  answer: (route: Route) => Promise<void>,
  meanwhile: () => Promise<void>,
): Promise<void> {
  // The session is not part of it.
  const api = `**/console/api/{${mode}/v1/**,sessions}`;
  await page.route(api, answer);
  try {
    await meanwhile();
  } finally {
    await page.unroute(api);
  }
}

/** Every page of the console empty, loading, failing and full, with axe-core at both widths; and every dialog. */
export async function everyState({ browser, stack }: Scene, mode: Mode): Promise<Suite> {
  const [seller, beginner, leaver] = await Promise.all([newCoach(stack), newCoach(stack), newCoach(stack)]);
  const [shop, nowhere] = await Promise.all([furnish(seller, mode), abandon(leaver, mode)]);
  const sold = await sellOne(seller.ui[mode], shop);
  const enter = async (coach: typeof seller): Promise<ConsoleVisit> =>
    ConsoleVisit.enter(browser, await coach.signInUrl(), {
      reducedMotion: 'reduce',
      colorScheme: SCHEME[mode],
    });
  const full = await enter(seller);
  const visits = { beginner: await enter(beginner), nowhere: await enter(leaver) };
  const { page } = full;
  const at = (path: string): string => `${stack.info().api}/console/${mode}${path}`;
  const open = (path: string) => page.goto(at(path));

  const fullState = (one: ConsolePage): Tests => {
    const { full: words } = one;
    if (isNever(words)) return [];
    return [
      [
        `${one.name}: full`,
        async () => {
          await open(pathOf(one, shop));
          await page.getByText(words).first().waitFor();
          await loaded(page, 'Loading …');
          await expectAccessible(page);
        },
      ],
    ];
  };

  const emptyState = (one: ConsolePage): Tests => {
    if (isNever(one.empty)) return [];
    const { who, says } = one.empty;
    const visit = visits[who];
    const theirs: Shop =
      who === 'nowhere'
        ? nowhere
        : { productId: '', priceId: '', memberId: '', membershipId: '', paymentId: '' };
    return [
      [
        `${one.name}: empty, and what to do then`,
        async () => {
          await visit.page.goto(at(pathOf(one, theirs)));
          await visit.page.getByText(says, { exact: true }).first().waitFor();
          await loaded(visit.page, 'Loading …');
          await expectAccessible(visit.page);
        },
      ],
    ];
  };

  const loadingState = (one: ConsolePage): Tests => {
    const { loading } = one;
    if (isNever(loading)) return [];
    return [
      [
        `${one.name}: says that it ${loading === 'reads' ? 'loads' : 'is at work'}`,
        async () => {
          let goOn = (): void => {};
          const waits = new Promise<void>((resolve) => (goOn = resolve));
          const held = async (route: Route): Promise<void> => {
            await waits;
            // The page may be left by then.
            await route.abort().catch(() => {});
          };
          await whileApi(page, mode, held, async () => {
            await open(pathOf(one, shop));
            await page.getByRole('heading', { level: 1 }).waitFor();
            if (loading === 'reads') await page.getByText('Loading …').first().waitFor();
            else {
              await loading.send(page);
              await page.locator('button[type=submit][data-loading]').waitFor();
            }
            await expectAccessible(page);
            goOn();
          });
        },
      ],
    ];
  };

  const errorState = (one: ConsolePage): Tests => {
    const { error } = one;
    if (isNever(error)) return [];
    return [
      [
        `${one.name}: says what went wrong, and goes on once it works`,
        async () => {
          const alert = page.getByRole('alert').first();
          await whileApi(
            page,
            mode,
            (route) => route.fulfill(BROKEN),
            async () => {
              await open(pathOf(one, shop));
              if (error !== 'reads') await error.send(page);
              await alert.getByText('It broke.').waitFor();
              await alert.getByText('Try again. If it keeps happening, tell your platform.').waitFor();
              await expectAccessible(page);
            },
          );
          if (error === 'reads') await alert.getByRole('button', { name: 'Try again' }).click();
          // What was typed is still there: pressing the button again is enough.
          else await page.locator('button[type=submit]').click();
          await alert.getByText('It broke.').waitFor({ state: 'detached' });
          if (error === 'reads' && !isNever(one.full)) await page.getByText(one.full).first().waitFor();
        },
      ],
    ];
  };

  return {
    inOrder: false,
    tests: [
      [
        'every page of the console has its line in the table',
        () =>
          Promise.resolve(assert.deepEqual(PAGES.map(({ route }) => route).sort(), routesOfConsole().sort())),
      ],
      ...PAGES.flatMap((one) => [
        ...fullState(one),
        ...emptyState(one),
        ...loadingState(one),
        ...errorState(one),
      ]),
      [
        'Members: nobody is found, and the way back',
        async () => {
          await open('/members?search=zzz');
          await page.getByText('Nobody found').waitFor();
          await expectAccessible(page);
          await full.button('Clear search and filters').click();
          await page.getByRole('link', { name: 'mia@example.com' }).waitFor();
        },
      ],
      [
        'a member who bought: full',
        async () => {
          await open(`/members/${sold.buyerId}`);
          await full.section('Timeline').getByRole('listitem').first().waitFor();
          await loaded(page, 'Loading …');
          // Temporal's own pages show every coach's runs: they are for those who operate the platform.
          assert.equal(await full.section('Timeline').getByRole('link', { name: /^Run/ }).count(), 0);
          await expectAccessible(page);
        },
      ],
      ...dialogs({ full, open, shop, sold }),
      [
        'an address that is none: says so, and leads on',
        async () => {
          await open('/nothing-here');
          await page.getByText('There is no such page').waitFor();
          await expectAccessible(page);
          await page.getByRole('link', { name: 'Go to Home' }).click();
          await full.heading('Home').waitFor();
        },
      ],
      [
        'one thing that is not there: says so, and leads on',
        async () => {
          await open('/members/mbr_nobody');
          await page.getByRole('alert').getByText('There is no member with this id.').waitFor();
          assert.deepEqual(await violationsOf(page), []);
          await page.getByRole('main').getByRole('link', { name: 'Members' }).click();
          await page.getByRole('link', { name: 'mia@example.com' }).waitFor();
        },
      ],
      german(full, at, shop),
      [
        'no page had an error, nor anything that its Content-Security-Policy refused',
        () =>
          Promise.resolve(
            assert.deepEqual(
              [full, ...Object.values(visits)].flatMap(({ errors }) => errors),
              [],
            ),
          ),
      ],
    ],
    describe: full.describe,
    close: async () => {
      await full.close();
      for (const visit of Object.values(visits)) await visit.close();
    },
  };
}
