import { DAY, HOUR } from '../../src/domain/time';
import type { Answer } from '../support/coach-ui';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';

// The members as a table: what each has, owes and has paid, and whom the filters leave.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('file', rig);
let circle: Answer['body'];
let book: Answer['body'];

const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
const iso = (at: number) => new Date(at * 1000).toISOString();
const listed = async (query = '', of = seller): Promise<Answer['body'][]> =>
  (await of.read(`/v1/members?limit=100&${query}`)).data;
const names = async (query: string, of = seller) =>
  (await listed(query, of)).map(({ externalId }) => externalId as string);
const row = async (externalId: string) => (await listed(`externalId=${externalId}`))[0];
const file = async (query: string, of = seller) => {
  const response = await fetch(`${rig.api}/v1/members.csv?${query}`, {
    headers: { authorization: `Bearer ${of.coach.key}` },
  });
  return { response, lines: (await response.text()).split('\r\n').filter((line) => line !== '') };
};

beforeAll(async () => {
  circle = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const trial = await seller.offer(
    { unitAmount: 4900, recurring: EACH_MONTH, trialDays: 14 },
    circle.productId,
  );
  book = await seller.offer({ unitAmount: 2000, currency: 'eur' });
  const behind = await seller.purchase(circle, 'behind');
  await rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: behind.stripe.subscriptionId,
  });
  await seller.moveTo(Date.parse(behind.paidThrough as string) / 1000 + 2 * HOUR);
  await seller.purchase(circle, 'active');
  await seller.purchase(book, 'active');
  await seller.moveBy(60);
  await seller.purchase(trial, 'trying');
  const leaving = await seller.purchase(circle, 'leaving');
  await post(`/v1/memberships/${leaving.id}/cancel`, { at: 'period_end' });
  const now = await seller.now();
  const gift = (who: string, until: string | null) =>
    post('/v1/grants', { member: { externalId: who }, productId: book.productId, until });
  await gift('=gifted', iso(now + 30 * DAY));
  await gift('was-gifted', iso(now + 60));
  await post('/v1/members', { externalId: 'nobody', email: 'nobody@example.com' });
  await seller.moveBy(120);
  await seller.quiet();
});

test.each([
  ['who=overdue', ['behind']],
  ['who=trial', ['trying']],
  ['who=canceling', ['leaving']],
  ['who=gift', ['=gifted']],
  ['who=no_access', ['nobody', 'was-gifted']],
  ['who=no_access&search=gift', ['was-gifted']],
  ['search=NOBODY%40', ['nobody']],
])('%s', async (query, expected) => {
  expect((await names(query)).sort()).toEqual(expected);
});

test('by product: who has access, and whose purchase goes on without', async () => {
  expect((await names(`product=${book.productId}`)).sort()).toEqual(['=gifted', 'active']);
  expect((await names(`product=${circle.productId}`)).sort()).toEqual([
    'active',
    'behind',
    'leaving',
    'trying',
  ]);
});

test('a row: one word, what is held, what comes, what is owed and what was paid', async () => {
  const active = await row('active');
  expect(active).toMatchObject({
    status: 'active',
    nextCharge: { amount: 4900, currency: 'usd' },
    owed: [],
    totalPaid: [
      { currency: 'eur', amount: 2000 },
      { currency: 'usd', amount: 4900 },
    ],
  });
  expect(active?.products.map(({ id }: { id: string }) => id).sort()).toEqual(
    [book.productId, circle.productId].sort(),
  );
  expect(active?.prices.map(({ id }: { id: string }) => id).sort()).toEqual([book.id, circle.id].sort());
  const behind = await row('behind');
  expect(behind).toMatchObject({ status: 'overdue', owed: [{ currency: 'usd', amount: 4900 }] });
  const trying = await row('trying');
  expect(trying).toMatchObject({ status: 'trial', nextCharge: { amount: 4900 }, totalPaid: [] });
  expect(await row('leaving')).toMatchObject({ status: 'canceling', nextCharge: null });
  expect(await row('=gifted')).toMatchObject({ status: 'gift', prices: [], nextCharge: null });
  expect(await row('was-gifted')).toMatchObject({ status: 'ended', products: [] });
  expect(await row('nobody')).toMatchObject({ status: 'none' });
  // The same as the member alone.
  expect(await seller.read(`/v1/members/${active?.id}`)).toEqual(active);
});

