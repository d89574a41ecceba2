import { createMemberSessions } from '../../src/api/account/sessions';
import { noteReminder } from '../../src/store/checkout-reminder';
import { eventually } from '../support/eventually';
import { type Behaviour, mailReceiverFor } from '../support/mail-receiver';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { Visitor } from '../support/visitor';

// A member has another e-mail address: what follows it, what does not, and what Stripe hears of it.
const MONTHLY = { unitAmount: 4900, recurring: { interval: 'month', intervalCount: 1 } } as const;

const mails = mailReceiverFor('file');
const rig = rigFor('file', {
  relayPollSeconds: 1,
  audited: true,
  get variables() {
    return { SMTP_URL: mails.url, MAIL_FROM: 'mails@session.example' };
  },
});
const seller = sellerFor('test', rig);
beforeEach(() => {
  mails.behave(() => 'take');
  mails.taken.length = 0;
});

const add = async (externalId: string, email?: string, of = seller): Promise<string> =>
  (await of.coach.call('POST', '/v1/members', { externalId, ...(email === undefined ? {} : { email }) })).body
    .id;
const change = (id: string, email: string, of = seller) =>
  of.coach.call('PATCH', `/v1/members/${id}`, { email });
const member = (id: string) => seller.read(`/v1/members/${id}`);
const told = (id: string, how = 'told') =>
  eventually(`Stripe to be ${how}`, async () => {
    const present = await member(id);
    return present.stripeAddress === how && present;
  });
/** What Stripe's customers of a member have. */
const atStripe = async (id: string) => {
  const customers = await rig.db.stripeCustomer.findMany({ where: { memberId: id } });
  const present = await Promise.all(
    customers.map(({ stripeCustomerId }) =>
      seller.stripe.customers.retrieve(stripeCustomerId, {}, seller.asAccount),
    ),
  );
  return present.map((customer) => (customer.deleted === true ? 'deleted' : customer.email));
};
/** Where mails to somebody went; those of the tests before may still come. */
const takenBy = (name: string) =>
  mails.taken.map(({ recipient }) => recipient).filter((recipient) => recipient.startsWith(name));
const browser = () => new Visitor(rig.api, { 'Accept-Language': 'en' });
const page = () => `/account/${seller.coachId}/test`;

test('everything stays but the address, and Stripe gets it; changing it back takes it back', async () => {
  const circle = await seller.offer(MONTHLY);
  const id = await add('ada', 'ada@old.example');
  const bought = await seller.purchase(circle, 'ada');
  expect(await atStripe(id)).toEqual(['ada@old.example']);
  const before = await member(id);

  const changed = await change(id, ' Ada@New.example');
  expect(changed).toMatchObject({ status: 200, body: { id, externalId: 'ada', email: 'ada@new.example' } });
  expect(await told(id)).toEqual({ ...before, email: 'ada@new.example' });
  expect(await atStripe(id)).toEqual(['ada@new.example']);
  expect(await seller.accessOf('ada', circle)).toMatchObject({ access: true });
  expect(await seller.read(`/v1/memberships/${bought.id}`)).toMatchObject({ memberId: id, status: 'active' });
  const { data: timeline } = await seller.read(`/v1/members/${id}/timeline?limit=100`);
  const entries = timeline.filter(({ kind }: { kind: string }) => kind === 'address_changed');
  expect(entries).toMatchObject([{ cause: 'person', details: null }]);

  // The same again changes nothing, and tells nobody.
  expect(await change(id, 'ada@new.example')).toMatchObject({ status: 200 });
  await change(id, 'ada@old.example');
  await told(id);
  expect(await atStripe(id)).toEqual(['ada@old.example']);
  const facts = await rig.db.timelineEntry.count({ where: { memberId: id, kind: 'address_changed' } });
  expect(facts).toBe(2);

  // Neither is anywhere but with the member: not in the log of who did it, nor in the runs.
  const [line] = await rig.db.auditEntry.findMany({
    where: { coachId: seller.coachId, operation: 'patchV1MembersId' },
  });
  expect(line).toMatchObject({ subjectId: id, fields: ['email'], outcome: 'done' });
  expect(JSON.stringify(line)).not.toMatch(/ada@/);
  const runs = rig.seenRuns().filter(({ workflowId }) => workflowId === `customer-address/${id}`);
  expect(runs.length).toBeGreaterThan(0);
  for (const { workflowId, runId } of runs) {
    const history = await rig.client.workflow.getHandle(workflowId, runId).fetchHistory();
    expect(Buffer.from(JSON.stringify(history)).toString('latin1')).not.toMatch(/ada@|YWRhQ/);
  }
});

