import { createMemberSessions } from '../../src/api/account/sessions';
import { hashToken } from '../../src/domain/ids';
import { HOUR } from '../../src/domain/time';
import { rigFor, sellerFor } from '../support/setup';
import { openSeller } from '../support/seller';
import { type Shown, Visitor } from '../support/visitor';

// The page on which members see what they have, and settle it themselves.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const MONTH = { recurring: { interval: 'month' as const, intervalCount: 1 } };
const pathOf = (coachId: string) => `/account/${coachId}/test`;
const path = () => pathOf(seller.coachId);
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const browser = (language = 'en') => new Visitor(rig.api, { 'Accept-Language': language });
const settings = (changes: object) => seller.coach.call('PATCH', '/v1/settings', changes);

/** In by a link of the coach's site. */
async function enter(visitor: Visitor, member: string, email?: string): Promise<Shown> {
  return visitor.open(`${path()}?member=${await seller.tokenFor(member, email)}`);
}
const linkFor = async (memberId: string) => {
  const member = await rig.db.member.findUniqueOrThrow({ where: { id: memberId } });
  return `${path()}/sign-in/${await createMemberSessions(rig.db).createLink(rig.db, member)}`;
};

describe('the ways in', () => {
  test('a token of the coach’s site signs in, and leaves the address bar', async () => {
    const price = await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH });
    await seller.purchase(price, 'ada');
    const ada = browser();
    const first = await ada.send(`${path()}?member=${await seller.tokenFor('ada', 'ada@example.com')}`);
    expect(first.status).toBe(303);
    expect(first.headers.get('Location')).toBe(path());
    expect(ada.setCookies.join()).toMatch(/; HttpOnly/);
    expect(ada.setCookies.join()).toMatch(/; SameSite=Lax/);
    const page = await ada.open(path());
    expect(page.status).toBe(200);
    expect(page.text).toContain('You have access');
    expect(page.text).toContain('€49.00 every month');
    expect(page.text).toContain('ada@example.com');
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self' https: /);
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.text).not.toContain('<script');
    // Nothing that opens it is stored.
    const cookie = [...ada.cookies.values()][0] ?? '';
    const [stored] = await rig.db.memberSession.findMany({ where: { coachId: seller.coachId } });
    expect(stored?.hash).toBe(hashToken(cookie));
  });

  test('a token that is not valid, or of another coach, opens nothing and says where to go', async () => {
    const other = await openSeller(rig);
    const forged = await browser().open(`${path()}?member=${await other.tokenFor('ada')}`);
    expect(forged.status).toBe(403);
    expect(forged.text).toContain('This link is no longer valid.');
    expect(await rig.db.memberSession.count({ where: { coachId: seller.coachId } })).toBe(0);
    expect((await browser().open('/account/coach_unknown/test')).status).toBe(404);
  });

  test('a session is of one coach, in one mode, and ends with the member’s erasure', async () => {
    const ada = browser();
    await enter(ada, 'ada');
    const other = await openSeller(rig);
    const [name, value] = [...ada.cookies][0] ?? ['', ''];
    for (const foreign of [pathOf(other.coachId), `/account/${seller.coachId}`]) {
      const names = [foreign.endsWith('/test') ? `${other.coachId}/test` : `${seller.coachId}/live`];
      for (const of of names) ada.cookies.set(`session_member_${hashToken(of).slice(0, 16)}`, value);
      expect((await ada.open(foreign)).text).not.toContain('Signed in as');
    }
    ada.cookies.set(name, value);
    expect((await ada.open(path())).text).toContain('Signed in as');
    await rig.db.member.updateMany({
      where: { coachId: seller.coachId },
      data: { erasedAt: new Date(), externalId: null, email: null },
    });
    expect((await ada.open(path())).text).not.toContain('Signed in as');
  });

  test('signing out ends the session', async () => {
    const ada = browser();
    const page = await enter(ada, 'ada');
    const before = new Map(ada.cookies);
    await ada.press(page, 'Sign out');
    for (const [name, value] of before) ada.cookies.set(name, value);
    expect((await ada.open(path())).text).not.toContain('Signed in as');
  });

  test('scenario 68: a link of a mail signs in once, after a click, for a quarter of an hour', async () => {
    const { memberId } = await seller.purchase(await seller.offer({ unitAmount: 900 }), 'ada');
    const link = await linkFor(memberId);
    // Programs that look at links use nothing up.
    await browser().open(link);
    const ada = browser();
    const asked = await ada.open(link);
    expect(asked.text).toContain('Sign in as');
    const page = await ada.press(asked, 'Yes, sign in');
    expect(page.text).toContain('You have access');
    const thief = browser();
    const again = await thief.open(link);
    expect(again.status).toBe(400);
    expect(again.text).toContain('does not work any more');
    // The form that somebody has kept open from before is of no use either.
    await thief.open(link, { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-origin' } });
    expect(await rig.db.memberSession.count({ where: { memberId } })).toBe(1);

    const late = await linkFor(memberId);
    await rig.db.memberLink.updateMany({ where: { memberId }, data: { expiresAt: new Date() } });
    expect((await browser().open(late)).status).toBe(400);
    expect(await rig.db.memberLink.findMany({ select: { hash: true } })).not.toContainEqual({
      hash: late.split('/').at(-1),
    });
  });

  test('scenario 68: of two who press at once one is let in', async () => {
    const { memberId } = await seller.purchase(await seller.offer({ unitAmount: 900 }), 'ada');
    const link = await linkFor(memberId);
    const people = [browser(), browser(), browser()];
    const asked = await Promise.all(people.map((one) => one.open(link)));
    await Promise.all(people.map((one, i) => one.press(asked[i] as Shown, 'Yes, sign in')));
    expect(await rig.db.memberSession.count({ where: { memberId } })).toBe(1);
  });

  test('who is signed in as somebody else is asked first', async () => {
    const ada = browser();
    await enter(ada, 'ada', 'ada@example.com');
    const asked = await enter(ada, 'mallory', 'mallory@example.com');
    expect(asked.text).toContain('Sign in as mallory@example.com?');
    expect(asked.text).toContain('You are signed in as ada@example.com now.');
    expect(asked.url).not.toContain('member=');
    expect((await ada.open(path())).text).toContain('Signed in as ada@example.com');
  });
});

