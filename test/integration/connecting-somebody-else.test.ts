import {
  atStripe,
  Browser,
  call,
  COACH_UI,
  CoachUi,
  decide,
  formOf,
  leadsTo,
  press,
} from '../support/coach-ui';
import { type Rig, startRig } from '../support/rig';
import { PLATFORM_KEY, createCoach, startApi } from './api-support';

/**
 * An attacker is a coach with a key, a name that they chose with care, and a site of their own. The victim is somebody
 * with a Stripe account and a browser. Whatever the attacker sends them, the victim's account is not the attacker's.
 */
const EVIL = 'https://evil.example';
const NAME = 'Yoga with <b>Ana</b> \u202eevil';
const SHOWN = 'Yoga with &#60;b&#62;Ana&#60;/b&#62; \u202eevil';

let rig: Rig;
const api = (path: string) => new URL(path, rig.api);

async function openAttacker(): Promise<CoachUi> {
  const { body } = await call(rig, rig.config.platformKey, 'POST', '/v1/coaches', { name: NAME });
  const attacker = await CoachUi.open(rig, 'test', body.id as string);
  await attacker.call('PUT', '/v1/settings', { origins: [EVIL] });
  return attacker;
}

/** All that the attacker can learn and do with their own key. */
async function cannotConfirm(attacker: CoachUi): Promise<void> {
  const { id, accountId } = await attacker.connection();
  expect(accountId).toBeNull();
  const invented = `${id}.${'A'.repeat(43)}`;
  for (const token of ['', id ?? '', invented])
    expect(await attacker.confirm(token)).toMatchObject({ status: 400 });
  const row = await rig.db.connection.findUniqueOrThrow({ where: { id: id ?? '' } });
  expect(row.confirmTokenHash).toBeNull();
}

const tokenIn = (url: URL) => url.searchParams.get('connection_token') ?? '';