test('scenario 99: a mail that is on its way to the old address goes to the new one, and nobody signs in by the old', async () => {
  const gift = await seller.offer({ unitAmount: 2000 });
  const id = await add('ada', 'eve@old.example');
  const row = await rig.db.member.findUniqueOrThrow({ where: { id } });
  const link = `${page()}/sign-in/${await createMemberSessions(rig.db).createLink(rig.db, row)}`;
  const ada = browser();
  const entered = await ada.open(`${page()}?member=${await seller.tokenFor('ada')}`);
  expect(entered.text).toContain('Signed in as eve@old.example.');

  // The mail server has been told the old address, and has not been given the mail.
  mails.behave(async (_tries, address): Promise<Behaviour> => {
    if (address === 'eve@old.example')
      expect(await change(id, 'eve@new.example')).toMatchObject({ status: 200 });
    return 'take';
  });
  await seller.coach.call('POST', '/v1/grants', { member: { id }, productId: gift.productId });
  await eventually('the mail to be sent', async () => {
    const [mail] = await rig.db.mail.findMany({ where: { memberId: id, kind: 'gift' } });
    return mail?.status === 'sent';
  });
  expect(takenBy('eve')).toEqual(['eve@new.example']);

  expect((await ada.open(page())).text).not.toContain('Signed in as');
  expect((await browser().open(link)).status).toBe(400);
  // A link for the old address is not even mailed.
  const visitor = browser();
  const ask = async (email: string) => visitor.press(await visitor.open(page()), 'Send me a link', { email });
  await ask('eve@old.example');
  expect(await rig.db.memberLink.count({ where: { memberId: id } })).toBe(0);
  await ask('eve@new.example');
  expect(await rig.db.memberLink.count({ where: { memberId: id } })).toBe(1);
});

test('a link that waits in a mail is of no use any more, and is not sent', async () => {
  await rig.stopWorker();
  const id = await add('ada', 'kim@old.example');
  const visitor = browser();
  await visitor.press(await visitor.open(page()), 'Send me a link', { email: 'kim@old.example' });
  expect(await rig.db.mail.findMany({ where: { memberId: id } })).toMatchObject([{ status: 'queued' }]);
  await change(id, 'kim@new.example');
  expect(await rig.db.mail.findMany({ where: { memberId: id } })).toMatchObject([
    { kind: 'sign_in_link', status: 'stale', reason: 'gone', sealed: null },
  ]);
  await rig.startWorker();
  await seller.quiet();
  expect(takenBy('kim')).toEqual([]);
});

test('nobody is reminded at the old address of a purchase that was left', async () => {
  const price = await seller.offer({ unitAmount: 2000 });
  const id = await add('ada', 'lea@old.example');
  const { body } = await seller.openFor(price, 'ada');
  const checkout = { id: body.id as string, coachId: seller.coachId, mode: 'test' } as const;
  await noteReminder(rig.db, rig.config.encryptionKey, checkout, {
    text: 'Remind me.',
    language: 'en',
    address: 'lea@old.example',
    url: 'https://coach.example/buy',
  });
  await change(id, 'lea@new.example');
  expect(await rig.db.checkoutReminder.findUnique({ where: { checkoutId: checkout.id } })).toMatchObject({
    text: 'Remind me.',
    sealed: null,
  });
});

