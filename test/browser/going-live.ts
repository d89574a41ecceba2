import assert from 'node:assert/strict';
import { expectAccessibleInBothSchemes } from './axe';
import { ConsoleVisit } from './console-visit';
import { furnish } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** From test mode to live mode by one button, and again after a change. */
export async function goingLive({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  await furnish(coach, 'test');
  await coach.ui.live.connect({ account: 'new', country: 'DE' });
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), { reducedMotion: 'reduce' });
  const { page } = visit;
  return {
    inOrder: true,
    tests: [
      [
        'From the products of test mode to what would be copied, in live mode',
        async () => {
          await page.goto(`${stack.info().api}/console/test/settings/products`);
          await page.getByRole('link', { name: 'Go live' }).click();
          await visit.heading('Go live').waitFor();
          assert.match(page.url(), /\/console\/live\/settings\/go-live$/);
          await page.getByText('Morning circle · €29.00 every month').waitFor();
          await page.getByText('Gets its own secret in live mode').waitFor();
          await expectAccessibleInBothSchemes(page);
        },
      ],
      [
        'One button, and live mode has it',
        async () => {
          await visit.button('Copy to live mode').click();
          await page.getByText('Finished. You are ready to sell in live mode.').waitFor();
          await page.getByText('Nothing to do', { exact: true }).waitFor();
          await expectAccessibleInBothSchemes(page);
          await page.getByRole('link', { name: 'See your products in live mode' }).click();
          await page.getByRole('link', { name: 'Morning circle' }).waitFor();
        },
      ],
    ],
    describe: () => Promise.resolve(page.url()),
    close: () => page.context().close(),
  };
}
