import { rigFor, sellerFor } from '../support/setup';
import { openSeller } from '../support/seller';

// The files that a coach downloads: payments, and a month's statement.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const file = async (path: string, of = seller) => {
  const response = await fetch(`${rig.api}${path}`, { headers: { authorization: `Bearer ${of.coach.key}` } });
  return { response, text: await response.text() };
};
const linesOf = (text: string) => text.split('\r\n').filter((line) => line !== '');
const month = () => new Date().toISOString().slice(0, 7);
const statement = async (path = month()) =>
  (await seller.coach.call('GET', `/v1/payments/statement?month=${path}`)).body;

async function sells() {
  const eur = await seller.offer({ currency: 'eur', unitAmount: 4900 });
  const yen = await seller.offer({ currency: 'jpy', unitAmount: 5000 });
  await seller.coach.call('PATCH', `/v1/products/${eur.productId}`, { name: '=HYPERLINK("http://x"),  "a"' });
  await seller.purchase(eur, 'ada');
  // Stripe tells whole seconds: within one, nobody can say which was first.
  await seller.moveBy(60);
  await seller.purchase(yen, '@ben');
  return { eur, yen };
}

test('payments as CSV: quoted, and no formula for a spreadsheet; by the same filters', async () => {
  await sells();
  const { response, text } = await file('/v1/payments.csv');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/csv');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="payments-\d{4}-\d\d-\d\d\.csv"$/,
  );
  expect(response.headers.get('cache-control')).toBe('no-store');
  const [names, yen, eur] = linesOf(text);
  expect(names).toMatch(/^id,status,date,currency,amount,/);
  expect(yen).toContain(',jpy,5000,0,');
  expect(yen).toContain(",'@ben,");
  expect(eur).toContain(',eur,49.00,0.00,');
  expect(eur).toContain(`"'=HYPERLINK(""http://x""),  ""a"""`);
  expect(linesOf((await file('/v1/payments.csv?currency=eur')).text)).toEqual([names, eur]);
  const wrong = await file('/v1/payments.csv?currency=EUR');
  expect([wrong.response.status, JSON.parse(wrong.text).code]).toEqual([400, 'invalid_request']);
});

test('more of them than are in memory at once: each once, the newest first', async () => {
  await sells();
  const p = await rig.db.payment.findFirstOrThrow({ where: { coachId: seller.coachId, currency: 'eur' } });
  // Several of one moment, so that pages end within one.
  await rig.db.payment.createMany({
    data: Array.from({ length: 1201 }, (_, n) => ({
      ...p,
      stripeId: `in_more${n}`,
      paidAt: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(n / 7))),
    })),
  });
  const [, ...lines] = linesOf((await file('/v1/payments.csv')).text);
  expect(lines).toHaveLength(1203);
  const ids = lines.map((line) => line.split(',')[0]);
  expect(new Set(ids).size).toBe(1203);
  const dates = lines.map((line) => line.split(',')[2] ?? '');
  expect(dates).toEqual([...dates].sort().reverse());
});

test("another coach's file has nothing of it", async () => {
  await sells();
  const other = await openSeller(rig);
  expect(linesOf((await file('/v1/payments.csv', other)).text)).toHaveLength(1);
  expect(linesOf((await file(`/v1/payments/statement.csv?month=${month()}`, other)).text)).toHaveLength(1);
});

test("a month's statement: what Stripe has, to the cent, each currency for itself", async () => {
  await sells();
  const [yen, eur] = (await seller.read('/v1/payments')).data;
  const refund = (id: string, amount: number) =>
    seller.coach.call('POST', `/v1/payments/${id}/refunds`, { amount, keepAccess: true });
  await refund(eur.id, 1000);
  await refund(eur.id, 450);
  await refund(yen.id, 5000);
  await seller.quiet();
  const atStripe = async (of: string) => {
    const { data } = await seller.stripe.balanceTransactions.list({ limit: 100 }, seller.asAccount);
    return data.filter(({ currency }) => currency === of).reduce((sum, { net }) => sum + net, 0);
  };
  const nothing = { count: 0, amount: 0 };
  const { currencies, timeZone } = await statement();
  expect(timeZone).toBe('UTC');
  expect(currencies).toEqual([
    {
      currency: 'eur',
      gross: { count: 1, amount: 4900 },
      refunds: { count: 2, amount: 1450 },
      disputes: nothing,
      fees: { amount: 0, unknown: 0 },
      net: await atStripe('eur'),
    },
    {
      currency: 'jpy',
      gross: { count: 1, amount: 5000 },
      refunds: { count: 1, amount: 5000 },
      disputes: nothing,
      fees: { amount: 0, unknown: 0 },
      net: await atStripe('jpy'),
    },
  ]);
  const { text } = await file(`/v1/payments/statement.csv?month=${month()}`);
  expect(linesOf(text).slice(1)).toEqual([
    `${month()},UTC,eur,1,49.00,2,14.50,0,0.00,0.00,0,34.50`,
    `${month()},UTC,jpy,1,5000,1,5000,0,0,0,0,0`,
  ]);
  expect((await statement('2001-02')).currencies).toEqual([]);
  expect(await statement('2001-13')).toMatchObject({ code: 'invalid_request', field: 'month' });
});

test('disputed: not in the net; won: in it again; a fee that is not known is said', async () => {
  const eur = await seller.offer({ currency: 'eur', unitAmount: 4900 });
  await seller.purchase(eur, 'ada');
  const [payment] = (await seller.read('/v1/payments')).data;
  const charge = payment.stripe.chargeId as string;
  await rig.stripeSide.trigger('dispute_created', { account: seller.accountId, charge });
  await seller.quiet();
  expect((await statement()).currencies).toMatchObject([{ disputes: { count: 1, amount: 4900 }, net: 0 }]);
  await rig.stripeSide.trigger('dispute_won', { account: seller.accountId, charge });
  await seller.quiet();
  expect((await statement()).currencies).toMatchObject([{ disputes: { count: 0, amount: 0 }, net: 4900 }]);
  await rig.db.payment.updateMany({
    where: { stripeId: payment.id },
    data: { fee: 172, feeCurrency: 'eur' },
  });
  expect((await statement()).currencies).toMatchObject([{ fees: { amount: 172, unknown: 0 }, net: 4728 }]);
  await rig.db.payment.updateMany({ where: { stripeId: payment.id }, data: { feeCurrency: 'usd' } });
  expect((await statement()).currencies).toMatchObject([{ fees: { amount: 0, unknown: 1 }, net: 4900 }]);
});
