import type { Answer } from '../support/coach-ui';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';

// The members in order by what they owe and by what they have paid in all, in one currency.
const rig = rigFor('file', { audited: true });
const seller = sellerFor('test', rig);
const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);

/** All of them, by pages of two. */
async function inOrder(query: string): Promise<Answer['body'][]> {
  const found: Answer['body'][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: Answer['body'] = await seller.read(`/v1/members?limit=2&${query}${after}`);
    found.push(...page.data);
    cursor = page.nextCursor;
  }
  return found;
}
const names = async (query: string) => (await inOrder(query)).map(({ externalId }) => externalId as string);
/** The last are those who have nothing, in no order that is promised. */
const first = async (query: string, count: number) => (await names(query)).slice(0, count);

/** What is kept of each member, and what their payments come to. */
async function sums() {
  const { coachId } = seller;
  const add = (all: Record<string, number>, key: string, amount: number) => {
    const sum = (all[key] ?? 0) + amount;
    if (sum === 0) delete all[key];
    else all[key] = sum;
    return all;
  };
  const payments = await rig.db.payment.findMany({ where: { coachId, status: 'succeeded' } });
  const rows = await rig.db.memberPaid.findMany({ where: { coachId } });
  return {
    kept: rows.reduce((all, row) => add(all, `${row.memberId}/${row.currency}`, Number(row.amount)), {}),
    paid: payments.reduce(
      (all, { memberId, currency, amount, amountRefunded, dispute }) =>
        add(all, `${memberId}/${currency}`, dispute === 'lost' ? 0 : amount - amountRefunded),
      {},
    ),
  };
}

test('by what was paid: after a refund, a lost dispute and a merge too', async () => {
  const [book, course] = [await seller.offer({ unitAmount: 2000 }), await seller.offer({ unitAmount: 5000 })];
  const retreat = await seller.offer({ unitAmount: 90_000, currency: 'eur' });
  await post('/v1/members', { externalId: 'nobody' });
  const bought: Record<string, Answer['body']> = {};
  for (const [who, price] of [
    ['ada', book],
    ['bea', course],
    ['bea', book],
    ['cem', course],
    ['dan', retreat],
    ['dan', book],
  ] as const)
    bought[`${who}/${price.id}`] = await seller.purchase(price, who);
  await seller.quiet();
  expect(await first('sort=total_paid', 2)).toEqual(['bea', 'cem']);
  expect(await names('sort=total_paid')).toHaveLength(5);
  expect(await first('sort=total_paid&currency=eur', 1)).toEqual(['dan']);
  expect(await names('sort=total_paid&search=nobody')).toEqual(['nobody']);

  const chargeOf = async ({ stripe }: Answer['body']) =>
    (await seller.stripe.paymentIntents.retrieve(stripe.paymentIntentId, {}, seller.asAccount)).latest_charge;
  const account = seller.accountId;
  const back = await chargeOf(bought[`bea/${course.id}`]);
  await rig.stripeSide.trigger('refund', { account, charge: back, amount: 4500 });
  const lost = await chargeOf(bought[`cem/${course.id}`]);
  await rig.stripeSide.trigger('dispute_created', { account, charge: lost });
  await rig.stripeSide.trigger('dispute_lost', { account, charge: lost });
  await seller.quiet();
  expect(await first('sort=total_paid', 1)).toEqual(['bea']);
  expect((await names('sort=total_paid')).indexOf('cem')).toBeGreaterThan(2);

  const idOf = async (who: string) =>
    (await seller.read(`/v1/members?externalId=${who}`)).data[0].id as string;
  await post(`/v1/members/${await idOf('ada')}/merge`, { from: await idOf('dan') });
  expect(await first('sort=total_paid', 2)).toEqual(['ada', 'bea']);
  expect(await first('sort=total_paid&currency=eur', 1)).toEqual(['ada']);
  const { kept, paid } = await sums();
  expect(kept).toEqual(paid);
  expect(Object.values(kept).sort()).toEqual([2500, 4000, 90_000]);
});

test('by what is owed: who owes most first, and nobody else’s', async () => {
  const [small, large] = [
    await seller.offer({ unitAmount: 1000, recurring: { interval: 'month' } }),
    await seller.offer({ unitAmount: 7000, recurring: { interval: 'month' } }),
  ];
  const bought = [
    await seller.purchase(small, 'ada'),
    await seller.purchase(large, 'bea'),
    await seller.purchase(large, 'cem'),
  ];
  for (const { stripe } of bought.slice(0, 2))
    await rig.stripeSide.trigger('payment_method_fails', {
      account: seller.accountId,
      subscription: stripe.subscriptionId,
    });
  await seller.moveTo(Date.parse(bought[2].paidThrough as string) / 1000 + 7200);
  await seller.quiet();
  expect(await names('sort=owed')).toEqual(['bea', 'ada', 'cem']);
  expect((await inOrder('sort=owed'))[0]?.owed).toEqual([{ currency: 'usd', amount: 7000 }]);
  expect(await names('sort=owed&who=overdue')).toEqual(['bea', 'ada']);
  expect(await names('sort=owed&currency=eur')).toHaveLength(3);
  const other = await openSeller(rig);
  expect((await other.read('/v1/members?sort=owed')).data).toEqual([]);
});