test('whose it is already is said, with the way out; nobody else’s member is touched', async () => {
  const other = await openSeller(rig);
  const [ada, bea] = [await add('ada', 'ada@old.example'), await add('bea', 'bea@old.example')];
  await add('ada', 'ada@theirs.example', other);
  const taken = await change(ada, 'Bea@old.example');
  expect(taken).toMatchObject({
    status: 409,
    body: { code: 'address_taken', field: 'email', details: { memberId: bea } },
  });
  expect(taken.body.todo).toContain('merge');
  expect(await member(ada)).toMatchObject({ email: 'ada@old.example' });
  // Of another coach it may be, and of the other mode.
  expect(await change(ada, 'ada@theirs.example')).toMatchObject({ status: 200 });
  expect(await change(ada, 'ada@elsewhere.example', other)).toMatchObject({ status: 404 });
  await Promise.all([change(ada, 'both@example.com'), change(bea, 'both@example.com')]);
  expect(await rig.db.member.count({ where: { coachId: seller.coachId, email: 'both@example.com' } })).toBe(
    1,
  );
});

test('scenario 100: what nobody has told Stripe, or could not, is told later', async () => {
  const circle = await seller.offer(MONTHLY);
  const id = await add('ada', 'ada@old.example');
  await seller.purchase(circle, 'ada');
  // The run is started by nobody: the coach’s server says it, and the sweep finds it.
  await add('ada', 'ada@server.example');
  await told(id);
  expect(await atStripe(id)).toEqual(['ada@server.example']);

  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/customers/*' },
    times: 4,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  await change(id, 'ada@new.example');
  // While it is being told, it is another again.
  await change(id, 'ada@newest.example');
  await told(id);
  expect(await atStripe(id)).toEqual(['ada@newest.example']);

  // Of an account that is not connected nobody asks anything, until it is.
  const connection = { where: { coachId: seller.coachId } };
  await rig.db.connection.updateMany({ ...connection, data: { status: 'disconnected' } });
  await change(id, 'ada@last.example');
  await told(id, 'waiting');
  await seller.quiet();
  expect(await atStripe(id)).toEqual(['ada@newest.example']);
  await rig.db.connection.updateMany({ ...connection, data: { status: 'connected' } });
  await told(id);
  expect(await atStripe(id)).toEqual(['ada@last.example']);
});

test('who buys while it changes has a customer with the new address in the end', async () => {
  const circle = await seller.offer(MONTHLY);
  const id = await add('ada', 'ada@old.example');
  const checkout = await seller.openFor(circle, 'ada');
  await change(id, 'ada@new.example');
  await seller.pay(checkout);
  await seller.boughtBy(checkout);
  await eventually('Stripe to have it', async () => (await atStripe(id)).join() === 'ada@new.example');
  expect(await told(id)).toMatchObject({ email: 'ada@new.example' });
});

test('a customer who is gone is forgotten; what was changed in the Dashboard stays until it is changed here', async () => {
  const circle = await seller.offer(MONTHLY);
  const id = await add('ada', 'ada@old.example');
  await seller.purchase(circle, 'ada');
  const { stripeCustomerId } = await rig.db.stripeCustomer.findFirstOrThrow({ where: { memberId: id } });
  await seller.stripe.customers.update(stripeCustomerId, { email: 'dash@board.example' }, seller.asAccount);
  await seller.quiet();
  expect(await member(id)).toMatchObject({ email: 'ada@old.example', stripeAddress: 'told' });
  expect(await atStripe(id)).toEqual(['dash@board.example']);
  await seller.stripe.customers.del(stripeCustomerId, {}, seller.asAccount);
  await change(id, 'ada@new.example');
  await told(id);
  expect(await rig.db.stripeCustomer.count({ where: { memberId: id } })).toBe(0);
});
