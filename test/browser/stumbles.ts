import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { expectAccessibleInBothSchemes, tooWide } from './axe';
import { DESKTOP, PHONE } from './browser';
import { ConsoleVisit } from './console-visit';
import { abandon, monthly } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

const LONG = 'w'.repeat(200);

/** What is wrong is said once, at its field, which has the focus. */
async function expectMarkedOnce(page: Page, field: Locator, words: string | RegExp): Promise<void> {
  await page.getByText(words).first().waitFor();
  assert.equal(await page.getByText(words).count(), 1);
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await eventually('the focus at the field', () =>
    field.evaluate((element) => element === document.activeElement),
  );
}

/** What coaches stumbled over once, in one place. */
export async function stumbles({ browser, stack }: Scene): Promise<Suite> {
  const [coach, leaver] = await Promise.all([newCoach(stack), newCoach(stack)]);
  const { test } = coach.ui;
  await test.connect({ account: 'new', country: 'DE' });
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl());
  const { page } = visit;
  const at = (path: string): string => `${stack.info().api}/console/test${path}`;
  const price = await test.addPrice(monthly(2900), LONG);
  const productId = price.productId as string;

  return {
    inOrder: false,
    describe: visit.describe,
    close: visit.close,
    tests: [
      [
        'a name of 200 letters without a blank stretches no page',
        async () => {
          const paths = ['/', '/settings/products', `/settings/products/${productId}`];
          const ours = [...paths, `/settings/products/${productId}/prices/${price.id}`].map(at);
          for (const address of [...ours, `${stack.info().api}/buy/${price.id}`])
            for (const size of [DESKTOP, PHONE]) {
              await page.setViewportSize(size);
              await page.goto(address);
              await page.getByText(LONG).first().waitFor();
              assert.ok((await tooWide(page)) <= 0, `${address} scrolls sideways at ${size.width}`);
            }
          await page.setViewportSize(DESKTOP);
        },
      ],
      [
        'a name of 250 letters is refused with a sentence, and not cut',
        async () => {
          await page.goto(at('/settings/products/new'));
          const name = page.getByLabel('Name');
          await name.fill('w'.repeat(250));
          await visit.button('Create product').click();
          await expectMarkedOnce(page, name, '200 characters at most; this has 250.');
          assert.equal((await name.inputValue()).length, 250);
        },
      ],
      [
        'what the API does not take of the settings is said once, at its field',
        async () => {
          await page.goto(at('/settings/payments'));
          const field = page.getByLabel('After paying');
          await field.fill('nowhere');
          await visit.button('Save settings').click();
          await field.and(page.locator('[aria-invalid=true]')).waitFor();
          const described = await field.getAttribute('aria-describedby');
          const errors = page.locator(`#${(described ?? '').split(' ').find((id) => id.includes('error'))}`);
          await expectMarkedOnce(page, field, await errors.innerText());
        },
      ],
      [
        'changes that were not saved are asked about before the page is left',
        async () => {
          await page.goto(at('/settings/payments'));
          await page.getByLabel('Grace period, in days').fill('5');
          const link = page.getByRole('navigation').getByRole('link', { name: 'Products' });
          await link.click();
          const question = page.getByRole('dialog', { name: 'Leave without saving?' });
          await question.waitFor();
          await expectAccessibleInBothSchemes(page);
          await question.getByRole('button', { name: 'Stay on this page' }).click();
          await question.waitFor({ state: 'hidden' });
          assert.equal(await page.getByLabel('Grace period, in days').inputValue(), '5');
          await visit.button('Save settings').click();
          await page.getByText('Settings saved.').waitFor();
          await link.click();
          await visit.heading('Products').waitFor();
        },
      ],
      [
        'leaving all the same loses what was typed, and a form that was sent does not ask',
        async () => {
          // Nothing was typed: nothing is asked, however long the page was there.
          const replacing = `/settings/products/${productId}/prices/${price.id}`;
          for (const form of [`/settings/products/${productId}/add-price`, `${replacing}/replace`]) {
            await page.goto(at(form));
            await visit.heading(/^(Add Price|Replace price)/).waitFor();
            await page.waitForLoadState('networkidle');
            await page.getByRole('link', { name: 'Cancel' }).click();
            await page.waitForURL((url) => !url.pathname.endsWith(form));
          }
          await page.goto(at(`/settings/products/${productId}/add-price`));
          await page.getByLabel('Amount', { exact: true }).fill('€ 20');
          await visit.button('Add Price').click();
          const amount = page.getByLabel('Amount', { exact: true });
          await expectMarkedOnce(page, amount, /Enter the number alone: 20\./);
          await page.getByRole('link', { name: 'Cancel' }).click();
          await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
          await page.getByRole('link', { name: 'Add Price' }).click();
          await amount.fill('20');
          await visit.button('Add Price').click();
          await page.waitForURL(/\/prices\//);
        },
      ],
      [
        'leaving without saving saves nothing, not even what could be',
        async () => {
          const api = coach.ui.test;
          const present = async () => {
            const [settings, prices] = await Promise.all([
              api.call('GET', '/v1/settings'),
              api.call('GET', `/v1/products/${productId}/prices`),
            ]);
            return [settings.body, prices.body.data.length];
          };
          const leave = async () => {
            await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
            await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
            await visit.heading('Home').waitFor();
            await page.waitForLoadState('networkidle');
          };
          const before = await present();
          await page.goto(at('/settings/payments'));
          await page.getByLabel('Grace period, in days').fill('9');
          await leave();
          await page.goto(at(`/settings/products/${productId}/add-price`));
          await page.getByLabel('Amount', { exact: true }).fill('30');
          await leave();
          assert.deepEqual(await present(), before);
        },
      ],
      [
        'what is said of what was done covers nothing of the page',
        async () => {
          await page.goto(at('/settings/payments'));
          await page.getByLabel('Grace period, in days').fill('6');
          await visit.button('Save settings').click();
          const notice = page.getByRole('status').filter({ hasText: 'Settings saved.' });
          const [said, main] = [await notice.boundingBox(), await page.getByRole('main').boundingBox()];
          assert.ok(said !== null && main !== null);
          assert.ok(said.x + said.width <= main.x, JSON.stringify({ said, main }));
        },
      ],
      [
        'what happened elsewhere is shown without reading the page again',
        async () => {
          await page.goto(at('/members'));
          await page.getByText('No members yet').waitFor();
          await page.waitForLoadState('networkidle');
          const member = await test.call('POST', '/v1/members', { email: 'mia@example.com' });
          const memberId = member.body.id as string;
          await test.call('POST', '/v1/grants', { member: { id: memberId }, productId });
          await page.getByRole('link', { name: 'mia@example.com' }).click();
          const access = visit.section('Access');
          await access.getByText('Has access').waitFor();
          const { data } = (await test.call('GET', `/v1/grants?member=${memberId}`)).body;
          await test.call('POST', `/v1/grants/${data[0].id}/revoke`, {});
          await access.getByText('No access', { exact: true }).waitFor({ timeout: 10_000 });
        },
      ],
      [
        'while an answer takes long, that is said',
        async () => {
          let goOn = (): void => {};
          const waits = new Promise<void>((resolve) => (goOn = resolve));
          await page.route('**/v1/products', async (route) => {
            if (route.request().method() === 'POST') await waits;
            await route.continue();
          });
          await page.goto(at('/settings/products/new'));
          await page.getByLabel('Name').fill('Evening circle');
          await visit.button('Create product').click();
          await page.getByText('It is still being tried; nothing is done twice.').waitFor();
          await expectAccessibleInBothSchemes(page);
          goOn();
          await visit.heading('Evening circle').waitFor();
          await page.unroute('**/v1/products');
        },
      ],
      [
        'the account is shown by its name, and before one is connected nothing warns',
        async () => {
          await page.goto(at('/settings/payments'));
          const account = visit.section('Stripe account status');
          await account.getByText('Stripe account', { exact: true }).waitFor();
          assert.ok((await account.innerText()).includes((await test.connection()).accountName as string));
          const beginner = await ConsoleVisit.enter(browser, await (await newCoach(stack)).signInUrl());
          await beginner.page.goto(at('/settings/payments'));
          await beginner.page.getByText('Nothing is connected yet.').waitFor();
          const warm = beginner.page.locator('.tag').filter({ hasText: 'Take a look' });
          const styles = await warm.evaluateAll((tags) => tags.map((tag) => tag.getAttribute('style')));
          assert.ok(styles.length > 0 && styles.every((style) => style?.includes('gray')), styles.join());
          await beginner.close();
        },
      ],
      [
        'a free price is on sale everywhere after Stripe was disconnected',
        async () => {
          await abandon(leaver, 'test');
          const gone = await ConsoleVisit.enter(browser, await leaver.signInUrl());
          const { body: box } = await leaver.ui.test.call('POST', '/v1/products', { name: 'Gift box' });
          await gone.page.goto(at(`/settings/products/${box.id as string}/add-price`));
          await gone.page.getByText('What is free needs no Stripe account').waitFor();
          await gone.button('Add Price').click();
          await gone.page.waitForURL(/\/prices\//);
          const free = { id: gone.page.url().split('/').at(-1) ?? '', productId: box.id as string };
          const products = '/settings/products';
          await gone.page.goto(at(products));
          const row = gone.page.getByRole('listitem').filter({ hasText: 'Gift box' });
          await row.getByText('Free', { exact: true }).waitFor();
          const own = `${products}/${free.productId}`;
          for (const path of [own, `${own}/prices/${free.id}`]) {
            await gone.page.goto(at(path));
            await gone.page.getByText('On sale', { exact: true }).waitFor();
            assert.equal(await gone.page.getByText('Not for sale').count(), 0, path);
          }
          await gone.page.goto(`${stack.info().api}/buy/${free.id}`);
          await gone.page.getByRole('button', { name: 'Get it for free' }).waitFor();
          await gone.close();
        },
      ],
    ],
  };
}
