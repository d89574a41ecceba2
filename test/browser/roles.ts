import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { mayDo, OPERATIONS, ROLES, type Role } from '../../src/domain/permissions';
import { openPerson, watchErrors } from './browser';
import { followSignInLink } from './console-visit';
import { dialogsOf } from './dialogs';
import { furnish, sellOne } from './furnish';
import { mailbox } from './mailbox';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';
import { loaded } from './states';

/** What each dialog asks the API for in the end. */
const OPERATION_OF: Record<keyof ReturnType<typeof dialogsOf>, string | null> = {
  Disconnect: 'POST /v1/connection/disconnect',
  EditProduct: 'PATCH /v1/products/{id}',
  ArchiveProduct: 'POST /v1/products/{id}/archive',
  RenamePrice: 'PATCH /v1/prices/{id}',
  ArchivePrice: 'POST /v1/prices/{id}/archive',
  SalesPeriod: 'PATCH /v1/prices/{id}',
  OffersBeside: 'PATCH /v1/prices/{id}',
  MoveMembers: 'POST /v1/prices/{id}/move-members',
  CreateCoupon: 'POST /v1/coupons',
  ArchiveCoupon: 'POST /v1/coupons/{id}/archive',
  AddCode: 'POST /v1/coupons/{id}/promotion-codes',
  // A link to copy: whoever reads may.
  CodeLink: null,
  ArchiveCode: 'POST /v1/promotion-codes/{id}/archive',
  AddReceiver: 'POST /v1/webhook-endpoints',
  NewSecret: 'POST /v1/webhook-endpoints/{id}/rotate-secret',
  InvitePerson: 'POST /v1/people',
  ChangeRole: 'PATCH /v1/people/{id}',
  RemovePerson: 'POST /v1/people/{id}/remove',
  NewKey: 'POST /v1/keys',
  RevokeKey: 'POST /v1/keys/{id}/revoke',
  EditMail: 'PATCH /v1/mail-settings',
  AcceptWithdrawal: 'POST /v1/withdrawals/{id}/accept',
  RefuseWithdrawal: 'POST /v1/withdrawals/{id}/refuse',
  RefundPayment: 'POST /v1/payments/{id}/refunds',
  AddMember: 'POST /v1/members',
  SavedViews: 'POST /v1/member-views',
  GiveMany: 'POST /v1/grants/many',
  GiveAccess: 'POST /v1/grants',
  EditNote: 'PATCH /v1/member-notes/{id}',
  ChangeAddress: 'PATCH /v1/members/{id}',
  MergeMember: 'POST /v1/members/{id}/merge',
  ExtendGift: 'POST /v1/grants/{id}/extend',
  EraseMember: 'POST /v1/members/{id}/erase',
  NewSigningSecret: 'POST /v1/signing-secrets',
  EndSigningSecret: 'POST /v1/signing-secrets/{id}/expire',
  RevokeGift: 'POST /v1/grants/{id}/revoke',
  CancelMembership: 'POST /v1/memberships/{id}/cancel',
  PauseMembership: 'POST /v1/memberships/{id}/pause',
  ChangePrice: 'POST /v1/memberships/{id}/change-price',
};

/** What may be done on the pages besides: the link or button, its page, and what it leads to. */
const ELSEWHERE: [page: string, name: RegExp, operation: string][] = [
  ['/settings/products', /^Create product$/, 'POST /v1/products'],
  ['/settings/payments', /^Save settings$/, 'PATCH /v1/settings'],
  ['/settings/mails', /^Save$/, 'PATCH /v1/mail-settings'],
];

const may = (role: Role, operation: string): boolean => {
  const permission = OPERATIONS[operation];
  assert.ok(permission, operation);
  return mayDo(role, permission);
};

/** Everybody but the owner: what their role allows has a button, what it does not has none. */
export async function roles({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const shop = await furnish(coach);
  const sold = await sellOne(coach.ui.test, shop);
  const { api, mails } = stack.info();
  const dialogs = Object.entries(dialogsOf(shop, sold));
  const paths = [...new Set([...dialogs.map(([, [path]]) => path), ...ELSEWHERE.map(([path]) => path)])];

  async function enter(role: Role): Promise<Page> {
    const email = `${role}-${coach.coachId.slice(6, 14).toLowerCase()}@example.com`;
    await coach.ui.test.call('POST', '/v1/people', { email, role });
    const context = await openPerson(browser);
    const page = await context.newPage();
    await page.goto(`${api}/console/sign-in`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await followSignInLink(page, await mailbox(mails).signInUrl(email));
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  return {
    inOrder: false,
    tests: [
      [
        'every dialog says what it asks for in the end',
        () =>
          Promise.resolve(
            assert.deepEqual(dialogs.map(([name]) => name).sort(), Object.keys(OPERATION_OF).sort()),
          ),
      ],
      ...ROLES.filter((role) => role !== 'owner').map((role): Suite['tests'][number] => [
        `${role}: has a button for what the table allows, and none for anything else`,
        async () => {
          const page = await enter(role);
          const errors = watchErrors(page);
          const wrong: string[] = [];
          for (const path of paths) {
            await page.goto(`${api}/console/test${path}`);
            await page.getByRole('heading', { level: 1 }).waitFor();
            await loaded(page, 'Loading …');
            const expectShown = async (name: string | RegExp, operation: string | null): Promise<void> => {
              const expected = operation === null || may(role, operation);
              const found = page
                .getByRole('main')
                .locator('a, button')
                .filter({ hasText: typeof name === 'string' ? new RegExp(`^${name}`) : name });
              if (expected) await found.first().waitFor();
              if ((await found.count()) > 0 !== expected) wrong.push(`${path} ${String(name)}`);
            };
            for (const [dialog, [at, name, ticked]] of dialogs) {
              if (at !== path) continue;
              const operation = OPERATION_OF[dialog] ?? null;
              if (ticked !== undefined && (operation === null || may(role, operation)))
                await page.getByRole('checkbox', { name: ticked }).check();
              await expectShown(name.split(' : ')[0] ?? name, operation);
            }
            for (const [at, name, operation] of ELSEWHERE)
              if (at === path) await expectShown(name, operation);
          }
          assert.deepEqual([wrong, errors], [[], []]);
          await page.context().close();
        },
      ]),
    ],
  };
}
