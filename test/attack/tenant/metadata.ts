import { eventually } from '../../support/eventually';
import type { Stack } from '../stack';
import type { Business } from './business';

/**
 * The attacker writes the victim's ids into the metadata of objects of their own Stripe account, where a coach may write
 * what they like, and pays. Answers how many objects there were, once all that Stripe said of them is settled.
 */
export async function metadataAtStripe(stack: Stack, attacker: Business, victim: Business): Promise<number> {
  const { stripe, asAccount, accountId } = attacker.seller;
  const metadata = {
    checkoutId: victim.ids['chk_'] ?? '',
    membershipId: victim.ids['msp_'] ?? '',
    memberId: victim.ids['mbr_'] ?? '',
    priceId: victim.ids['amt_'] ?? '',
    productId: victim.ids['pdt_'] ?? '',
    coachId: victim.coachId,
    connectionId: victim.ids['conn_'] ?? '',
  };
  const { stripePriceId } = await stack.db.priceProvisioning.findFirstOrThrow({
    where: { priceId: attacker.ids['amt_'] ?? '', accountId },
  });
  const customer = await stripe.customers.create(
    {
      metadata,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    },
    asAccount,
  );
  await stripe.subscriptions.create(
    { customer: customer.id, items: [{ price: stripePriceId ?? '' }], metadata },
    asAccount,
  );
  await stripe.products.create({ name: 'Mine', metadata }, asAccount);
  await stripe.checkout.sessions.create(
    {
      mode: 'subscription',
      line_items: [{ price: stripePriceId ?? '', quantity: 1 }],
      success_url: 'https://attacker.example/thanks',
      metadata,
      subscription_data: { metadata },
      client_reference_id: victim.ids['chk_'] ?? '',
    },
    asAccount,
  );
  await stack.stripeSide.drain({ account: accountId });
  await eventually('all that Stripe said of them to be looked at', async () => {
    const unseen = await stack.db.inbox.count({ where: { accountId, status: 'waiting', attempts: 0 } });
    return unseen === 0;
  });
  return 4;
}
