import { signMemberToken, type SigningSecret } from '@session/sdk';
import assert from 'node:assert/strict';
import { expectAccessibleInBothSchemes } from './axe';
import { openPerson, watchErrors } from './browser';
import { ConsoleVisit } from './console-visit';
import { buy, furnish, whenOnSale } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

const DAY_MS = 86_400_000;

/** A programme with a date, from the form of its price to the member's own page. */
export async function programme({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const { productId } = await furnish(coach);
  const { test } = coach.ui;
  const { api } = stack.info();
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl());
  const { page } = visit;
  const at = new Date(Date.now() + 40 * DAY_MS).toISOString();
  const day = at.slice(0, 10);
  const year = day.slice(0, 4);
  const shows = (text: RegExp | string) => page.getByText(text).first().waitFor();
  const dated = async (): Promise<string> => {
    const { data } = (await test.call('GET', `/v1/products/${productId}/prices`)).body;
    const prices = data as { id: string; accessStartsAt: string | null }[];
    const found = prices.find(({ accessStartsAt }) => accessStartsAt !== null);
    assert.ok(found !== undefined, 'no price has a date');
    await whenOnSale(test, found.id);
    return found.id;
  };
  return {
    inOrder: true,
    close: () => page.context().close(),
    tests: [
      [
        'the form takes a date where access can begin later, and the preview and the price say it',
        async () => {
          await page.goto(`${api}/console/test/settings/products/${productId}/add-price`);
          await page.getByRole('radio', { name: 'Recurring' }).check();
          assert.equal(await page.getByLabel('Access begins on').count(), 0);
          await page.getByRole('radio', { name: 'Once' }).check();
          await page.getByLabel('Amount', { exact: true }).fill('99');
          await page.getByLabel('Access begins on').fill('2020-01-01');
          await page.getByRole('button', { name: /^Add price$/i }).click();
          await shows('Access would begin in the past.');
          await page.getByLabel('Access begins on').fill(day);
          await shows(new RegExp(`from \\d+ \\w+ ${year}, for ever`));
          await expectAccessibleInBothSchemes(page);
          await page.getByRole('button', { name: /^Add price$/i }).click();
          await shows(/access from \d+ \w+ \d{4}/);
        },
      ],
      [
        'the purchase page, the member’s own page and the console say when it begins',
        async () => {
          const priceId = await dated();
          const context = await openPerson(browser, { colorScheme: 'light' });
          const member = await context.newPage();
          const errors = watchErrors(member);
          await member.goto(`${api}/buy/${priceId}`);
          await member.getByText(/Access begins on \d+ \w+ \d{4} at \d\d:\d\d UTC\./).waitFor();
          await expectAccessibleInBothSchemes(member);
          const memberId = await buy(test, priceId, 'zoe@example.com');
          await test.call('POST', '/v1/members', { externalId: 'zoe', email: 'zoe@example.com' });
          const secret = (await test.call('POST', '/v1/signing-secrets', {})).body as SigningSecret;
          const expiresAt = Math.floor(Date.now() / 1000) + 600;
          const token = await signMemberToken({ externalId: 'zoe' }, secret, expiresAt);
          await member.goto(`${api}/account/${coach.coachId}/test?member=${token}`);
          await member.getByText(/Begins on \d+ \w+ \d{4} at \d\d:\d\d UTC\./).waitFor();
          await expectAccessibleInBothSchemes(member);
          assert.deepEqual(errors, []);
          await context.close();
          await page.goto(`${api}/console/test/members/${memberId}`);
          await shows(/^Begins on \d+ \w+ \d{4}$/);
          await shows(/Access begins \d+ \w+ \d{4}/);
          await expectAccessibleInBothSchemes(page);
        },
      ],
    ],
  };
}
