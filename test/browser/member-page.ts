import assert from 'node:assert/strict';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { signMemberToken, type SigningSecret } from '@session/sdk';
import { eventually } from '../support/eventually';
import { expectAccessibleInBothSchemes } from './axe';
import { openPerson, PHONE, watchErrors } from './browser';
import { buy, furnish, monthly, whenOnSale } from './furnish';
import { tabTo } from './keyboard';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** The member's page and the withdrawal, as members meet them: on a phone, by keyboard, without JavaScript, in the dark. */
export async function memberPage({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const { productId, priceId } = await furnish(coach);
  const { test } = coach.ui;
  const other = await test.addPriceTo(productId, monthly(3900));
  await whenOnSale(test, other.id as string);
  await test.call('PATCH', '/v1/settings', {
    ...{ membersCancelNow: true, membersChangePrice: true },
    ...{ withdrawal: 'on', withdrawalRefund: 'full' },
  });
  const secret = (await test.call('POST', '/v1/signing-secrets', {})).body as SigningSecret;
  const { api } = stack.info();
  const account = `${api}/account/${coach.coachId}/test`;

  /** Somebody who has bought, and came by a link of the coach's site. */
  async function enter(who: string, options: BrowserContextOptions = {}, bought = priceId): Promise<Page> {
    const memberId = await buy(test, bought, `${who}@example.com`);
    await test.call('POST', '/v1/members', { externalId: who, email: `${who}@example.com` });
    const context = await openPerson(browser, { viewport: PHONE, colorScheme: 'light', ...options });
    const page = await context.newPage();
    const token = await signMemberToken({ externalId: who }, secret, Math.floor(Date.now() / 1000) + 600);
    await page.goto(`${account}?member=${token}`);
    assert.equal(page.url(), account, `the token of ${memberId} is still in the address bar`);
    return page;
  }
  const membershipOf = async (email: string) => {
    const { body } = await test.call('GET', `/v1/members?search=${encodeURIComponent(email)}`);
    const { data } = (await test.call('GET', `/v1/memberships?member=${String(body.data[0].id)}`)).body;
    return data[0] as { id: string; status: string; priceId: string };
  };

  return {
    inOrder: false,
    tests: [
      ...(['light', 'dark'] as const).map((colorScheme): Suite['tests'][number] => [
        `every page of it is accessible at both widths, ${colorScheme}`,
        async () => {
          const who = `grace-${colorScheme}`;
          const page = await enter(who, { colorScheme });
          const errors = watchErrors(page);
          const { id } = await membershipOf(`${who}@example.com`);
          const paths = ['', ...['cancel', 'price', 'withdraw'].map((one) => `/memberships/${id}/${one}`)];
          for (const path of paths) {
            await page.goto(`${account}${path}`);
            await expectAccessibleInBothSchemes(page);
          }
          await page.getByLabel('Your name').fill('Grace Hopper');
          await page.getByRole('button', { name: 'Withdraw from the contract here' }).click();
          await expectAccessibleInBothSchemes(page);
          await page.goto(`${account}/memberships/${id}/price`);
          await page.getByRole('button', { name: 'Show what it costs' }).click();
          await expectAccessibleInBothSchemes(page);
          await page.context().clearCookies();
          for (const address of [account, `${api}/withdraw/${coach.coachId}/test`]) {
            await page.goto(address);
            await expectAccessibleInBothSchemes(page);
          }
          assert.deepEqual(errors, []);
          await page.context().close();
        },
      ]),
      [
        'the whole withdrawal, by keyboard alone',
        async () => {
          const page = await enter('ada');
          const press = async (name: string): Promise<void> => {
            await tabTo(page, name);
            await page.keyboard.press('Enter');
          };
          await press('Withdraw from the contract here');
          await page.getByRole('heading', { name: 'Withdraw from a contract' }).waitFor();
          await tabTo(page, 'Your name');
          await page.keyboard.type('Ada Lovelace');
          await press('Withdraw from the contract here');
          await page.getByText('I, Ada Lovelace, withdraw from the contract').waitFor();
          await press('Confirm withdrawal');
          await page.getByRole('heading', { name: 'Your withdrawal was received' }).waitFor();
          await eventually(
            'the end of the withdrawal',
            async () => (await membershipOf('ada@example.com')).status === 'ended',
          );
          await eventually('the refund', async () => {
            await page.goto(account);
            return page.getByText('€29.00 paid back').isVisible();
          });
          await page.context().close();
        },
      ],
      [
        'in German, without JavaScript: cancelling and going on after all',
        async () => {
          const page = await enter('lise', { locale: 'de-DE', javaScriptEnabled: false });
          await page.getByRole('link', { name: 'Kündigen' }).click();
          await page.getByLabel('Warum?').fill('Keine Zeit');
          await page.getByRole('button', { name: 'Kündigung bestätigen' }).click();
          await page.getByText('Es ist gekündigt.').waitFor();
          assert.equal((await membershipOf('lise@example.com')).status, 'canceling');
          await page.getByRole('button', { name: 'Doch fortsetzen' }).click();
          await page.getByText('Es geht weiter.').waitFor();
          await page.getByRole('link', { name: 'English' }).click();
          await page.getByRole('heading', { name: 'Your memberships' }).waitFor();
          await page.context().close();
        },
      ],
      [
        'another price: what is shown is what is charged',
        async () => {
          const page = await enter('mary');
          await page.getByRole('link', { name: 'Change to another price' }).click();
          await page.getByRole('button', { name: 'Show what it costs' }).click();
          await page.getByText('Charged now').waitFor();
          // For the first second the button takes no click: the one that began on another page decides nothing here.
          await page.getByRole('button', { name: 'Change to this price' }).click();
          await page.getByText('Your price is changed.').waitFor();
          assert.equal((await membershipOf('mary@example.com')).priceId, other.id);
          await page.context().close();
        },
      ],
      [
        'who has nothing yet is told so',
        async () => {
          const context = await openPerson(browser, { viewport: PHONE });
          const page = await context.newPage();
          const token = await signMemberToken(
            { externalId: 'new' },
            secret,
            Math.floor(Date.now() / 1000) + 600,
          );
          await page.goto(`${account}?member=${token}`);
          await page.getByText('You have not bought anything here yet.').waitFor();
          await expectAccessibleInBothSchemes(page);
          await context.close();
        },
      ],
    ],
  };
}
