import { membershipWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { holdCommits } from '../support/held-commits';
import { rigFor, sellerFor } from '../support/setup';

/** A hint that asks for a run is done when that run is there, and not by whoever happens to look. */

const rig = rigFor('file', { relayPollSeconds: 3600 });
const seller = sellerFor('test', rig);

const runOf = async (id: string): Promise<string> => {
  const { status } = await rig.client.workflow
    .getHandle(membershipWorkflowId(id))
    .describe()
    .catch(() => ({ status: { name: 'NONE' } }));
  return status.name;
};
const looks = () => rig.seenRuns().filter(({ workflowId }) => workflowId.startsWith('stripe-event/')).length;

test('scenario 47: two looks at once, of which one finds that it goes on, leave it a run', async () => {
  const price = await seller.offer({ unitAmount: 10_000, accessDays: 84 });
  const { id } = await seller.purchase(price, 'ada');
  const charge = (await seller.stripe.charges.list({ limit: 1 }, seller.asAccount)).data[0]?.id;
  const refund = (await rig.stripeSide.trigger('refund', { account: seller.accountId, charge })) as {
    id: string;
  };
  await seller.quiet();
  await eventually('the end of the run', async () => (await runOf(id)) === 'COMPLETED');

  // The hint is in the inbox, but no relay may take it yet: whoever looks meets it first.
  await rig.db.$executeRaw`
    CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.lease_until := now() + interval '1 hour'; RETURN NEW; END $$`;
  await rig.db.$executeRaw`
    CREATE TRIGGER later BEFORE INSERT ON inbox FOR EACH ROW
      WHEN (NEW.type = 'internal.goes_on') EXECUTE FUNCTION later()`;
  const before = looks();
  const commits = await holdCommits(rig.config.databaseUrl, 'membership');
  // Stripe tells of it twice, and each time a run looks: both have read and fetched before either may commit.
  await rig.stripeSide.deliveryRules({ match: { type: 'refund.failed' }, action: 'hold' });
  await rig.stripeSide.trigger('refund_failed', { account: seller.accountId, refund: refund.id });
  await commits.waiting(1);
  await rig.stripeSide.release('fifo');
  await rig.stripeSide.deliveryRules();
  await commits.waiting(2);
  expect(looks() - before).toBe(2);
  await commits.release();
  await eventually('both looks', async () =>
    (await rig.db.inbox.findMany({ where: { accountId: seller.accountId, status: 'waiting' } })).every(
      ({ type }) => type === 'internal.goes_on',
    ),
  );

  const hint = () =>
    rig.db.inbox.findFirstOrThrow({ where: { accountId: seller.accountId, type: 'internal.goes_on' } });
  expect(await hint()).toMatchObject({ status: 'waiting', targetId: id });
  expect(await runOf(id)).toBe('COMPLETED');
  await rig.db.$executeRaw`DROP TRIGGER later ON inbox`;
  await rig.db.$executeRaw`UPDATE inbox SET lease_until = now() WHERE type = 'internal.goes_on'`;
  await rig.db.$queryRaw`SELECT pg_notify('inbox', '')::text`;
  await eventually('a run', async () => (await runOf(id)) === 'RUNNING');
  await eventually('the answer to the hint', async () => (await hint()).status === 'done');
});
