import { randomBytes } from 'node:crypto';
import { Browser, COACH_UI, CoachUi, press } from '../../support/coach-ui';
import { newId } from '../../../src/domain/ids';
import { eventually } from '../../support/eventually';
import { openSeller } from '../../support/seller';
import type { Stack } from '../stack';

/** A coach with a business: one of everything, with a trace in every text, so that it is known wherever it comes up. */
export interface Business {
  coachId: string;
  accountId: string;
  trace: string;
  /** The coach's, which is the same in both modes. */
  coachName: string;
  coach: CoachUi;
  keys: { test: string; live: string; revoked: string };
  signingSecret: { id: string; secret: string };
  console: { cookie: string; csrf: string; sessionId: string };
  /** An id of each kind, by its prefix. */
  ids: Record<string, string>;
  /** A page of each list begins here. */
  cursors: string[];
  /** A key of idempotency that is used, with what it was used for. */
  idempotent: { key: string; path: string; body: object };
  seller: Awaited<ReturnType<typeof openSeller>>;
}

const LISTS = [
  'products',
  'members',
  'member-views',
  'memberships',
  'checkouts',
  'grants',
  'payments',
  'signing-secrets',
  'events',
  'webhook-endpoints',
  'mails',
  'people',
  'keys',
  'coupons',
];

