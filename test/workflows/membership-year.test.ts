import { DAY, HOUR, toSeconds } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { openShop } from '../support/shop';
import { rigFor } from '../support/setup';

/** Events of one run, at whose next renewal another goes on: some eighteen times a wait, a renewal and a look. */
const SMALL = 280;
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

  expect(await lengthsOf(membershipId)).toEqual([expect.any(Number)]);
  expect(Math.max(...(await lengthsOf(membershipId)))).toBeLessThan(SMALL);
});

test('a run that has renewed often enough continues as new, and nothing is lost on the way', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell({ interval: 'day', unitAmount: 500 });
  const memberId = await shop.newMember();
  const { membershipId } = await shop.buy(sale, memberId);
  const began = await shop.now();
  for (let day = 5; day <= 25; day += 5) {
    await shop.moveTo(began + day * DAY);
    expect((await shop.access(memberId, sale.productId)).access).toBe(true);
  }
  const renewed = (await shop.timeline(memberId)).filter(({ kind }) => kind === 'renewed').length;
  expect(renewed).toBeGreaterThanOrEqual(24);
  const lengths = await lengthsOf(membershipId);
  expect(lengths).toHaveLength(2);
  expect(Math.max(...lengths)).toBeLessThan(SMALL);
});

/** How many events each of its runs has, in order. */
async function lengthsOf(membershipId: string): Promise<number[]> {
  const runs = rig.seenRuns().filter(({ workflowId }) => workflowId === membershipWorkflowId(membershipId));
  return Promise.all(
    runs.map(async ({ workflowId, runId }) => {
      const { historyLength } = await rig.client.workflow.getHandle(workflowId, runId).describe();
      return historyLength;
    }),
  );
}
