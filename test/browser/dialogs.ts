import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { expectAccessible } from './axe';
import type { ConsoleVisit } from './console-visit';
import type { Shop, Sold } from './furnish';
import type { Suite } from './runner';

/** Where each dialog is: the file that has it, the page, the button that opens it, and what is ticked before. */
export const dialogsOf = (
  { productId, priceId, memberId, paymentId }: Shop,
  { buyerId, oncePriceId }: Sold,
): Record<string, [path: string, button: string, ticked?: string]> => ({
  Disconnect: ['/settings/payments', 'Disconnect Stripe'],
  EditProduct: [`/settings/products/${productId}`, 'Edit product'],
  ArchiveProduct: [`/settings/products/${productId}`, 'Archive product'],
  RenamePrice: [`/settings/products/${productId}/prices/${priceId}`, 'Change note'],
  SalesPeriod: [`/settings/products/${productId}/prices/${priceId}`, 'Sales period'],
  OffersBeside: [`/settings/products/${productId}/prices/${oncePriceId}`, 'Offered beside'],
  ArchivePrice: [`/settings/products/${productId}/prices/${priceId}`, 'Archive price'],
  MoveMembers: [`/settings/products/${productId}/prices/${priceId}`, 'Move members'],
  CreateCoupon: ['/settings/coupons', 'Create coupon'],
  ArchiveCoupon: ['/settings/coupons', 'Archive Spring'],
  AddCode: ['/settings/coupons', 'Add code Spring'],
  CodeLink: ['/settings/coupons', 'Copy link SPRING'],
  ArchiveCode: ['/settings/coupons', 'Archive code SPRING'],
  AddReceiver: ['/settings/webhooks', 'Add receiver'],
  NewSecret: ['/settings/webhooks', 'New secret'],
  InvitePerson: ['/settings/people', 'Invite somebody'],
  ChangeRole: ['/settings/people', 'Change role : kim@example.com'],
  RemovePerson: ['/settings/people', 'Remove : kim@example.com'],
  NewKey: ['/settings/people', 'New key'],
  RevokeKey: ['/settings/people', 'Revoke : Shop server'],
  EditMail: ['/settings/mails', 'Text and preview : Bought'],
  AcceptWithdrawal: ['/withdrawals', 'Accept'],
  RefuseWithdrawal: ['/withdrawals', 'Refuse'],
  RefundPayment: [`/sales/${paymentId}`, 'Refund'],
  AddMember: ['/members', 'Add member'],
  SavedViews: ['/members?who=no_access', 'Save this view'],
  GiveMany: ['/members', 'Give access', 'Choose all that are shown'],
  GiveAccess: [`/members/${memberId}`, 'Give access'],
  EditNote: [`/members/${memberId}`, 'Edit'],
  ChangeAddress: [`/members/${memberId}`, 'Change e-mail address'],
  MergeMember: [`/members/${memberId}`, 'Merge'],
  ExtendGift: [`/members/${memberId}`, 'Change end'],
  EraseMember: [`/members/${memberId}`, 'Erase member'],
  NewSigningSecret: ['/settings/links', 'Replace secret'],
  EndSigningSecret: ['/settings/links', 'End now'],
  RevokeGift: [`/members/${memberId}`, 'Revoke'],
  CancelMembership: [`/members/${buyerId}`, 'Cancel membership'],
  PauseMembership: [`/members/${buyerId}`, 'Pause'],
  ChangePrice: [`/members/${buyerId}`, 'Change price'],
});

/** The components that ask something in a dialog; those of the page that shows dialogs are seen by its own tests. */
function dialogsOfConsole(): string[] {
  const pages = join(PROJECT_ROOT, 'console/src/pages');
  return readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx') && !file.startsWith('components/'))
    .filter((file) => /<(Dialog|ConfirmButton)\b/.test(readFileSync(join(pages, file), 'utf8')))
    .map((file) => /(\w+)\.tsx$/.exec(file)?.[1] ?? '');
}

interface Scene {
  full: ConsoleVisit;
  open: (path: string) => Promise<unknown>;
  shop: Shop;
  sold: Sold;
}

/** Every dialog with axe-core at both widths; Escape leaves everything as it was, and the focus where it came from. */
export function dialogs({ full, open, shop, sold }: Scene): Suite['tests'] {
  const { page } = full;
  const known = dialogsOf(shop, sold);
  return [
    [
      'every dialog of the console has its line in the table',
      () => Promise.resolve(assert.deepEqual(Object.keys(known).sort(), dialogsOfConsole().sort())),
    ],
    ...Object.entries(known).map(([name, [path, button, ticked]]): Suite['tests'][number] => [
      `${name}: the question is accessible, and Escape leaves everything as it was`,
      async () => {
        await open(path);
        if (ticked !== undefined) await page.getByRole('checkbox', { name: ticked }).check();
        await full.button(button).click();
        const dialog = page.getByRole('dialog');
        await dialog.waitFor();
        await dialog.getByText('Loading …').waitFor({ state: 'detached' });
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.waitForFunction(
          (text) => (document.activeElement as HTMLElement).innerText.replace(/\s+/g, ' ').startsWith(text),
          button,
        );
      },
    ]),
  ];
}