test('in German where the browser prefers it, and where it is chosen', async () => {
  await seller.purchase(await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }), 'ada');
  const ada = browser('de-AT,de;q=0.9,en;q=0.5');
  const page = await enter(ada, 'ada');
  expect(page.text).toContain('<html lang="de">');
  expect(page.text).toContain('Sie haben Zugang');
  expect(page.text.replaceAll('\u00a0', ' ')).toContain('49,00 € jeden Monat');
  const english = await ada.open(`${path()}?lang=en`);
  expect(english.url).toBe(path());
  expect(english.text).toContain('<html lang="en">');
  expect((await ada.open(path())).text).toContain('You have access');
});

describe('what members settle themselves', () => {
  test('cancelling at the end, with a reason that the coach reads; and taking it back', async () => {
    const { id, memberId, paidThrough } = await seller.purchase(
      await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }),
      'ada',
    );
    const ada = browser();
    await enter(ada, 'ada');
    const asked = await ada.open(`${path()}/memberships/${id}/cancel`);
    expect(asked.text).not.toContain('value="now"');
    const pressed = () => ada.press(asked, 'Confirm cancellation', { reason: 'Too early in the morning' });
    const [done] = await Promise.all([pressed(), pressed()]);
    expect(done.text).toContain('It is cancelled.');
    expect(await now(id)).toMatchObject({ status: 'canceling', cancelAt: paidThrough });
    const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
    const cancelled = data.filter(({ kind }: { kind: string }) => kind === 'member_cancelled');
    expect(cancelled).toEqual([
      expect.objectContaining({
        cause: 'person',
        details: { at: 'period_end', reason: 'Too early in the morning' },
      }),
    ]);
    const resumed = await ada.press(done, 'Go on after all');
    expect(resumed.text).toContain('It goes on.');
    expect(await now(id)).toMatchObject({ status: 'active', cancelAt: null });
  });

  test('cancelling at once only where the coach lets them', async () => {
    const { id } = await seller.purchase(
      await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }),
      'ada',
    );
    const ada = browser();
    await enter(ada, 'ada');
    const asked = await ada.open(`${path()}/memberships/${id}/cancel`);
    await ada.press(asked, 'Confirm cancellation', { at: 'now' });
    expect(await now(id)).toMatchObject({ status: 'active' });
    await settings({ membersCancelNow: true });
    await ada.press(await ada.open(`${path()}/memberships/${id}/cancel`), 'Confirm cancellation', {
      at: 'now',
    });
    expect(await now(id)).toMatchObject({ status: 'ended' });
  });

  test('another price, where the coach lets them: what is shown is what is charged', async () => {
    const price = await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH });
    const year = await seller.offer(
      { currency: 'eur', unitAmount: 49_000, recurring: { interval: 'year', intervalCount: 1 } },
      price.productId as string,
    );
    const { id } = await seller.purchase(price, 'ada');
    const ada = browser();
    await enter(ada, 'ada');
    expect((await ada.open(`${path()}/memberships/${id}/price`)).url).toBe(path());
    await settings({ membersChangePrice: true });
    const choice = await ada.open(`${path()}/memberships/${id}/price`);
    const preview = await ada.press(choice, 'Show what it costs');
    const shown = /Charged now<\/dt>\s*<dd>€([\d.,]+)/.exec(preview.text)?.[1] ?? '';
    const done = await ada.press(preview, 'Change to this price');
    expect(done.text).toContain('Your price is changed.');
    expect(await now(id)).toMatchObject({ priceId: year.id });
    const charges = await seller.charges();
    expect(charges.at(-1)).toBe(Math.round(Number(shown.replaceAll(',', '')) * 100));
  });

  test('receipts and invoices are Stripe’s own', async () => {
    await seller.purchase(await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }), 'ada');
    await seller.purchase(await seller.offer({ unitAmount: 900 }), 'ada');
    const ada = browser();
    const page = await enter(ada, 'ada');
    const links = [...page.text.matchAll(/href="([^"]*\/payments\/[^"]+)"/g)].map(([, href]) => href);
    expect(links).toHaveLength(2);
    for (const link of links) {
      const target = await ada.open(link as string);
      expect(target.url).toMatch(/\/(invoices|receipts)\//);
      expect((await fetch(target.url)).status).toBe(200);
    }
  });

  test('what is open is paid, and another card given, on Stripe’s pages', async () => {
    const { stripe, paidThrough } = await seller.purchase(
      await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }),
      'ada',
    );
    await rig.stripeSide.trigger('payment_method_fails', {
      account: seller.accountId,
      subscription: stripe.subscriptionId,
    });
    await seller.moveTo(Date.parse(paidThrough) / 1000 + 2 * HOUR);
    const ada = browser();
    const page = await enter(ada, 'ada');
    const pay = await ada.press(page, 'Pay €49.00');
    expect(pay.url).toMatch(/\/invoices\//);
    const card = await ada.press(await ada.open(path()), 'Change card');
    expect((await fetch(card.url)).status).toBe(200);
  });

  test('their data, in one file', async () => {
    await seller.purchase(await seller.offer({ unitAmount: 900 }), 'ada');
    const ada = browser();
    await enter(ada, 'ada', 'ada@example.com');
    const file = await ada.send(`${path()}/data.json`);
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; filename="?session-/);
    const data = (await file.json()) as { profile: unknown; sessions: unknown[] };
    expect(data.profile).toMatchObject({ email: 'ada@example.com', externalId: 'ada' });
    expect(data.sessions).toHaveLength(1);
  });
});

