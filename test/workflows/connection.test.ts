import Stripe from 'stripe';
import { STATE_LIFETIME } from '../../src/domain/connection';
import { connectionWorkflowId } from '../../src/messages/ids';
import { describe as describeQuery } from '../../src/messages/messages';
import { atStripe, Browser, cameBack, call, CoachUi, decide, leadsTo, press } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';

let rig: Rig;
const statusIs = (coach: CoachUi, status: string) =>
  eventually(`connection ${status}`, async () => (await coach.connection()).status === status);
const run = (coach: CoachUi) =>
  rig.client.workflow.getHandle(connectionWorkflowId(coach.mode, coach.coachId));
const ended = (coach: CoachUi) =>
  eventually('the run to end', async () => (await run(coach).describe()).status.name === 'COMPLETED');
const approve = { action: 'approve' };

async function nothingWaits(accountId: string): Promise<void> {
  await rig.stripeSide.drain({ account: accountId });
  await eventually('the inbox to be settled', async () => {
    return (await rig.db.inbox.count({ where: { accountId, status: 'waiting' } })) === 0;
  });
}

/** Chosen at Stripe's approval, or the platform's until the form says otherwise. */
const COUNTRY = {
  oauth: { country: 'DE', defaultCurrency: 'eur' },
  account_links: { country: 'US', defaultCurrency: 'usd' },
};

