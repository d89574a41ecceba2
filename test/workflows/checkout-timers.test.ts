import { DAY, MINUTE, toSeconds } from '../../src/domain/time';
import { createWorkflowClient } from '../../src/temporal/workflow-client';
import { checkoutWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import type { Sale } from '../support/shop';
import { CARDS } from '../support/stripe-side';

let once: Sale;
let memberId: string;

// Each test has a server of its own: the test server may keep its time locked after a run has closed.
const rig = rigFor('test', { temporal: 'skipping', checkoutPollSeconds: 120 });
const shop = shopFor('test', rig, 'test', { verified: true, country: 'DE', defaultCurrency: 'eur' });
beforeEach(async () => {
  once = await shop.sell({ interval: null, currency: 'eur' });
  memberId = await shop.newMember();
});

/** Pays as a browser does; anything but the way back is a refusal. */
async function pay(url: string | null): Promise<void> {
  const page = await rig.stripeSide.payWithCard(url ?? '', CARDS.test.succeeds);
  expect(page).toMatchObject({ error: null, status: 303 });
}
const status = async (checkoutId: string) => (await shop.checkoutRow(checkoutId)).status;
const has = async (sale: Sale) => (await shop.access(memberId, sale.productId)).access;
const loseWebhooks = () => rig.stripeSide.webhooks(false, { account: shop.accountId });
const asked = async (path: RegExp) =>
  (await rig.stripeSide.requests()).filter((each) => each.account === shop.accountId && path.test(each.path));

async function expectClosed(checkoutId: string, outcome: string): Promise<void> {
  const handle = rig.client.workflow.getHandle(checkoutWorkflowId(checkoutId));
  await eventually('the end of the run', async () => (await handle.describe()).status.name === 'COMPLETED');
  expect(await handle.result()).toEqual({ status: outcome });
}

describe('with every webhook lost', () => {
  beforeEach(loseWebhooks);

  test('access within the checkout’s own timer: five minutes after the payment at most', async () => {
    const checkout = await shop.open(once, memberId);
    await pay(checkout.url);
    expect(await has(once)).toBe(false);
    await shop.moveBy(5 * MINUTE);
    expect(await has(once)).toBe(true);
    const [entry] = await shop.timeline(memberId);
    expect(entry).toMatchObject({ kind: 'purchase_completed', cause: 'timer' });
    await expectClosed(checkout.checkoutId, 'completed');
  });

  /** Opens a session of which the run asks so rarely that its end comes first. */
  async function openUnasked(sale: Sale) {
    const { taskQueue } = rig.config.temporal;
    const workflows = createWorkflowClient(rig.client, { taskQueue, checkoutPollSeconds: DAY });
    const { id } = await shop.insertCheckout(sale, memberId);
    const { url } = await workflows.openCheckout(id, shop.owner(memberId));
    const { expiresAt } = await shop.checkoutRow(id);
    return { id, url, expiresAt: toSeconds(expiresAt as Date) };
  }

  test('scenario 02: a session that seems to have expired is asked for first, and was paid', async () => {
    const monthly = await shop.sell();
    const { id, url, expiresAt } = await openUnasked(monthly);
    await pay(url);
    await shop.moveTo(expiresAt - MINUTE);
    expect(await status(id)).toBe('open');
    await shop.moveTo(expiresAt);
    expect(await status(id)).toBe('completed');
    expect(await has(monthly)).toBe(true);
    expect(await asked(/\/expire$/)).toEqual([]);
  });

  test('a session that nobody paid is expired when Stripe says so', async () => {
    const { id, expiresAt } = await openUnasked(once);
    await shop.moveTo(expiresAt - MINUTE);
    expect(await status(id)).toBe('open');
    await shop.moveTo(expiresAt);
    // A look of that very second may have come a moment too early, and is repeated.
    await eventually('the end', async () => (await status(id)) === 'expired');
    expect(await has(once)).toBe(false);
    await expectClosed(id, 'expired');
  });
});