describe('scenario 36, OAuth: a link makes nobody connect their account to somebody else’s business', () => {
  let attacker: CoachUi;
  let victim: Browser;

  beforeAll(async () => {
    rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600 });
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    attacker = await openAttacker();
    victim = new Browser();
  });

  /** The victim opens the attacker's link and approves at Stripe: the answer of our callback. */
  async function lure(returnUrl = `${EVIL}/thanks`, fields: Record<string, string> = {}): Promise<Response> {
    const page = await atStripe(victim, await attacker.connectLink(returnUrl));
    return victim.get(await decide(victim, page, { action: 'approve', ...fields }));
  }

  /** And follows it to the page that asks. */
  async function lureToTheQuestion(returnUrl?: string): Promise<{ url: URL; page: Response }> {
    const url = leadsTo(await lure(returnUrl));
    return { url, page: await victim.get(url) };
  }

  test('the browser that approved is asked, by a page of ours that names the coach, before any token leaves', async () => {
    const { url, page } = await lureToTheQuestion();
    expect(url.origin).toBe(new URL(rig.api).origin);
    expect(url.href).not.toMatch(/token|code/);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain(`<bdi>${SHOWN}</bdi>`);
    expect(text).toContain(attacker.coachId);
    expect(text).toContain('sells through this Stripe account');
    expect(text).toContain('Did somebody send you a link');
    expect(text).toContain('evil.example');
    expect(text).not.toContain('connection_token');
    await cannotConfirm(attacker);
  });

  test('"No, this is not me" ends the attempt: the code is forgotten, Stripe never hears of it', async () => {
    const owner = await CoachUi.open(rig);
    const { accountId } = (await owner.connect()).body;
    await owner.disconnect();
    const exchange = jest.spyOn(rig.stripe.of('test').oauth, 'token');
    const question = await victim.get(leadsTo(await lure(undefined, { account: accountId })));
    const answer = await press(victim, question, 'stop');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Nothing was connected');
    expect(await attacker.connection()).toMatchObject({ status: 'denied', endReason: 'not_approved' });
    const row = await rig.db.connection.findFirstOrThrow({ where: { coachId: attacker.coachId } });
    expect(row).toMatchObject({ encryptedCode: null, cookieHash: null, confirmTokenHash: null });
    await cannotConfirm(attacker);
    expect(exchange).not.toHaveBeenCalled();
    exchange.mockRestore();
    await expect(
      rig.stripe.of('test').accounts.retrieve(accountId, undefined, { stripeAccount: accountId }),
    ).rejects.toMatchObject({ code: 'account_invalid' });
  });

  test('no address to return to goes past the question: not the console, not a page of ours', async () => {
    const own = new URL(rig.api).origin;
    for (const returnUrl of [
      `${own}/console/test/settings/payments/return`,
      `${own}/thanks`,
      `${own}/connect/approval/x`,
    ]) {
      const { url, page } = await lureToTheQuestion(returnUrl);
      expect(url.pathname).toMatch(/^\/connect\/approval\/conn_/);
      expect(page.status).toBe(200);
      await cannotConfirm(attacker);
    }
  });

  test('no GET is an answer, whatever it carries', async () => {
    const { url, page } = await lureToTheQuestion();
    const { token } = formOf(await page.text());
    for (const query of ['?decision=connect', `?decision=connect&token=${token}`]) {
      const again = await victim.get(new URL(query, url));
      expect(again.status).toBe(200);
    }
    await cannotConfirm(attacker);
    expect(await attacker.connection()).toMatchObject({ status: 'returned' });
  });

  test('a form on another site is no answer: not without the cookie, not with it', async () => {
    const { url, page } = await lureToTheQuestion();
    const { token } = formOf(await page.text());
    // SameSite=Lax: a browser sends no cookie with it.
    expect((await new Browser().post(url, { decision: 'connect', token })).status).toBe(400);
    // Even where one did, it says where the request comes from, and the other site does not know the token.
    const fields = { decision: 'connect', token };
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await victim.post(url, fields, { 'sec-fetch-site': site })).status).toBe(400);
    for (const guess of ['', 'x', token.slice(0, -1), 'A'.repeat(43)])
      expect((await victim.post(url, { decision: 'connect', token: guess })).status).toBe(400);
    expect((await victim.post(url, { decision: 'connect' })).status).toBe(400);
    expect((await victim.post(url, { token })).status).toBe(400);
    await cannotConfirm(attacker);
    const yes = await victim.post(url, fields, { 'sec-fetch-site': 'same-origin' });
    expect(leadsTo(yes).origin).toBe(EVIL);
  });

  test('the page of one attempt is no answer to another', async () => {
    const mine = await lureToTheQuestion();
    const { token } = formOf(await mine.page.text());
    const second = await openAttacker();
    const page = await atStripe(victim, await second.connectLink(`${EVIL}/`));
    const other = leadsTo(await victim.get(await decide(victim, page, { action: 'approve' })));
    expect((await victim.post(other, { decision: 'connect', token })).status).toBe(400);
    await cannotConfirm(second);
  });

  test('the page may not be framed, runs no script, is not kept, and tells nobody where it was', async () => {
    const { page } = await lureToTheQuestion();
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
    expect(policy).toMatch(/form-action 'self' https: https:\/\/evil\.example/);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(await page.text()).not.toContain('<script');
  });

  test('the attacker cannot answer in the victim’s place', async () => {
    const { url } = await lureToTheQuestion();
    const attackers = new Browser();
    expect((await attackers.get(url)).status).toBe(400);
    expect((await attackers.post(url, { decision: 'connect', token: 'x' })).status).toBe(400);
    await cannotConfirm(attacker);
  });

  test('a cookie that the attacker planted in the victim’s browser is worth nothing after the approval', async () => {
    const attackers = new Browser();
    const page = await atStripe(attackers, await attacker.connectLink(`${EVIL}/`));
    victim.takeCookiesOf(attackers);
    // The victim goes straight to Stripe's page, and never sees our link.
    const url = leadsTo(await victim.get(await decide(victim, page, { action: 'approve' })));
    expect((await attackers.get(url)).status).toBe(400);
    const question = await victim.get(url);
    expect(await question.clone().text()).toContain(SHOWN);
    const { token } = formOf(await question.text());
    expect((await attackers.post(url, { decision: 'connect', token })).status).toBe(400);
    await cannotConfirm(attacker);
  });

  test('Stripe’s address, taken from the attacker’s browser, leads the victim to a dead end that keeps no code', async () => {
    const attackers = new Browser();
    const page = await atStripe(attackers, await attacker.connectLink(`${EVIL}/`));
    const dead = await victim.get(await decide(victim, page, { action: 'approve' }));
    expect(dead.status).toBe(400);
    expect(dead.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await dead.text()).not.toContain('evil.example');
    const row = await rig.db.connection.findFirstOrThrow({ where: { coachId: attacker.coachId } });
    expect(row).toMatchObject({ status: 'authorizing', encryptedCode: null });
    await cannotConfirm(attacker);
  });

  test('a yes is to what the page has shown: begun again meanwhile, renamed or too late, it leads nowhere', async () => {
    const first = await lureToTheQuestion();
    await attacker.connectLink(`${EVIL}/another`);
    expect((await press(victim, first.page)).status).toBe(400);
    expect(await attacker.connection()).toMatchObject({ status: 'authorizing' });

    const second = await lureToTheQuestion();
    await rig.db.coach.update({ where: { id: attacker.coachId }, data: { name: 'Somebody else' } });
    expect((await press(victim, second.page)).status).toBe(400);

    const third = await lureToTheQuestion();
    await rig.db.connection.updateMany({
      where: { coachId: attacker.coachId },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    expect((await press(victim, third.page)).status).toBe(400);
    expect((await victim.get(third.url)).status).toBe(400);
    await cannotConfirm(attacker);
  });

  test('a yes is for the coach who was named, doubled clicks do not break it, and a no after it still counts', async () => {
    const coach = await CoachUi.open(rig);
    const page = await atStripe(victim, await coach.connectLink());
    const url = leadsTo(await victim.get(await decide(victim, page, { action: 'approve' })));
    const { token } = formOf(await (await victim.get(url)).text());
    const yes = () => victim.post(url, { decision: 'connect', token });
    const given = tokenIn(leadsTo(await yes()));
    const newest = tokenIn(leadsTo(await yes()));
    expect(await attacker.confirm(newest)).toMatchObject({ status: 400 });
    expect(await coach.confirm(given)).toMatchObject({ status: 400 });
    expect(await coach.confirm(newest)).toMatchObject({ status: 200, body: { status: 'connected' } });
    expect((await yes()).status).toBe(400);

    const { page: question } = await lureToTheQuestion();
    const copy = question.clone();
    Object.defineProperty(copy, 'url', { value: question.url });
    const left = tokenIn(leadsTo(await press(victim, question)));
    expect((await press(victim, copy, 'stop')).status).toBe(200);
    expect(await attacker.confirm(left)).toMatchObject({ status: 400 });
    expect(await attacker.connection()).toMatchObject({ status: 'denied', accountId: null });
  });

  describe('what another site makes the browser open does not end a connection under way', () => {
    test.each(['?error=access_denied', '?error=access_denied&state=invented', '?error=x', '', '?code=ac_x'])(
      'our callback with "%s"',
      async (query) => {
        const coach = await CoachUi.open(rig);
        const page = await atStripe(victim, await coach.connectLink());
        await victim.get(api(`/connect/callback${query}`));
        expect(await coach.connection()).toMatchObject({ status: 'authorizing' });
        const url = leadsTo(await victim.get(await decide(victim, page, { action: 'approve' })));
        await victim.get(api(`/connect/callback${query}`));
        const back = leadsTo(await press(victim, await victim.get(url)));
        expect(await coach.confirm(tokenIn(back))).toMatchObject({ body: { status: 'connected' } });
      },
    );

    test('a link of the attacker’s', async () => {
      const coach = await CoachUi.open(rig);
      const page = await atStripe(victim, await coach.connectLink());
      await victim.get(await attacker.connectLink(`${EVIL}/`));
      // With two attempts, a denial without a state is of neither.
      expect((await victim.get(api('/connect/callback?error=access_denied'))).status).toBe(400);
      const url = leadsTo(await victim.get(await decide(victim, page, { action: 'approve' })));
      const back = leadsTo(await press(victim, await victim.get(url)));
      expect(await coach.confirm(tokenIn(back))).toMatchObject({ body: { status: 'connected' } });
    });
  });

  test('neither a look at the head of a link nor a browser that loads ahead uses it up', async () => {
    const link = await attacker.connectLink(`${EVIL}/`);
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(405);
    expect((await fetch(link, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
    leadsTo(await victim.get(link));
  });
});

describe('scenario 36, account links: the question is asked before Stripe’s form, because what is typed there stays', () => {
  let attacker: CoachUi;
  let victim: Browser;

  beforeAll(async () => {
    rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600, connectFlow: 'account_links' });
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    attacker = await openAttacker();
    victim = new Browser();
  });

  test('the victim reads whose account it is going to be, and is at no form of Stripe’s yet', async () => {
    const link = await attacker.connectLink(`${EVIL}/`);
    const page = await victim.get(link);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain(`<bdi>${SHOWN}</bdi>`);
    expect(text).toContain(attacker.coachId);
    expect(text).toMatch(/<code>acct_/);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    // Looking at it uses nothing up.
    expect((await new Browser().get(link)).status).toBe(200);
    await cannotConfirm(attacker);
  });

  test('"No, this is not me" ends the attempt', async () => {
    const link = await attacker.connectLink(`${EVIL}/`);
    const answer = await press(victim, await victim.get(link), 'stop');
    expect(answer.status).toBe(200);
    expect(await attacker.connection()).toMatchObject({ status: 'denied', endReason: 'not_approved' });
    expect((await victim.get(link)).status).toBe(400);
    await cannotConfirm(attacker);
  });

  test('another site cannot click in the victim’s place', async () => {
    const link = await attacker.connectLink(`${EVIL}/`);
    const { token } = formOf(await (await victim.get(link)).text());
    const yes = { decision: 'connect', token };
    expect((await new Browser().post(link, yes)).status).toBe(400);
    expect((await victim.post(link, yes, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    expect((await victim.post(link, { decision: 'connect' })).status).toBe(400);
    const attackers = new Browser();
    const { token: theirs } = formOf(await (await attackers.get(link)).text());
    expect((await victim.post(link, { decision: 'connect', token: theirs })).status).toBe(400);
    await cannotConfirm(attacker);
    leadsTo(await victim.post(link, yes, { 'sec-fetch-site': 'same-origin' }));
  });

  test('the way back from Stripe’s form is open to the browser alone that clicked', async () => {
    const attackers = new Browser();
    const page = await atStripe(attackers, await attacker.connectLink(`${EVIL}/`));
    await attackers.get(page);
    const refresh = leadsTo(await attackers.get(page));
    expect((await victim.get(refresh)).status).toBe(400);
    const callback = new URL(refresh);
    callback.pathname = '/connect/callback';
    expect((await victim.get(callback)).status).toBe(400);
    await cannotConfirm(attacker);
  });

  test('whoever is sent into the form of a connected account is asked as well; a no leaves the account connected', async () => {
    await attacker.call('PUT', '/v1/settings', { origins: [EVIL, COACH_UI] });
    const { accountId } = (await attacker.connect({ verification: 'due' })).body;
    const page = await victim.get(await attacker.connectLink(`${EVIL}/`));
    expect(await page.clone().text()).toContain(accountId);
    const { action, token } = formOf(await page.text());
    expect((await victim.post(api(action), { decision: 'stop', token })).status).toBe(200);
    expect(await attacker.connection()).toMatchObject({ status: 'connected', accountId });
    expect((await victim.post(api(action), { decision: 'connect', token })).status).toBe(400);
  });
});

test('scenario 36: over HTTPS no other site, a sibling of our domain included, can plant the cookie', async () => {
  const https = await startApi({ PUBLIC_URL: 'https://pay.session.example' });
  try {
    const coach = await createCoach(https);
    https.fake.set('connectionChanged', () => Promise.resolve());
    const { body } = await https.call('POST', '/v1/connection', {
      key: coach.key,
      body: { returnUrl: 'https://pay.session.example/console' },
    });
    const sent = await https.call('GET', new URL(body.url as string).pathname);
    expect(sent.status).toBe(303);
    expect(sent.headers.get('set-cookie')).toMatch(
      /^__Host-session_connect_conn_\w+=conn_[\w.-]+; Max-Age=900; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    // The platform's own key reaches no coach's connection either.
    expect(
      (await https.call('POST', '/v1/connection/confirm', { key: PLATFORM_KEY, body: { token: 'x' } }))
        .status,
    ).toBe(403);
  } finally {
    await https.close();
  }
});