describe.each(['oauth', 'account_links'] as const)('CONNECT_FLOW=%s', (flow) => {
  beforeAll(async () => {
    rig = await startRig({ temporal: 'skipping', relayPollSeconds: 3600, connectFlow: flow });
  });
  afterAll(() => rig.close());

  describe('connecting', () => {
    test.each(['test', 'live'] as const)(
      'a coach approves, comes back and confirms, in %s mode',
      async (mode) => {
        const coach = await CoachUi.open(rig, mode);
        expect(await coach.connection()).toMatchObject({ status: 'not_connected', canSell: false });

        const browser = new Browser();
        const page = await coach.startConnecting(browser);
        expect(await coach.connection()).toMatchObject({ status: 'authorizing', canSell: false });
        const returned = await cameBack(browser, await decide(browser, page, approve));
        expect([returned.origin, returned.pathname, returned.searchParams.get('tab')]).toEqual([
          'http://coach-ui.example',
          '/payments',
          'stripe',
        ]);
        expect(await coach.connection()).toMatchObject({ status: 'returned', accountId: null });

        const confirmed = await coach.confirm(returned.searchParams.get('connection_token') ?? '');
        expect(confirmed).toMatchObject({
          status: 200,
          body: {
            status: 'connected',
            canSell: true,
            chargesEnabled: true,
            flow,
            ...COUNTRY[flow],
          },
        });
        const row = await rig.db.connection.findFirstOrThrow({ where: { coachId: coach.coachId } });
        expect(row).toMatchObject({
          encryptedCode: null,
          stateHash: null,
          cookieHash: null,
          startTokenHash: null,
          expiresAt: null,
        });

        const { searchAttributes, runId } = await run(coach).describe();
        expect(searchAttributes).toMatchObject({
          CoachId: [coach.coachId],
          Mode: [mode],
          StripeAccountId: [confirmed.body.accountId],
          BusinessStatus: ['connected'],
        });
        const told = await rig.client.workflow
          .getHandle(connectionWorkflowId(mode, coach.coachId), runId)
          .query(describeQuery);
        expect(told.waitsFor).toMatch(/^Connected\. /);
        // Confirming again, as after a lost answer, changes nothing.
        expect(await coach.confirm(returned.searchParams.get('connection_token') ?? '')).toMatchObject({
          status: 200,
          body: { id: confirmed.body.id, status: 'connected' },
        });
      },
    );

    test('a connected coach is told so instead of being sent to Stripe again', async () => {
      const coach = await CoachUi.open(rig);
      await coach.connect();
      const again = await coach.call('POST', '/v1/connection', { returnUrl: 'http://coach-ui.example/' });
      expect(again).toMatchObject({ status: 409, body: { code: 'already_connected' } });
    });

    test('a coach may be returned to registered origins only', async () => {
      const coach = await CoachUi.open(rig);
      const elsewhere = await coach.call('POST', '/v1/connection', {
        returnUrl: 'http://elsewhere.example/',
      });
      expect(elsewhere).toMatchObject({
        status: 422,
        body: { code: 'redirect_not_allowed', field: 'returnUrl' },
      });
      expect(await coach.connection()).toMatchObject({ status: 'not_connected' });
    });

    test('an attempt that nobody finishes is given up', async () => {
      const coach = await CoachUi.open(rig);
      await coach.startConnecting(new Browser());
      await rig.skip?.(STATE_LIFETIME[flow] + 60);
      await statusIs(coach, 'abandoned');
      await ended(coach);
      expect(await coach.connect()).toMatchObject({ body: { status: 'connected' } });
    });
  });

  describe('scenario 14: the OAuth state is bound to the coach and the browser, and good once', () => {
    test('a callback in another browser connects nothing', async () => {
      const coach = await CoachUi.open(rig);
      const victim = new Browser();
      const callback = await decide(victim, await coach.startConnecting(victim), approve);
      const stolen = await new Browser().get(callback);
      expect(stolen.status).toBe(400);
      expect(await stolen.text()).toContain('Connect Stripe');
      expect(await coach.connection()).toMatchObject({ status: 'authorizing' });
      // Nothing was used up: the right browser goes on.
      expect((await cameBack(victim, callback)).searchParams.has('connection_token')).toBe(true);
    });

    test("one coach's state does not fit another coach's browser", async () => {
      const [coach, attacker] = [await CoachUi.open(rig), await CoachUi.open(rig)];
      const [mine, theirs] = [new Browser(), new Browser()];
      await coach.startConnecting(mine);
      const callback = await decide(theirs, await attacker.startConnecting(theirs), approve);
      expect((await mine.get(callback)).status).toBe(400);
      expect([await coach.connection(), await attacker.connection()]).toMatchObject([
        { status: 'authorizing' },
        { status: 'authorizing' },
      ]);
    });

    test('a browser that began the same attempt before it was begun anew is another browser', async () => {
      const coach = await CoachUi.open(rig);
      const [before, now] = [new Browser(), new Browser()];
      await coach.startConnecting(before);
      const callback = await decide(now, await coach.startConnecting(now), approve);
      expect((await before.get(callback)).status).toBe(400);
      expect(await coach.connection()).toMatchObject({ status: 'authorizing' });
      expect((await cameBack(now, callback)).searchParams.has('connection_token')).toBe(true);
    });

    test('a state is good once, and not at all when invented or left out', async () => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const callback = await decide(browser, await coach.startConnecting(browser), approve);
      for (const state of ['', 'invented', `${callback.searchParams.get('state') ?? ''}x`, null]) {
        const tampered = new URL(callback);
        if (state === null) tampered.searchParams.delete('state');
        else tampered.searchParams.set('state', state);
        expect((await browser.get(tampered)).status).toBe(400);
      }
      await cameBack(browser, callback);
      expect((await browser.get(callback)).status).toBe(400);
      expect(await coach.connection()).toMatchObject({ status: 'returned' });
    });

    test('a link to begin with is good once, and a newer one replaces it', async () => {
      const coach = await CoachUi.open(rig);
      const link = async () =>
        (await coach.call('POST', '/v1/connection', { returnUrl: 'http://coach-ui.example/' })).body
          .url as string;
      const [old, fresh] = [await link(), await link()];
      expect((await new Browser().get(old)).status).toBe(400);
      expect((await fetch(fresh, { method: 'HEAD' })).status).toBe(405);
      await atStripe(new Browser(), fresh);
      expect((await new Browser().get(fresh)).status).toBe(400);
    });

    test("a confirmation takes the coach's own key: a link sent to a victim connects nothing", async () => {
      const [attacker, victim] = [await CoachUi.open(rig), await CoachUi.open(rig)];
      const browser = new Browser();
      const returned = await cameBack(
        browser,
        await decide(browser, await attacker.startConnecting(browser), approve),
      );
      const token = returned.searchParams.get('connection_token') ?? '';
      expect(await victim.confirm(token)).toMatchObject({
        status: 400,
        body: { code: 'connection_token_invalid' },
      });
      const live = await CoachUi.open(rig, 'live', attacker.coachId);
      expect(await live.confirm(token)).toMatchObject({
        status: 400,
        body: { code: 'connection_token_invalid' },
      });
      expect(await attacker.confirm(`${token.slice(0, -1)}_`)).toMatchObject({ status: 400 });
      expect(await attacker.connection()).toMatchObject({ status: 'returned' });
    });
  });

  describe('verification', () => {
    test('scenario 18: what looks connected cannot sell until Stripe enables charges, and says why', async () => {
      const coach = await CoachUi.open(rig);
      const { body } = await coach.connect({ verification: 'due' });
      expect(body).toMatchObject({ status: 'connected', chargesEnabled: false, canSell: false });
      expect(body.requirements.currentlyDue).toContain('external_account');
      expect(body.reason).toContain('a bank account for payouts');
      expect(body.dashboardUrl).toContain(body.accountId);
      const told = await run(coach).query(describeQuery);
      expect(told.waitsFor).toContain('a bank account for payouts');
      expect((await run(coach).describe()).searchAttributes).toMatchObject({
        BusinessStatus: ['verification_due'],
      });

      await new Browser().post(body.dashboardUrl, { action: 'finish' });
      await eventually('charges to be enabled', async () => (await coach.connection()).canSell === true);
      expect(await coach.connection()).toMatchObject({
        chargesEnabled: true,
        requirements: { currentlyDue: [] },
      });
      await eventually('the event to be settled', async () => {
        const waiting = await rig.db.inbox.count({
          where: { accountId: body.accountId, status: 'waiting' },
        });
        return waiting === 0;
      });
    });

    test('without any event, the daily look finds out', async () => {
      const coach = await CoachUi.open(rig);
      const { body } = await coach.connect({ verification: 'due' });
      await rig.stripeSide.webhooks(false, { account: body.accountId });
      await new Browser().post(body.dashboardUrl, { action: 'finish' });
      expect(await coach.connection()).toMatchObject({ canSell: false });
      await rig.skip?.(25 * 3600);
      await eventually('charges to be enabled', async () => (await coach.connection()).canSell === true);
    });

    test('a look that Stripe refuses for good ends nothing, and is taken again', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      await rig.stripeSide.webhooks(false, { account: accountId });
      await rig.stripeSide.faults({
        match: { path: `/v1/accounts/${accountId}` },
        fault: { kind: 'status', status: 403, code: 'more_permissions_required', when: 'before' },
      });
      await rig.workflows.signalEvent({ kind: 'connection', id: '' }, coach, accountId);
      await eventually('operators to see it', async () =>
        (await run(coach).query(describeQuery)).waitsFor.includes('The last look failed'),
      );
      expect(await coach.connection()).toMatchObject({ status: 'connected' });
      await rig.stripeSide.faults();
      await rig.skip?.(3601);
      await eventually('the next look', async () =>
        (await run(coach).query(describeQuery)).waitsFor.startsWith('Connected. Stripe accepts'),
      );
    });
  });

  describe('ending', () => {
    test('the coach disconnects after hearing how many subscriptions go on', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      const asked = await coach.disconnect(false);
      expect(asked).toMatchObject({
        status: 409,
        body: { code: 'confirmation_required', details: { activeSubscriptions: 0 } },
      });
      expect(await coach.connection()).toMatchObject({ status: 'connected' });

      expect(await coach.disconnect()).toMatchObject({
        status: 200,
        body: { status: 'disconnected', endReason: 'disconnected_by_coach', canSell: false },
      });
      await expect(
        rig.stripe.of('test').accounts.retrieve(accountId, undefined, { stripeAccount: accountId }),
      ).rejects.toMatchObject({
        code: 'account_invalid',
      });
      await ended(coach);
      expect(await coach.disconnect()).toMatchObject({ status: 409, body: { code: 'not_connected' } });
      await nothingWaits(accountId);
    });

    test('the link is removed from the Stripe side', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      await rig.stripe
        .of('test')
        .oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: accountId });
      await statusIs(coach, 'disconnected');
      expect(await coach.connection()).toMatchObject({ endReason: 'deauthorized_at_stripe', canSell: false });
      await ended(coach);
      await nothingWaits(accountId);
    });

    test('an event about the account that was left settles although another is connected', async () => {
      const coach = await CoachUi.open(rig);
      const first = (await coach.connect()).body.accountId;
      await coach.disconnect();
      await nothingWaits(first);
      const { body } = await coach.connect();
      const late = {
        mode: coach.mode,
        accountId: first,
        type: 'account.updated',
        payload: { data: { object: {} } },
      };
      await rig.db.inbox.create({ data: { ...late, eventId: `evt_late_${first}` } });
      await nothingWaits(first);
      expect(await coach.connection()).toMatchObject({ status: 'connected', accountId: body.accountId });
    });
  });

  test('the API answers what is not connected without a run', async () => {
    const coach = await CoachUi.open(rig);
    expect(await coach.disconnect()).toMatchObject({ status: 409, body: { code: 'not_connected' } });
    expect(await coach.confirm('conn_x.y')).toMatchObject({
      status: 400,
      body: { code: 'connection_token_invalid' },
    });
    expect(await call(rig, 'ses_test_nobody', 'GET', '/v1/connection')).toMatchObject({ status: 401 });
  });

  if (flow === 'oauth') byOAuthAlone();
  else byAccountLinksAlone();
});