test('what was refunded was not paid', async () => {
  const { id, stripe } = await seller.purchase(book, 'refunded');
  await rig.stripeSide.trigger('refund', {
    account: seller.accountId,
    charge: (await seller.stripe.paymentIntents.retrieve(stripe.paymentIntentId, {}, seller.asAccount))
      .latest_charge,
    amount: 500,
  });
  await seller.quiet();
  expect(await row('refunded')).toMatchObject({
    status: 'owned',
    prices: [{ membershipId: id }],
    totalPaid: [{ currency: 'eur', amount: 1500 }],
  });
});

test.each(['newest', 'oldest', 'email', 'next_charge'])(
  'in order by %s: pages of two are the whole',
  async (sort) => {
    await post('/v1/members', { externalId: 'zoe', email: 'zoe@example.com' });
    await post('/v1/members', { externalId: 'ann', email: 'ann@example.com' });
    const all = await listed(`sort=${sort}`);
    const pages: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer['body'] = await seller.read(
        `/v1/members?limit=2&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      pages.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(all);
    const at = (of: Answer['body']) => of.nextCharge?.at ?? '9';
    const email = (of: Answer['body']) => of.email ?? '~';
    const by = {
      newest: (a: Answer['body'], b: Answer['body']) => b.createdAt.localeCompare(a.createdAt),
      oldest: (a: Answer['body'], b: Answer['body']) => a.createdAt.localeCompare(b.createdAt),
      email: (a: Answer['body'], b: Answer['body']) =>
        email(a) < email(b) ? -1 : email(a) > email(b) ? 1 : 0,
      next_charge: (a: Answer['body'], b: Answer['body']) => at(a).localeCompare(at(b)),
    }[sort];
    expect(
      [...all].sort(by).map(({ createdAt, email: of, nextCharge }) => [createdAt, of, nextCharge]),
    ).toEqual(all.map(({ createdAt, email: of, nextCharge }) => [createdAt, of, nextCharge]));
  },
);

test('as CSV: by the same filters, and no formula for a spreadsheet', async () => {
  const { response, lines } = await file('who=gift');
  expect(response.headers.get('content-type')).toContain('text/csv');
  expect(response.headers.get('content-disposition')).toMatch(/filename="members-\d{4}-\d\d-\d\d\.csv"$/);
  const [columns, gifted, ...more] = lines;
  expect(columns).toMatch(/^member id,e-mail,your id,status,/);
  expect(gifted).toContain(",'=gifted,gift,");
  expect(more).toEqual([]);
  const everybody = (await file('')).lines.slice(1).map((line) => line.split(',')[0]);
  expect(everybody).toEqual((await listed()).map(({ id }) => id));
  const active = (await file('search=active')).lines[1];
  expect(active).toContain(',usd,49.00,');
  expect(active).toContain(',20.00 eur; 49.00 usd,');
});

test('scenario 89: neither other coaches nor the other mode are in it, whatever is asked', async () => {
  const other = await openSeller(rig);
  await other.coach.call('POST', '/v1/members', { externalId: 'theirs', email: 'nobody@example.com' });
  // The other mode of the same coach, as its key would make it.
  await rig.db.member.create({
    data: {
      id: `mbr_${seller.coachId.slice(-8)}live`,
      coachId: seller.coachId,
      mode: 'live',
      externalId: 'in-live',
      email: 'nobody@example.com',
    },
  });
  for (const query of ['', 'who=no_access', 'search=nobody', 'sort=email', 'sort=next_charge']) {
    expect(await names(query, other)).toEqual(['theirs']);
    expect(await names(query)).not.toContain('theirs');
    expect(await names(query)).not.toContain('in-live');
    expect((await file(query.startsWith('sort') ? '' : query)).lines.join()).not.toMatch(/theirs|in-live/);
  }
});

test('a cursor that no list has answered is refused', async () => {
  expect(await seller.coach.call('GET', '/v1/members?cursor=nonsense')).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', field: 'cursor' },
  });
});
