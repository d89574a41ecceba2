import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expectAccessible } from './axe';
import { openPerson, PHONE, watchErrors } from './browser';
import { askAnyway, ConsoleVisit, followSignInLink } from './console-visit';
import { mailbox } from './mailbox';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** An assistant: invited by the owner, signed in by a link in a mail, kept to their role, seen in the audit log. */
export async function people({ browser, stack }: Scene): Promise<Suite> {
  const [ana, ben] = [await newCoach(stack), await newCoach(stack)];
  const owner = await ConsoleVisit.enter(browser, await ana.signInUrl(), { reducedMotion: 'reduce' });
  const { api, mails } = stack.info();
  const post = mailbox(mails);
  const email = `kim-${ana.coachId.slice(6, 12).toLowerCase()}@example.com`;
  const context = await openPerson(browser, { viewport: PHONE, locale: 'de-DE' });
  const kim: Page = await context.newPage();
  const errors = watchErrors(kim);

  return {
    inOrder: true,
    tests: [
      [
        'the owner invites somebody, and sees that they have not signed in yet',
        async () => {
          await owner.page.goto(`${api}/console/test/settings/people`);
          await owner.button('Invite somebody').click();
          const dialog = owner.page.getByRole('dialog');
          await dialog.getByLabel('E-mail address').fill(email);
          await dialog.getByLabel('Role').selectOption('read_only');
          await expectAccessible(owner.page);
          await dialog.getByRole('button', { name: 'Invite somebody' }).click();
          await dialog.waitFor({ state: 'detached' });
          await owner
            .section('People')
            .getByText(/has not signed in yet/)
            .waitFor();
          assert.match((await post.to(email, /lädt Sie|invites you/)).text, /console\/sign-in/);
        },
      ],
      [
        'they sign in with their address, on a phone, in German',
        async () => {
          await kim.goto(`${api}/console/sign-in`);
          await kim.getByLabel('E-Mail-Adresse').fill(email);
          await expectAccessible(kim);
          await kim.getByRole('button', { name: 'Link zusenden' }).click();
          await kim.getByText(/ist ein Link unterwegs/).waitFor();
          await followSignInLink(kim, await post.signInUrl(email));
          await kim.getByRole('heading', { level: 1 }).waitFor();
        },
      ],
      [
        'they see what there is, and what their role has not is said in their language',
        async () => {
          await kim.goto(`${api}/console/test/settings/products/new`);
          assert.equal(await kim.getByRole('link', { name: 'Personen und Schlüssel' }).count(), 0);
          assert.equal(await kim.getByRole('link', { name: 'Protokoll' }).count(), 0);
          await kim.getByText('Ihre Rolle erlaubt das nicht.').waitFor();
          assert.equal(await kim.getByRole('button', { name: 'Produkt erstellen' }).count(), 0);
          const asked = await askAnyway(kim, 'test', '/v1/products', { name: 'Not mine to make' });
          assert.deepEqual(asked, { status: 403, code: 'role_not_allowed' });
          const { data } = (await ana.ui.test.call('GET', '/v1/products')).body;
          assert.deepEqual(data, []);
        },
      ],
      [
        'the owner reads it in the audit log, and downloads it',
        async () => {
          await owner.page.goto(`${api}/console/test/settings/audit-log?outcome=refused`);
          const entry = owner.page.getByRole('listitem').filter({ hasText: 'Create a product' });
          await entry.getByText(email).waitFor();
          await entry.getByText('Refused').waitFor();
          await expectAccessible(owner.page);
          const download = owner.page.waitForEvent('download');
          await owner.page.getByRole('link', { name: 'Download CSV' }).click();
          assert.match((await download).suggestedFilename(), /^audit-log-.*\.csv$/);
        },
      ],
      [
        'invited by another coach too, they change between the two, each with its own role',
        async () => {
          await ben.ui.test.call('POST', '/v1/people', { email, role: 'owner' });
          await kim.goto(`${api}/console/test`);
          const choice = kim.getByRole('combobox', { name: 'Arbeiten für' });
          await choice.selectOption(ben.coachId);
          await kim.waitForLoadState('networkidle');
          await kim.goto(`${api}/console/test/settings/products/new`);
          await kim.getByLabel('Name').fill('At Ben’s');
          await kim.getByRole('button', { name: 'Produkt erstellen' }).click();
          await kim.getByRole('heading', { level: 1, name: 'At Ben’s' }).waitFor();
          const names = async ({ ui }: typeof ben) =>
            (await ui.test.call('GET', '/v1/products')).body.data.map((one: { name: string }) => one.name);
          assert.deepEqual([await names(ana), await names(ben)], [[], ['At Ben’s']]);
        },
      ],
      [
        'who is removed is out, and stays with the other coach',
        async () => {
          await owner.page.goto(`${api}/console/test/settings/people`);
          await owner.button(`Remove : ${email}`).click();
          await owner.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
          await owner.section('People').getByText('Nobody is invited yet').waitFor();
          await kim.goto(`${api}/console/test`);
          assert.equal(await kim.getByRole('combobox', { name: 'Arbeiten für' }).count(), 0);
          await ben.ui.test.call('GET', '/v1/people');
          assert.deepEqual([owner.errors, errors], [[], []]);
        },
      ],
    ],
    describe: async () => `${await owner.describe()}\n${kim.url()}`,
    close: async () => {
      await owner.close();
      await context.close();
    },
  };
}
