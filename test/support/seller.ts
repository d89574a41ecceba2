import { type SigningSecret, signMemberToken, type Access, type NewPrice } from '@session/sdk';
import { type Answer, CoachUi } from './coach-ui';
import { eventually } from './eventually';
import type { Rig } from './rig';
import { openShop } from './shop';
import { CARDS } from './stripe-side';

export type Seller = Awaited<ReturnType<typeof openSeller>>;

/** A shop whose coach does everything through the API: prices by provisioning, purchases by Checkout. */
export async function openSeller(rig: Rig) {
  const shop = await openShop(rig);
  const coach = await CoachUi.open(rig, shop.mode, shop.coachId);
  const read = (path: string) => coach.call('GET', path).then(({ body }) => body as Answer['body']);

  /** Puts a price on sale, of a new product unless told. */
  async function offer(terms: NewPrice, productId?: string): Promise<Answer['body']> {
    const price = await (productId === undefined
      ? coach.addPrice(terms)
      : coach.addPriceTo(productId, terms));
    // By its row: an answer of the API is eight statements.
    await eventually('the price to be on sale', async () => {
      const { status } = await rig.db.price.findUniqueOrThrow({ where: { id: price.id } });
      return status === 'active' || status === 'failed';
    });
    const present = await read(`/v1/prices/${price.id}`);
    if (present.status === 'failed') throw new Error(JSON.stringify(present.failure));
    return present;
  }

  let signing: Promise<SigningSecret> | null = null;
  /** Says who is buying, as the coach's server does for a link of its site. */
  async function tokenFor(externalId: string, email?: string): Promise<string> {
    signing ??= coach.api.post('/v1/signing-secrets', { body: {} });
    const expiresAt = Math.floor(Date.now() / 1000) + 600;
    return signMemberToken(
      { externalId, ...(email === undefined ? {} : { email }) },
      await signing,
      expiresAt,
    );
  }

  const open = (price: { id: string }, member: string, more: object = {}) =>
    coach.call('POST', '/v1/checkouts', { priceId: price.id, member, ...more });

  /** Fills in Stripe's page of an opened checkout. */
  const pay = (checkout: Answer, form: Record<string, string> = {}) => {
    if (checkout.status >= 300) throw new Error(JSON.stringify(checkout.body));
    return rig.stripeSide.payWithCard(checkout.body.url, CARDS[shop.mode].succeeds, form);
  };

  /** The membership of a checkout that was paid, once all that Stripe says is settled. */
  async function bought(checkout: Answer): Promise<Answer['body']> {
    const { id } = await shop.bought(checkout.body.id);
    await shop.quiet();
    // What a subscription has is known after the first look of the membership's own run.
    return eventually('the first look at what was bought', async () => {
      const present = await read(`/v1/memberships/${id}`);
      return (present.kind !== 'subscription' || present.collectionMethod !== null) && present;
    });
  }

  /** Opens, pays and waits for the membership. */
  async function buy(
    price: { id: string },
    member: string,
    options: { quantity?: number; form?: Record<string, string> } = {},
  ): Promise<Answer['body']> {
    const checkout = await open(price, member, { quantity: options.quantity ?? 1 });
    const { status, error } = await pay(checkout, options.form);
    if (status !== 303) throw new Error(`The payment page answered ${status}: ${error}`);
    return bought(checkout);
  }

  /**
   * Cancels at once, where the paid period is not honoured, and waits for the end: the answer alone may come before it.
   * @throws Error with the answer, where the end does not come
   */
  async function end(id: string): Promise<void> {
    const told = await coach.call('POST', `/v1/memberships/${id}/cancel`, { at: 'now' });
    const isEnded = async () => (await read(`/v1/memberships/${id}`)).status === 'ended';
    await eventually(`the end, asked for with ${told.status} ${JSON.stringify(told.body)}`, isEnded);
    await shop.quiet();
  }

  return {
    ...shop,
    coach,
    read,
    offer,
    end,
    openFor: open,
    tokenFor,
    pay,
    boughtBy: bought,
    purchase: buy,
    accessOf: (member: string, { productId: product }: { productId: string }): Promise<Access> =>
      coach.api.get('/v1/access', { params: { query: { member, product } } }),
    /** What Stripe took of the account's buyers so far, in order. */
    charges: async () =>
      (await shop.stripe.charges.list({ limit: 100 }, shop.asAccount)).data
        .filter(({ status }) => status === 'succeeded')
        .map(({ amount }) => amount)
        .reverse(),
  };
}