function byOAuthAlone() {
  describe('the approval by OAuth', () => {
    test('the OAuth code is not readable in the database', async () => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const callback = await decide(browser, await coach.startConnecting(browser), approve);
      await cameBack(browser, callback);
      const row = await rig.db.connection.findFirstOrThrow({ where: { coachId: coach.coachId } });
      expect(row.encryptedCode).not.toBeNull();
      expect(JSON.stringify(row)).not.toContain(callback.searchParams.get('code'));
    });

    test.each([true, false])('a coach denies at Stripe (state sent back: %s)', async (withState) => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const callback = await decide(browser, await coach.startConnecting(browser), { action: 'deny' });
      if (!withState) callback.searchParams.delete('state');
      const returned = await cameBack(browser, callback);
      expect(returned.searchParams.get('connection_error')).toBe('access_denied');
      expect(await coach.connection()).toMatchObject({ status: 'denied', canSell: false });
      await ended(coach);
      expect(await coach.connect()).toMatchObject({ status: 200, body: { status: 'connected' } });
    });

    test('a code that was used before connects nothing', async () => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const callback = await decide(browser, await coach.startConnecting(browser), approve);
      const returned = await cameBack(browser, callback);
      const code = callback.searchParams.get('code') ?? '';
      await rig.stripe.of('test').oauth.token({ grant_type: 'authorization_code', code });
      const refused = await coach.confirm(returned.searchParams.get('connection_token') ?? '');
      expect(refused).toMatchObject({ status: 409, body: { code: 'connection_refused' } });
      expect(await coach.connection()).toMatchObject({ status: 'failed', endReason: 'connection_refused' });
      await ended(coach);
    });

    test.each([
      [
        'a cut connection',
        () => Promise.reject(new Stripe.errors.StripeConnectionError({ message: 'cut', type: 'api_error' })),
      ],
      [
        'a proxy page',
        () => Promise.reject(new Stripe.errors.StripeAPIError({ message: '<html>', type: 'api_error' })),
      ],
      ['an answer without an account', () => Promise.resolve({ message: 'internal' })],
    ])(
      "when Stripe's answer to the code is lost to %s, the coach connects again, and no code is used twice",
      async (_, lost) => {
        const coach = await CoachUi.open(rig);
        const { oauth } = rig.stripe.of('test');
        const exchange = oauth.token.bind(oauth);
        const spy = jest.spyOn(oauth, 'token').mockImplementationOnce(async (params) => {
          await exchange(params);
          return (await lost()) as never;
        });
        try {
          expect(await coach.connect()).toMatchObject({ status: 502, body: { code: 'connection_unclear' } });
          expect(spy).toHaveBeenCalledTimes(1);
        } finally {
          spy.mockRestore();
        }
        expect(await coach.connection()).toMatchObject({ status: 'failed', endReason: 'connection_unclear' });
        await ended(coach);
        expect(await coach.connect()).toMatchObject({ body: { status: 'connected' } });
      },
    );

    test('one account belongs to one coach in a mode', async () => {
      const [first, second] = [await CoachUi.open(rig), await CoachUi.open(rig)];
      const { accountId } = (await first.connect()).body;
      const refused = await second.connect({ account: accountId });
      expect(refused).toMatchObject({ status: 409, body: { code: 'account_in_use' } });
      expect(await second.connection()).toMatchObject({
        status: 'failed',
        endReason: 'account_in_use',
        accountId: null,
      });
      expect(await first.connection()).toMatchObject({ status: 'connected', canSell: true });
      expect(await rig.stripe.of('test').accounts.retrieve(accountId)).toMatchObject({ id: accountId });
      // The other mode is another world.
      const live = await CoachUi.open(rig, 'live', second.coachId);
      expect(await live.connect({ account: accountId })).toMatchObject({ status: 200 });
    });
  });
}

