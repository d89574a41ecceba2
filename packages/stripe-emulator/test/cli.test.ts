import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, run } from '../src/cli/run';
import { accountFor, receiverFor, rigFor } from './support/setup';

describe('the command line', () => {
  const rig = rigFor('test', { deliveryRetryMs: [] });
  const account = accountFor('test', rig);
  const hook = receiverFor('test', rig);

  /** What a command prints. */
  const cli = async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    await run([...args, '--url', rig.emulator.url], (line) => lines.push(line));
    return lines.join('\n');
  };
  const json = async <T = never>(...args: string[]): Promise<T> =>
    JSON.parse(await cli(...args, '--json')) as T;
  const here = {
    get stripeAccount() {
      return account.id;
    },
  };
  const product = (name: string) => rig.test.products.create({ name }, here);

  it('explains every command', async () => {
    const overview: string[] = [];
    await run(['--help'], (line) => overview.push(line));
    for (const { name } of commands) {
      expect(overview.join('\n')).toContain(`  ${name} `);
      const help: string[] = [];
      await run([...name.split(' '), '--help'], (line) => help.push(line));
      expect(help.join('\n')).toMatch(new RegExp(`^Usage: stripe-emulator ${name}\\b`));
    }
  });

  it('says what is wrong, and what to do', async () => {
    const refused = (...args: string[]) => expect(cli(...args)).rejects;
    await refused('foo').toThrow('There is no command foo. `stripe-emulator --help` lists the commands.');
    await refused('advance').toThrow('Say which time');
    await refused('advance', 'soon').toThrow('soon is no time: give 30d');
    await refused('advance', '1d', '--account', 'acct_absent').toThrow('there is no account acct_absent');
    await refused('event', 'evt_absent').toThrow('The emulator refuses: there is no event evt_absent.');
    await refused('events', '--limit', 'ten').toThrow('--limit has to be a number, not ten.');
    await refused('events', '--colour', 'red').toThrow(
      /Unknown option '--colour'\nUsage: stripe-emulator events/,
    );
    await refused('fault', 'add', 'explode').toThrow('explode is none of status, reset');
    await refused('fault', 'add', 'status', '--when', 'never').toThrow(
      '--when has to be one of before, after',
    );
    await refused('trigger', 'rain').toThrow('there is no trigger rain; known: verification_completed');
    await refused('trigger', 'refund', 'amount').toThrow('amount is not of the form field=value.');
    await refused('seed', '--file', '/absent.json').toThrow('/absent.json cannot be read');
    await expect(run(['accounts', '--url', 'http://127.0.0.1:1'], () => undefined)).rejects.toThrow(
      'There is no emulator at http://127.0.0.1:1. Start one with `stripe-emulator`',
    );
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(run(['accounts', '--url', `http://127.0.0.1:${port}`], () => undefined)).rejects.toThrow(
      'is not a Stripe emulator',
    );
    other.close();
  });

  it('seeds accounts, by flags and from a file, and resets', async () => {
    expect(
      await cli('seed', '--id', 'acct_ada', '--business-name', 'Ada', '--country', 'AT', '--unverified'),
    ).toBe('acct_ada  Ada  not connected');
    const folder = mkdtempSync(join(tmpdir(), 'seed-'));
    const file = join(folder, 'accounts.json');
    writeFileSync(file, JSON.stringify([{ id: 'acct_bo' }, { id: 'acct_cy', defaultCurrency: 'chf' }]));
    const { accounts } = await json<{ accounts: { id: string }[] }>('seed', '--file', file);
    rmSync(folder, { recursive: true });
    expect(accounts.map(({ id }) => id)).toEqual(['acct_bo', 'acct_cy']);
    const all = await json<{ accounts: { id: string; account: object }[] }>('accounts');
    expect(all.accounts.find(({ id }) => id === 'acct_ada')).toMatchObject({
      account: { country: 'AT', charges_enabled: false },
    });
    await expect(cli('seed', '--id', 'acct_ada')).rejects.toThrow('account acct_ada exists already');
    await cli('reset');
    expect(await cli('accounts')).toMatch(/^acct_\w+ {2}Emulated platform {2}the platform$/);
  });

  it('moves time', async () => {
    const before = await json<{ now: number }>('clock', '--account', account.id);
    const after = await json<{ now: number }>('advance', '1d12h', '--account', account.id);
    expect(after.now - before.now).toBeGreaterThanOrEqual(129_600);
    expect(after.now - before.now).toBeLessThan(129_700);
    const target = (after.now + 1000) * 1000;
    expect(await cli('advance', new Date(target).toISOString(), '--account', account.id)).toContain(
      'nothing is scheduled',
    );
    const live = await json<{ now: number }>('clock', '--account', account.id, '--live');
    expect(live.now).toBeLessThan(before.now + 1000);
  });

  it('lists events, shows one with its deliveries, and delivers it again', async () => {
    hook.answers.push(500);
    const { id } = await product('A');
    await rig.test.products.update(id, { name: 'B' }, here);
    await cli('drain');
    const { events } = await json<{ events: { account: string; event: { id: string; type: string } }[] }>(
      'events',
      '--type',
      'product.*',
    );
    expect(events.map(({ account: of, event }) => [of, event.type])).toEqual([
      [account.id, 'product.updated'],
      [account.id, 'product.created'],
    ]);
    expect(await cli('events', '--limit', '1', '--account', account.id)).toContain('product.updated');
    expect(await cli('events', '--live')).toBe('');
    const { deliveries } = await json<{ deliveries: { event: string; type: string }[] }>(
      'deliveries',
      '--status',
      'failed',
    );
    expect(deliveries).toHaveLength(1);
    const [failed] = deliveries;
    const count = hook.received.length;
    await cli('redeliver', failed?.event ?? '', '--times', '2');
    await cli('drain');
    expect(hook.received.slice(count).map(({ event }) => event.id)).toEqual([failed?.event, failed?.event]);
    const shown = await json<{ event: { id: string }; deliveries: { status: string }[] }>(
      'event',
      failed?.event ?? '',
    );
    expect(shown.event.id).toBe(failed?.event);
    expect(shown.deliveries.map(({ status }) => status)).toEqual(['failed', 'delivered', 'delivered']);
  });

  it('sets faults one after the other, and removes them', async () => {
    await cli('fault', 'add', 'rate_limit', '--method', 'POST', '--path', '/v1/products', '--nth', '2');
    await product('A');
    // The count of the first rule goes on.
    await cli('fault', 'add', 'status', '--status', '503', '--path', '/v1/prices*', '--account', account.id);
    await expect(product('B')).rejects.toMatchObject({ statusCode: 429 });
    await expect(rig.test.prices.list({}, here)).rejects.toMatchObject({ statusCode: 503 });
    expect(await json('fault', 'list')).toEqual({
      rules: [
        {
          match: { method: 'POST', path: '/v1/products', nth: 2 },
          fault: { kind: 'rate_limit', when: 'before' },
        },
        {
          match: { account: account.id, path: '/v1/prices*' },
          fault: { kind: 'status', status: 503, when: 'before' },
        },
      ],
    });
    expect(await cli('fault', 'clear')).toBe('There are no rules.');
    await rig.test.prices.list({}, here);
  });

  it('holds and releases deliveries, and switches them off', async () => {
    await cli('delivery-rule', 'add', 'hold', '--type', 'product.*');
    await product('A');
    await product('B');
    await cli('drain');
    const names = () => hook.received.map(({ event }) => (event.data.object as { name?: string }).name);
    expect(names()).toEqual([]);
    expect(await cli('release', '--order', 'reverse')).toBe('2 are on their way.');
    await cli('drain');
    expect(names()).toEqual(['B', 'A']);
    await cli('delivery-rule', 'clear');
    await cli('webhooks', 'off', '--account', account.id);
    await product('C');
    await cli('webhooks', 'on', '--account', account.id);
    await product('D');
    await cli('drain');
    expect(names()).toEqual(['B', 'A', 'D']);
  });

  it('triggers what happens at Stripe', async () => {
    const price = await rig.price(account.id, 1000);
    const session = await rig.test.checkout.sessions.create(
      { mode: 'payment', line_items: [{ price: price.id, quantity: 1 }], success_url: 'http://localhost:1/' },
      here,
    );
    await rig.pay(session);
    const intent = (await rig.test.checkout.sessions.retrieve(session.id, {}, here)).payment_intent;
    const of = ['--account', account.id, `payment_intent=${String(intent)}`];
    expect(await json('trigger', 'refund', ...of, 'amount=300')).toMatchObject({
      object: 'refund',
      amount: 300,
    });
    expect(await json('trigger', 'dispute_created', ...of, 'reason=duplicate')).toMatchObject({
      object: 'dispute',
      reason: 'duplicate',
    });
    await cli('trigger', 'account_restricted', '--account', account.id);
    expect((await rig.test.accounts.retrieve(account.id)).charges_enabled).toBe(false);
    await cli('trigger', 'deauthorize', '--account', account.id);
    await expect(product('E')).rejects.toMatchObject({ code: 'account_invalid' });
    expect((await cli('triggers')).split('\n')).toContain('card_expiring');
  });

  it('lets a card expire at the end of the month', async () => {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const customer = await rig.test.customers.create({}, here);
    const card = await rig.test.paymentMethods.attach('pm_card_visa', { customer: customer.id }, here);
    const subscription = await rig.test.subscriptions.create(
      { customer: customer.id, items: [{ price: price.id }], default_payment_method: card.id },
      here,
    );
    await cli('trigger', 'card_expiring', '--account', account.id, `subscription=${subscription.id}`);
    const changed = await rig.test.events.list({ type: 'payment_method.automatically_updated' }, here);
    expect(changed.data[0]?.data).toMatchObject({
      object: { id: card.id },
      previous_attributes: { card: { exp_year: card.card?.exp_year } },
    });
    await cli('advance', '33d', '--account', account.id);
    const [invoice] = (await rig.test.invoices.list({ subscription: subscription.id }, here)).data;
    expect(invoice?.status).toBe('open');
    const [charge] = (await rig.test.charges.list({ customer: customer.id }, here)).data;
    expect(charge?.failure_code).toBe('expired_card');
    expect((await rig.test.subscriptions.retrieve(subscription.id, {}, here)).status).toBe('past_due');
  });
});