export async function openBusiness(stack: Stack): Promise<Business> {
  const trace = `trace${randomBytes(6).toString('hex')}`;
  const coachName = `Coach ${trace}`;
  const seller = await openSeller(stack);
  const { coach, coachId, accountId, mode } = seller;
  const made = async (method: string, path: string, body: object = {}, as: CoachUi = coach) => {
    const answer = await as.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await stack.db.coach.update({ where: { id: coachId }, data: { name: coachName } });
  await made('PUT', '/v1/settings', { origins: [COACH_UI, `https://${trace}.example`] });
  const product = await made('POST', '/v1/products', { name: `Yoga ${trace}`, description: `By ${trace}` });
  const monthly = await seller.offer(
    { unitAmount: 4900, nickname: `Monthly ${trace}`, recurring: { interval: 'month' } },
    product.id,
  );
  const other = await seller.offer({ unitAmount: 5900, recurring: { interval: 'month' } }, product.id);
  const once = await seller.offer({ unitAmount: 900 });
  const member = await made('POST', '/v1/members', {
    externalId: `member-${trace}`,
    email: `${trace}@members.example`,
  });
  const membership = await seller.purchase(monthly, `member-${trace}`);
  const checkout = await made('POST', '/v1/checkouts', {
    priceId: once.id,
    member: `another-${trace}`,
    successUrl: `https://${trace}.example/thanks`,
    cancelUrl: `https://${trace}.example/back`,
  });
  const gift = await made('POST', '/v1/grants', {
    member: { id: member.id },
    productId: product.id,
    note: `A present of ${trace}`,
  });
  const move = await made('POST', `/v1/prices/${other.id}/move-members`, { toPriceId: monthly.id });
  await eventually(
    'the price to be moved',
    async () => (await coach.call('GET', `/v1/price-moves/${move.id}`)).body.status === 'done',
  );
  const signingSecret = await made('POST', '/v1/signing-secrets');
  const receiver = () =>
    made('POST', '/v1/webhook-endpoints', {
      url: `https://${trace}.example/hooks`,
      types: ['price.failed'],
      description: `The site of ${trace}`,
    });
  await receiver();
  const endpoint = await receiver();
  const told = await made('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
  await eventually(
    'a try to deliver',
    async () => (await stack.db.webhookTry.count({ where: { coachId } })) > 0,
  );
  // Nothing of it goes on by itself: what changes from here on, an attack has changed.
  await stack.db.webhookDelivery.updateMany({
    where: { coachId },
    data: { status: 'delivered', nextTryAt: null },
  });
  // Stated by somebody about nothing in particular: it waits for the coach.
  const withdrawal = await stack.db.withdrawal.create({
    data: {
      ...{ id: newId('withdrawal'), coachId, mode, status: 'unproven', statedAt: new Date(), language: 'en' },
      ...{
        statedName: `Ada ${trace}`,
        statedContract: `A course of ${trace}`,
        statedEmail: `${trace}@example.com`,
      },
    },
  });
  // Nobody sends mails here: each is closed at once, with the reason.
  const mail = await eventually(
    'the mail of the gift',
    async () => (await stack.db.mail.findFirst({ where: { coachId, status: 'suppressed' } })) ?? false,
  );
  const bounced = { coachId, mode, reason: 'bounced', addressHash: randomBytes(32).toString('base64url') };
  await stack.db.mailSuppression.create({ data: bounced });
  const coupon = await made('POST', '/v1/coupons', { name: 'Spring', percentOff: 20 });
  const code = await made('POST', `/v1/coupons/${coupon.id}/promotion-codes`, { code: 'SPRING' });
  await coach.call('GET', `/v1/promotion-codes/${code.id}?wait=20`);
  const kept = await made('POST', '/v1/member-views', { name: trace, who: 'gift' });
  const note = await made('POST', `/v1/members/${member.id}/notes`, { text: `About ${trace}` });
  const payment = await stack.db.payment.findFirstOrThrow({ where: { coachId, mode } });
  const live = await CoachUi.open(stack, 'live', coachId);
  const copy = await stack.db.liveCopy.create({
    data: { id: newId('liveCopy'), coachId, mode: 'live', status: 'done', endedAt: new Date() },
  });
  const person = await stack.db.person.create({
    data: {
      ...{ id: newId('person'), role: 'support' },
      coach: { connect: { id: coachId } },
      user: { create: { id: newId('user'), email: `${trace}@staff.example.com` } },
      mode,
    },
  });
  const revoked = await revokedKey(stack, coach);
  const idempotent = {
    key: `order-${trace}`,
    path: '/v1/products',
    body: { name: `Once ${trace}` },
  };
  await postOnce(stack, coach, idempotent);
  const cursors: string[] = [];
  for (const list of LISTS) {
    const { nextCursor } = (await coach.call('GET', `/v1/${list}?limit=1`)).body;
    if (typeof nextCursor === 'string') cursors.push(nextCursor);
  }
  await seller.quiet();
  // What the platform did is told in both modes; this is what was done in one.
  const { body: log } = await coach.call('GET', '/v1/audit-log?limit=50');
  const entry = log.data.find((one: { mode: string | null }) => one.mode === mode);
  return {
    coachId,
    accountId,
    trace,
    coachName,
    coach,
    seller,
    keys: { test: coach.key, live: live.key, revoked },
    signingSecret,
    console: await signIn(stack, coachId),
    ids: {
      coach_: coachId,
      pdt_: product.id,
      amt_: monthly.id,
      mbr_: member.id,
      mvw_: kept.id,
      mnt_: note.id,
      msp_: membership.id,
      chk_: checkout.id,
      gnt_: gift.id,
      pmv_: move.id,
      cpn_: coupon.id,
      pcd_: code.id,
      cpy_: copy.id,
      psn_: person.id,
      aud_: entry.id,
      sgn_: signingSecret.id,
      wdr_: withdrawal.id,
      whe_: endpoint.id,
      mail_: mail.id,
      payments: payment.stripeId,
      'mail-suppressions': bounced.addressHash,
      fct_: told.eventId,
      conn_: seller.connectionId,
      key_: (await stack.db.apiKey.findFirstOrThrow({ where: { coachId, mode, revokedAt: null } })).id,
    },
    cursors: [...cursors, told.eventId],
    idempotent,
  };
}

async function revokedKey(stack: Stack, { coachId }: CoachUi): Promise<string> {
  const { key } = await CoachUi.open(stack, 'test', coachId);
  const { id } = await stack.db.apiKey.findFirstOrThrow({
    where: { coachId },
    orderBy: { createdAt: 'desc' },
  });
  await fetch(`${stack.api}/v1/api-keys/${id}/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.config.platformKey}` },
  });
  return key;
}

async function postOnce(stack: Stack, { key }: CoachUi, { key: once, path, body }: Business['idempotent']) {
  await fetch(`${stack.api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': once },
    body: JSON.stringify(body),
  });
}

/** A browser that is signed in to the console, by a link and a click. */
async function signIn(stack: Stack, coachId: string): Promise<Business['console']> {
  const browser = new Browser();
  const response = await fetch(`${stack.api}/v1/coaches/${coachId}/console-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.config.platformKey}` },
  });
  const { url } = (await response.json()) as { url: string };
  await press(browser, await browser.get(url));
  const session = await browser.get(`${stack.api}/console/api/session`);
  const { csrfToken: csrf } = (await session.json()) as { csrfToken: string };
  const sessions = await browser.get(`${stack.api}/console/api/sessions`);
  const { data } = (await sessions.json()) as { data: { id: string; current: boolean }[] };
  return {
    cookie: browser.cookieHeader(),
    csrf,
    sessionId: data.find(({ current }) => current)?.id ?? '',
  };
}
