import { HOUR } from '../../src/domain/time';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';

// Two members who are one person: what moves, what leads there afterwards, and what may not be merged. And notes.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const post = (path: string, body: object = {}, of = seller) => of.coach.call('POST', path, body);
const addMember = async (externalId: string, of = seller): Promise<string> =>
  (await post('/v1/members', { externalId, email: `${externalId}@example.com` }, of)).body.id;
const merge = (into: string, from: string, of = seller) => post(`/v1/members/${into}/merge`, { from }, of);
const member = (id: string) => seller.read(`/v1/members/${id}`);

test('all that the one has is the other’s: purchases, access, payments, notes, customers; and later events land there', async () => {
  const circle = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const book = await seller.offer({ unitAmount: 2000 });
  const bought = await seller.purchase(circle, 'old');
  await seller.purchase(book, 'new');
  const from = bought.memberId as string;
  const into = (await seller.read('/v1/members?externalId=new')).data[0].id as string;
  await post('/v1/members', { externalId: 'old', email: 'old@example.com' });
  await post(`/v1/members/${from}/notes`, { text: 'Moved house in May.' });
  await post('/v1/grants', { member: { id: from }, productId: book.productId });
  const preview = await post(`/v1/members/${into}/merge/preview`, { from });
  expect(preview).toMatchObject({
    status: 200,
    body: {
      after: { email: 'old@example.com', externalId: 'new', alsoKnownAs: 'old' },
      moves: { memberships: 1, gifts: 1, payments: 1, checkouts: 1, notes: 1, stripeCustomers: 1 },
      twice: [],
    },
  });
  expect(await seller.read(`/v1/memberships?member=${from}`)).toMatchObject({ data: [{ id: bought.id }] });

  expect(await merge(into, from)).toMatchObject({
    status: 200,
    body: { id: into, externalId: 'new', email: 'old@example.com' },
  });
  // Both ids of ours, and both of the coach's, lead to the one who stays.
  for (const name of [into, from, 'new', 'old'])
    expect(await seller.accessOf(name, circle)).toMatchObject({ access: true, memberId: into });
  expect(await member(from)).toMatchObject({ id: into });
  expect((await seller.read('/v1/members?externalId=old')).data).toMatchObject([{ id: into }]);
  expect((await post('/v1/members', { externalId: 'old' })).body).toMatchObject({ id: into });
  expect((await seller.read(`/v1/members/${into}/notes`)).data).toMatchObject([
    { text: 'Moved house in May.' },
  ]);
  expect(await member(into)).toMatchObject({
    status: 'active',
    totalPaid: [{ currency: 'usd', amount: 6900 }],
  });
  const { data: timeline } = await seller.read(`/v1/members/${into}/timeline?limit=100`);
  expect(timeline.filter(({ kind }: { kind: string }) => kind === 'members_merged')).toMatchObject([
    { cause: 'person', details: { joined: from } },
  ]);

  // Stripe goes on telling of the customer of the one who was merged.
  await seller.moveTo(Date.parse(bought.paidThrough as string) / 1000 + 2 * HOUR);
  await seller.quiet();
  expect(await member(into)).toMatchObject({ totalPaid: [{ currency: 'usd', amount: 11_800 }] });
  // Again: nothing more to do.
  expect(await merge(into, from)).toMatchObject({ status: 200, body: { id: into } });
});

test('what both have a purchase of goes on twice, and is shown', async () => {
  const circle = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const one = await seller.purchase(circle, 'one');
  const two = await seller.purchase(circle, 'two');
  const preview = await post(`/v1/members/${one.memberId}/merge/preview`, { from: two.memberId });
  expect(preview.body.twice).toMatchObject([{ productId: circle.productId }]);
  await merge(one.memberId, two.memberId);
  expect(await seller.read(`/v1/memberships/${two.id}`)).toMatchObject({
    memberId: one.memberId,
    duplicate: true,
  });
});

test('scenario 90: members of different coaches or modes are never merged', async () => {
  const other = await openSeller(rig);
  const [mine, theirs] = [await addMember('mine'), await addMember('theirs', other)];
  const inLive = await rig.db.member.create({
    data: {
      id: `mbr_${seller.coachId.slice(-8)}inlive`,
      coachId: seller.coachId,
      mode: 'live',
      externalId: 'mine',
    },
  });
  for (const [into, from] of [
    [mine, theirs],
    [theirs, mine],
    [mine, inLive.id],
    [inLive.id, mine],
  ] as const) {
    expect(await merge(into, from)).toMatchObject({ status: 404 });
    expect(await post(`/v1/members/${into}/merge/preview`, { from })).toMatchObject({ status: 404 });
  }
  expect(await rig.db.member.count({ where: { id: { in: [mine, theirs, inLive.id] } } })).toBe(3);
});

test('nobody is merged with themselves, nor who is being erased or was', async () => {
  const [one, two] = [await addMember('one'), await addMember('two')];
  expect(await merge(one, one)).toMatchObject({ status: 409, body: { code: 'same_member' } });
  await post(`/v1/members/${two}/erase`, { delayMinutes: 15 });
  for (const [into, from] of [
    [one, two],
    [two, one],
  ] as const)
    expect(await merge(into, from)).toMatchObject({
      status: 409,
      body: { code: 'member_being_erased', field: 'from' },
    });
  await post(`/v1/members/${two}/erase/cancel`);
  expect(await merge(one, two)).toMatchObject({ status: 200 });
});

describe('notes', () => {
  test('by whom and when; changed, deleted; nobody else’s', async () => {
    const id = await addMember('ada');
    const first = await post(`/v1/members/${id}/notes`, { text: 'Prefers mornings.' });
    expect(first).toMatchObject({
      status: 201,
      body: { text: 'Prefers mornings.', author: { kind: 'key' }, editedAt: null, editor: null },
    });
    const noteId = first.body.id as string;
    const change = (text: string, of = seller) =>
      of.coach.call('PATCH', `/v1/member-notes/${noteId}`, { text });
    const other = await openSeller(rig);
    expect((await change('Taken over', other)).status).toBe(404);
    expect((await post(`/v1/member-notes/${noteId}/remove`, {}, other)).status).toBe(404);
    expect((await other.coach.call('GET', `/v1/members/${id}/notes`)).status).toBe(404);
    expect(await change('Prefers evenings.')).toMatchObject({
      status: 200,
      body: { text: 'Prefers evenings.', editor: { kind: 'key' } },
    });
    expect((await seller.read(`/v1/members/${id}/notes`)).data).toMatchObject([{ id: noteId }]);
    expect((await post(`/v1/member-notes/${noteId}/remove`)).status).toBe(200);
    expect((await seller.read(`/v1/members/${id}/notes`)).data).toEqual([]);
  });

  test('scenario 91: a note is given to the member with their data, and gone when they are erased', async () => {
    const id = await addMember('ada');
    await post(`/v1/members/${id}/notes`, { text: 'A note about Ada.' });
    expect(await seller.read(`/v1/members/${id}/export`)).toMatchObject({
      notes: [{ text: 'A note about Ada.' }],
    });
    await post(`/v1/members/${id}/erase`, { delayMinutes: 0 });
    await seller.coach.call('GET', `/v1/members/${id}/erasure?wait=20`);
    expect(await seller.read(`/v1/members/${id}/erasure`)).toMatchObject({ status: 'erased' });
    expect(await rig.db.memberNote.count({ where: { memberId: id } })).toBe(0);
  });
});
