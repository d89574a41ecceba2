import { Writable } from 'node:stream';
import { createLog } from '../../src/log';
import { rigFor, shopFor } from '../support/setup';

/** What was written, line by line. */
const lines: Record<string, unknown>[] = [];
const kept = new Writable({
  write(chunk: Buffer, _encoding, done) {
    for (const line of chunk.toString().split('\n').filter(Boolean))
      lines.push(JSON.parse(line) as Record<string, unknown>);
    done();
  },
});

const rig = rigFor('file', { log: createLog('test', 'info', kept) });
const shop = shopFor('test', rig);

test('from a purchase to its access, the logs alone say what came, who was told, and what they found', async () => {
  const sale = await shop.sell();
  const { checkoutId, membershipId, subscriptionId } = await shop.buy(sale, await shop.newMember());
  const saying = (msg: string) => lines.filter((line) => line['msg'] === msg);

  // The emulator delivers again what was not answered in time.
  const delivered = saying('request').find(
    ({ type, outcome }) => type === 'checkout.session.completed' && outcome === 'stored',
  );
  const eventId = delivered?.['eventId'] as string;
  expect(delivered).toMatchObject({ accountId: shop.accountId, outcome: 'stored' });

  const told = saying('events are looked into').filter(({ events }) =>
    (events as string[]).includes(eventId),
  );
  expect(told[0]).toMatchObject({ target: { kind: 'checkout', id: checkoutId }, by: 'its run' });

  const looks = saying('looked at a checkout').filter((line) => line['checkoutId'] === checkoutId);
  expect(looks.at(-1)).toMatchObject({ before: 'open', status: 'completed', membershipId, reason: 'paid' });

  await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
  await shop.quiet();
  expect(saying('looked at a membership').at(-1)).toMatchObject({
    // What woke the run may be a hint of ours that came with the event: one look answers both.
    ...{ membershipId, checkoutId, before: 'paid', reason: 'canceled' },
    events: [saying('request').find(({ type }) => type === 'customer.subscription.deleted')?.['eventId']],
  });
  // Ids tell it; nobody is named.
  expect(JSON.stringify(lines)).not.toMatch(/@example\.com|A Member/);
});