describe('nobody else does anything', () => {
  test('a form of another site, another session or another thing does nothing', async () => {
    const price = await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH });
    const { id } = await seller.purchase(price, 'ada');
    const { id: theirs } = await seller.purchase(price, 'eve');
    const [ada, eve] = [browser(), browser()];
    await enter(ada, 'ada');
    await enter(eve, 'eve');
    const asked = await ada.open(`${path()}/memberships/${id}/cancel`);
    const ofEve = await eve.open(`${path()}/memberships/${theirs}/cancel`);
    const fields = asked.forms[0]?.fields ?? {};
    const post = (visitor: Visitor, to: string, body: Record<string, string>, site = 'same-origin') =>
      visitor.send(`${path()}/memberships/${to}/cancel`, {
        method: 'POST',
        body: new URLSearchParams(body),
        headers: { 'Sec-Fetch-Site': site },
      });
    await post(ada, id, { at: 'period_end' });
    await post(ada, id, fields, 'cross-site');
    await post(ada, id, { ...fields, token: ofEve.forms[0]?.fields['token'] ?? '' });
    await post(ada, theirs, fields);
    await post(browser(), id, fields);
    for (const one of [id, theirs]) expect(await now(one)).toMatchObject({ status: 'active' });
    // As it is sent by the page itself, it does.
    await post(ada, id, fields);
    expect(await now(id)).toMatchObject({ status: 'canceling' });
  });

  test('what is somebody else’s is not found', async () => {
    const price = await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH });
    const { id } = await seller.purchase(price, 'ada');
    const [payment] = await rig.db.payment.findMany({ where: { membershipId: id } });
    const eve = browser();
    await enter(eve, 'eve');
    for (const there of [
      `memberships/${id}/cancel`,
      `memberships/${id}/price`,
      `payments/${payment?.stripeId}`,
    ])
      expect((await eve.open(`${path()}/${there}`)).status).toBe(404);
  });
});
