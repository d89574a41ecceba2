import { DAY, HOUR, toSeconds } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { openShop } from '../support/shop';
import { rigFor } from '../support/setup';

/** Events of one run: about a year of a month's wait, a renewal, a look. */
const SMALL = 180;
const RENEWALS = 13;

const rig = rigFor('file', { temporal: 'skipping' });

test('a year and more of monthly renewals: access has no gap, the money adds up, histories stay small', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell({ interval: 'month', unitAmount: 4900 });
  const memberId = await shop.newMember();
  const { membershipId } = await shop.buy(sale, memberId);
  const began = await shop.now();

  while ((await shop.now()) < began + RENEWALS * 31 * DAY) {
    await shop.moveBy(6 * DAY);
    const { paidThrough } = await shop.membership(membershipId);
    const { access, until } = await shop.access(memberId, sale.productId);
    expect(access).toBe(true);
    // The hour in which a renewal is a draft, and the leeway, but never a period that nobody paid for.
    expect(until).toBe(toSeconds(paidThrough as Date) + 72 * HOUR);
    expect(toSeconds(paidThrough as Date)).toBeGreaterThan((await shop.now()) - 2 * HOUR);
  }

  const kinds = (await shop.timeline(memberId)).map(({ kind }) => kind);
  const renewals = kinds.filter((kind) => kind === 'renewed').length;
  expect(renewals).toBeGreaterThanOrEqual(RENEWALS);
  expect(kinds).toEqual(['purchase_completed', ...Array<string>(renewals).fill('renewed')]);

  const invoices = await rig.stripeSide.objects<{ status: string; amount_paid: number }>(
    'invoice',
    shop.accountId,
  );
  const paid = invoices.filter(({ status }) => status === 'paid');
  expect(paid).toHaveLength(renewals + 1);
  expect(paid.reduce((sum, { amount_paid }) => sum + amount_paid, 0)).toBe((renewals + 1) * 4900);

  const runs = rig.seenRuns().filter(({ workflowId }) => workflowId === membershipWorkflowId(membershipId));
  expect(runs).toHaveLength(2);
  for (const { workflowId, runId } of runs) {
    const { historyLength } = await rig.client.workflow.getHandle(workflowId, runId).describe();
    expect(historyLength).toBeLessThan(SMALL);
  }
});
