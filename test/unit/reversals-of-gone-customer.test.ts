import Stripe from 'stripe';
import { fetchChargesOfCustomer, reversalsOf } from '../../src/stripe/reversals';

const missing = new Stripe.errors.StripeInvalidRequestError({
  type: 'invalid_request_error',
  code: 'resource_missing',
  message: 'No such customer',
});
const down = new Stripe.errors.StripeAPIError({ type: 'api_error', message: 'down' });

/** Stripe's list of charges: by the customer it fails, by a payment it tells what went back. */
const clientWhere = (failure: Error) => {
  const asked: object[] = [];
  const list = (of: { customer?: string; payment_intent?: string }) => {
    asked.push(of);
    const refunds = { data: [], has_more: false };
    const paid = { id: 'ch_1', payment_intent: of.payment_intent, balance_transaction: null };
    const charge = { ...paid, amount_refunded: 700, disputed: false, refunds };
    return {
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        if (of.customer !== undefined) throw failure;
        yield charge;
      },
    };
  };
  return { client: { stripe: { charges: { list } } as unknown as Stripe, accountId: 'acct_1' }, asked };
};
const intents = ['pi_1', 'pi_2'];

test('C14: of a deleted customer, what went back is asked of the payments themselves', async () => {
  const { client } = clientWhere(missing);
  const reversals = await reversalsOf(client, await fetchChargesOfCustomer(client, 'cus_gone', intents));
  expect([...reversals.keys()]).toEqual(['pi_1', 'pi_2']);
  expect(reversals.get('pi_1')).toMatchObject({ amountRefunded: 700 });
});

test('C14: an outage is no deleted customer: it is passed on, and tried again', async () => {
  const { client, asked } = clientWhere(down);
  await expect(fetchChargesOfCustomer(client, 'cus_1', intents)).rejects.toBe(down);
  expect(asked).toHaveLength(1);
});
