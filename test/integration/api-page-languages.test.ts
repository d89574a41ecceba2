import { apiFor, coachFor, connect, createPrice } from './api-support';

const api = apiFor('file');
const coach = coachFor('test', api);
let price: { productId: string; priceId: string };
beforeEach(async () => {
  api.fake.reset();
  price = await createPrice(api, coach, await connect(api, coach));
});

const visit = (
  path: string,
  language: string,
  init: { method?: string; body?: string; cookie?: string } = {},
) =>
  api.call(init.method ?? 'GET', path, {
    headers: {
      'Accept-Language': language,
      ...(init.cookie === undefined ? {} : { Cookie: init.cookie }),
      ...(init.body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(init.body === undefined ? {} : { body: init.body }),
  });

/** Words of the English pages. */
const ENGLISH = /Continue|payment|every month|places|Go back|found|Thank|purchase/;

describe('the pages that a buyer meets are in the language of their browser', () => {
  test.each([
    ['de-AT,de;q=0.9,en;q=0.5', 'de'],
    ['en-GB,de;q=0.5', 'en'],
    ['fr,de;q=0.5,en;q=0.4', 'de'],
    ['fr', 'en'],
  ])('%s: %s', async (header, language) => {
    const page = await visit(`/buy/${price.priceId}`, header);
    expect(page.text).toContain(`<html lang="${language}">`);
    expect(page.text).toContain(language === 'de' ? 'Weiter zur Zahlung' : 'Continue to payment');
    expect(page.headers.get('vary')).toContain('Accept-Language');
  });

  test('the purchase page in German says nothing in English', async () => {
    const { text } = await visit(`/buy/${price.priceId}`, 'de');
    expect(text).toMatch(/49,00\s€/);
    expect(text).toContain('jeden Monat');
    expect(text.replace(/<style[\s\S]*<\/style>/, '')).not.toMatch(ENGLISH);
  });

  test.each([
    ['/buy/amt_unknown', 404, 'Hier wird nichts verkauft'],
    ['/thanks', 200, 'Vielen Dank'],
    ['/checkouts/chk_unknown/return', 404, 'Diesen Kauf gibt es nicht'],
    ['/checkouts/chk_unknown/cancelled', 404, 'Diesen Kauf gibt es nicht'],
  ])('%s', async (path, status, words) => {
    const page = await visit(path, 'de');
    expect(page.status).toBe(status);
    expect(page.text).toContain(words);
    expect(page.text.replace(/<style[\s\S]*<\/style>/, '')).not.toMatch(ENGLISH);
  });

  test.each([
    ['open', 'Ihre Zahlung wird geprüft'],
    ['pending', 'Ihre Zahlung ist unterwegs'],
    ['refunded', 'Alle Plätze sind vergeben'],
    ['needs_review', 'Ihre Zahlung wird angesehen'],
  ] as const)('the way back from a checkout that is %s', async (status, words) => {
    await visit(`/buy/${price.priceId}`, 'de', { method: 'POST', body: '' });
    const row = await api.db.checkout.findFirstOrThrow({ where: { coachId: coach.coachId } });
    await api.db.checkout.update({ where: { id: row.id }, data: { status } });
    const { text } = await visit(`/checkouts/${row.id}/return?tries=3`, 'de');
    expect(text).toContain(words);
    expect(text.replace(/<style[\s\S]*<\/style>/, '')).not.toMatch(ENGLISH);
  });

  test('a refusal is said in German too', async () => {
    const { text } = await visit(`/buy/${price.priceId}?member=nonsense`, 'de', { method: 'POST', body: '' });
    expect(text).toContain('Dieser Link gilt nicht mehr.');
  });
});

describe('a price of which several can be bought at once', () => {
  const quantityOf = () =>
    api.db.checkout.findFirst({ where: { coachId: coach.coachId }, select: { quantity: true } });
  beforeEach(() => api.db.price.update({ where: { id: price.priceId }, data: { maxQuantity: 5 } }));

  test('lets the buyer choose how many', async () => {
    const page = await visit(`/buy/${price.priceId}`, 'en');
    expect(page.text).toContain('Quantity (up to 5)');
    const sent = await visit(`/buy/${price.priceId}`, 'en', { method: 'POST', body: 'quantity=3' });
    expect(sent.status).toBe(303);
    expect(await quantityOf()).toEqual({ quantity: 3 });
  });

  test.each(['0', '6', '1.5', 'many', ''])('refuses %j and keeps what was typed', async (quantity) => {
    const page = await visit(`/buy/${price.priceId}`, 'en', { method: 'POST', body: `quantity=${quantity}` });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Please enter a quantity from 1 to 5.');
    expect(page.text).toContain(`value="${quantity}"`);
    expect(await quantityOf()).toBeNull();
  });

  test('one is bought where the form says nothing, and of another price there is nothing to choose', async () => {
    expect((await visit(`/buy/${price.priceId}`, 'en', { method: 'POST', body: '' })).status).toBe(303);
    expect(await quantityOf()).toEqual({ quantity: 1 });
    await api.db.price.update({ where: { id: price.priceId }, data: { maxQuantity: 1 } });
    expect((await visit(`/buy/${price.priceId}`, 'en')).text).not.toContain('Quantity');
  });
});