function byAccountLinksAlone() {
  const RETURN = { returnUrl: 'http://coach-ui.example/payments' };
  const accountsOf = async (coach: CoachUi) => {
    const accounts = await rig.stripe.of(coach.mode).accounts.list({ limit: 100 });
    return accounts.data.filter(({ metadata }) => metadata?.['coachId'] === coach.coachId);
  };
  const token = (url: URL) => url.searchParams.get('connection_token') ?? '';

  describe('an account that is created for the coach', () => {
    test('is the coach’s own: Stripe bills the coach, bears the losses and gives the whole Dashboard', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      expect(await rig.stripe.of('test').accounts.retrieve(accountId)).toMatchObject({
        type: 'standard',
        controller: {
          fees: { payer: 'account' },
          losses: { payments: 'stripe' },
          requirement_collection: 'stripe',
          stripe_dashboard: { type: 'full' },
        },
      });
    });

    test('is not made again when the coach gives up half-way and comes back', async () => {
      const coach = await CoachUi.open(rig);
      await coach.startConnecting(new Browser());
      await rig.skip?.(STATE_LIFETIME.account_links + 60);
      await statusIs(coach, 'abandoned');
      await ended(coach);
      const { status, body } = await coach.connect();
      expect(status).toBe(200);
      expect((await accountsOf(coach)).map(({ id }) => id)).toEqual([body.accountId]);
    });

    test('is made once although Stripe’s answer is lost', async () => {
      const coach = await CoachUi.open(rig);
      await rig.stripeSide.faults({
        match: { method: 'POST', path: '/v1/accounts' },
        times: 1,
        fault: { kind: 'reset', when: 'after' },
      });
      expect(await coach.connect()).toMatchObject({ status: 200, body: { status: 'connected' } });
      expect(await accountsOf(coach)).toHaveLength(1);
    });

    test('is found again by an attempt after one that died before it noted the account', async () => {
      const coach = await CoachUi.open(rig);
      await coach.call('POST', '/v1/connection', RETURN);
      const [made] = await accountsOf(coach);
      await rig.db.connection.updateMany({
        where: { coachId: coach.coachId },
        data: { createdAccountId: null, status: 'failed', endedAt: new Date() },
      });
      expect((await coach.connect()).body.accountId).toBe(made?.id);
      expect(await accountsOf(coach)).toHaveLength(1);
    });

    test('that Stripe refuses to create is told at once, and the next attempt is a new one', async () => {
      const coach = await CoachUi.open(rig);
      await rig.stripeSide.faults({
        match: { method: 'POST', path: '/v1/accounts' },
        times: 1,
        fault: { kind: 'status', status: 400, when: 'before' },
      });
      const refused = await coach.call('POST', '/v1/connection', RETURN);
      expect(refused).toMatchObject({ status: 502, body: { code: 'stripe_refused' } });
      expect(await coach.connection()).toMatchObject({
        status: 'failed',
        endReason: 'stripe_refused',
        reason: 'Stripe did not create the account.',
      });
      await ended(coach);
      expect(await coach.connect()).toMatchObject({ status: 200, body: { status: 'connected' } });
    });
  });

  describe('the way through Stripe’s form', () => {
    test('a link that was opened before leads to a fresh one, in the same browser only', async () => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const page = await coach.startConnecting(browser);
      await browser.get(page);
      const refresh = leadsTo(await browser.get(page));
      expect(refresh.pathname).toBe('/connect/refresh');
      expect((await new Browser().get(refresh)).status).toBe(400);
      const fresh = leadsTo(await browser.get(refresh));
      expect(fresh.pathname).not.toBe(page.pathname);
      const returned = await cameBack(browser, await decide(browser, fresh, {}));
      expect(await coach.confirm(token(returned))).toMatchObject({ body: { status: 'connected' } });
      expect((await browser.get(refresh)).status).toBe(400);
    });

    test('while Stripe does not answer, the browser can try again', async () => {
      const coach = await CoachUi.open(rig);
      const browser = new Browser();
      const { url } = (await coach.call('POST', '/v1/connection', RETURN)).body;
      await rig.stripeSide.faults({
        match: { path: '/v1/account_links' },
        times: 1,
        fault: { kind: 'status', status: 500, when: 'before' },
      });
      const sorry = await press(browser, await browser.get(url));
      expect(sorry.status).toBe(503);
      const again = /href="([^"]+)"/.exec(await sorry.text())?.[1] ?? '';
      const page = leadsTo(await browser.get(new URL(again.replaceAll('&#38;', '&'), rig.api)));
      const returned = await cameBack(browser, await decide(browser, page, {}));
      expect(await coach.confirm(token(returned))).toMatchObject({ body: { status: 'connected' } });
    });

    test('coming back is not being finished: what is due is shown, and there is a way back in', async () => {
      const coach = await CoachUi.open(rig);
      const { body } = await coach.connect({ verification: 'due' });
      expect(body).toMatchObject({ status: 'connected', canSell: false });
      expect(body.todo).toContain('POST /v1/connection');

      const browser = new Browser();
      const page = await coach.startConnecting(browser);
      expect(page.pathname).toContain(body.accountId);
      expect(await coach.connection()).toMatchObject({ status: 'connected', accountId: body.accountId });
      const returned = await cameBack(browser, await decide(browser, page, {}));
      expect(returned.searchParams.get('connection_onboarding')).toBe('returned');
      expect(returned.searchParams.has('connection_token')).toBe(false);
      await eventually('charges to be enabled', async () => (await coach.connection()).canSell === true);

      const complete = await coach.call('POST', '/v1/connection', RETURN);
      expect(complete).toMatchObject({ status: 409, body: { code: 'already_connected' } });
      expect(await accountsOf(coach)).toHaveLength(1);
    });

    test('a look at Stripe meanwhile does not close the way back', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect({ verification: 'due' })).body;
      const browser = new Browser();
      const page = await coach.startConnecting(browser);
      const seen = await rig.db.connection.findFirstOrThrow({ where: { accountId } });
      await rig.workflows.connectionChanged(coach);
      await eventually('a look', async () => {
        const row = await rig.db.connection.findFirstOrThrow({ where: { accountId } });
        return row.revision > seen.revision;
      });
      await cameBack(browser, await decide(browser, page, {}));
    });
  });

  test('disconnecting lets the account go, and connecting again makes another', async () => {
    const coach = await CoachUi.open(rig);
    const first = (await coach.connect()).body.accountId;
    await coach.disconnect();
    await ended(coach);
    const second = (await coach.connect()).body.accountId;
    expect(second).not.toBe(first);
    await expect(rig.stripe.of('test').accounts.retrieve(first)).rejects.toMatchObject({
      code: 'account_invalid',
    });
  });
}
