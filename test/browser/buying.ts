import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import { expectAccessible } from './axe';
import { openPerson } from './browser';
import { furnish, whenOnSale } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';
import { pay } from './stripe-pages';

/** The purchase page, as members and strangers meet it. */
export async function purchasePage({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const { productId, priceId } = await furnish(coach);
  const { test } = coach.ui;
  const buyUrl = (await test.call('GET', `/v1/prices/${priceId}`)).body.buyUrl as string;
  const hasAccess = async (email: string): Promise<boolean> => {
    const { body } = await test.call('GET', `/v1/members?search=${encodeURIComponent(email)}`);
    const memberId = body.data[0]?.id as string | undefined;
    if (memberId === undefined) return false;
    return (
      (await test.call('GET', `/v1/access?member=${memberId}&product=${productId}`)).body.access === true
    );
  };
  return {
    inOrder: false,
    tests: [
      [
        'is accessible at both widths',
        async () => {
          const context = await openPerson(browser, { colorScheme: 'light' });
          const page = await context.newPage();
          await page.goto(buyUrl);
          await expectAccessible(page);
          await context.close();
        },
      ],
      [
        'with JavaScript off, the purchase link still sells',
        async () => {
          const context = await openPerson(browser, { javaScriptEnabled: false });
          const page = await context.newPage();
          await page.goto(buyUrl);
          await page.getByRole('button', { name: 'Continue to payment' }).click();
          await pay(page, 'test', 'succeeds', 'plain@example.com');
          await page.waitForURL('**/thanks?**status=completed**');
          assert.ok(await hasAccess('plain@example.com'));
          await context.close();
        },
      ],
      [
        'a double click gives one checkout',
        async () => {
          const price = await test.addPriceTo(productId, { currency: 'eur', unitAmount: 900 });
          await whenOnSale(test, price.id as string);
          const context = await openPerson(browser);
          const page = await context.newPage();
          await page.goto(buyUrl.replace(priceId, price.id as string));
          await page.getByRole('button', { name: 'Continue to payment' }).dblclick();
          await pay(page, 'test', 'succeeds', 'twice@example.com');
          await page.waitForURL('**/thanks?**status=completed**');
          await eventually('access', () => hasAccess('twice@example.com'));
          const { body } = await test.call('GET', '/v1/checkouts?limit=100');
          const own = body.data.filter((checkout: { priceId: string }) => checkout.priceId === price.id);
          assert.deepEqual(
            own.map((checkout: { status: string }) => checkout.status),
            ['completed'],
          );
          await context.close();
        },
      ],
    ],
  };
}
