import type { Offers, Stage } from '../stage';

/** Creating products and prices: Session creates them in the coach's own Stripe account. */
export async function catalog({ narrator, ana }: Stage): Promise<Offers> {
  narrator.chapter('Products and prices');
  const described = ({ price }: Offers['circle']) =>
    `${price.id}: ${price.unitAmount / 100} ${price.currency.toUpperCase()}, active; ${price.buyUrl}`;

  const programme = await narrator.step('a product with a price that is paid once', async ({ saw }) => {
    const offer = await ana.offer('Twelve weeks of morning yoga', 24_000, null);
    saw(described(offer));
    return offer;
  });
  const circle = await narrator.step('a product with a monthly price', async ({ saw }) => {
    const offer = await ana.offer('The monthly circle', 2_900, 'month');
    saw(described(offer));
    return offer;
  });
  return { programme, circle };
}
