import { DAY, HOUR, isoTime, MINUTE, toDate } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { Visitor } from '../support/visitor';

// When a price is sold, and what its purchase page says.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const from = async (seconds: number) => isoTime(toDate((await seller.now()) + seconds));
const page = async (price: { id: string }, init: RequestInit = {}) => {
  const response = await new Visitor(rig.api, { 'accept-language': 'en' }).send(`/buy/${price.id}`, init);
  return {
    status: response.status,
    csp: response.headers.get('content-security-policy'),
    text: (await response.text()).replaceAll(/>\s+</g, '><'),
  };
};
const typed = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

describe.each([
  ['what is paid once', { unitAmount: 4900 }],
  ['a subscription', { unitAmount: 4900, recurring: { interval: 'month' } as const }],
  ['what is free', { model: 'free' as const }],
])('%s is sold from a time on, and until one', (_what, terms) => {
  test.each([
    ['before', 2 * DAY, 3 * DAY, 'sales_not_started', 'Sales begin on'],
    ['after', -3 * DAY, -2 * DAY, 'sales_ended', 'Sales ended on'],
  ])('%s: API, page and offer say so', async (_when, start, end, code, words) => {
    const price = await seller.offer({
      ...terms,
      salesStartAt: await from(start),
      salesEndAt: await from(end),
    });
    expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 409, body: { code } });
    const shown = await page(price);
    expect(shown).toMatchObject({ status: 409, text: expect.stringContaining(words) });
    expect(shown.text).not.toContain('<form');
    const offer = await fetch(`${rig.api}/buy/${price.id}/offer`).then((response) => response.json());
    expect(offer).toMatchObject({ availability: 'unavailable', salesStartAt: price.salesStartAt });
  });

  test('within', async () => {
    const price = await seller.offer({
      ...terms,
      salesStartAt: await from(-DAY),
      salesEndAt: await from(DAY),
    });
    expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 201 });
  });
});

test('an end is changed and taken back; one before the beginning is refused', async () => {
  const price = await seller.offer({ unitAmount: 4900, salesEndAt: await from(-DAY) });
  const change = (body: object) => seller.coach.call('PATCH', `/v1/prices/${price.id}`, body);
  expect(await change({ salesStartAt: await from(0) })).toMatchObject({
    status: 400,
    body: { field: 'salesEndAt' },
  });
  expect(await change({ salesEndAt: null })).toMatchObject({ status: 200, body: { salesEndAt: null } });
  expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 201 });
});

describe('scenario 93: a page of Stripe that is open when sales end', () => {
  const sell = async (seconds: number) => seller.offer({ unitAmount: 4900, salesEndAt: await from(seconds) });

  test('ends with them', async () => {
    const price = await sell(HOUR);
    const { body: checkout } = await seller.openFor(price, 'ada');
    expect(Date.parse(checkout.expiresAt)).toBe(Date.parse(price.salesEndAt));
  });

  test('is closed, where Stripe would have it open for longer, and sells nothing afterwards', async () => {
    const price = await sell(10 * MINUTE);
    const checkout = await seller.openFor(price, 'ada');
    expect(Date.parse(checkout.body.expiresAt)).toBeGreaterThan(Date.parse(price.salesEndAt));
    await seller.moveBy(11 * MINUTE);
    await eventually('the end of the checkout', async () => {
      const { status } = await seller.read(`/v1/checkouts/${checkout.body.id}`);
      return status === 'expired';
    });
    expect((await seller.pay(checkout)).status).not.toBe(303);
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  });

  test('who has paid before has bought', async () => {
    const price = await sell(10 * MINUTE);
    const checkout = await seller.openFor(price, 'ada');
    await seller.pay(checkout);
    await seller.moveBy(11 * MINUTE);
    expect(await seller.boughtBy(checkout)).toMatchObject({ status: 'owned' });
  });
});

describe('the purchase page', () => {
  const monthly = { unitAmount: 4900, currency: 'eur', recurring: { interval: 'month' } as const };

  test('says what is included, what is paid today and next, and wears the coach’s logo and colour', async () => {
    const { body: product } = await seller.coach.call('POST', '/v1/products', {
      name: 'Yoga',
      features: ['Two classes a week', 'Every <recording>'],
    });
    const price = await seller.offer({ ...monthly, setupFee: 1000, maxQuantity: 5 }, product.id);
    await seller.coach.call('PATCH', '/v1/settings', { logoUrl: 'https://ana.example/logo.svg' });
    await seller.coach.call('PATCH', '/v1/mail-settings', { colour: '#ffee00' });
    const { text, csp } = await page(price);
    expect(text).toContain('<li>Two classes a week</li>');
    expect(text).toContain('Every &#60;recording&#62;');
    expect(text).toContain('<dt>Total today</dt><dd>€59.00</dd>');
    expect(text).toMatch(/<dt>Next charge<\/dt><dd>€49\.00 every month, from \d+ \w+ \d{4} on<\/dd>/);
    expect(text).toContain('src="https://ana.example/logo.svg"');
    expect(csp).toContain('img-src https://ana.example;');
    expect(text).toContain(':root{--go:#ffee00;--on-go:#10131f}');
  });

  test('the total of a quantity, without buying; what was filled in stays', async () => {
    const price = await seller.offer({ ...monthly, maxQuantity: 5, promotionCodes: true });
    const { status, text } = await page(price, typed({ quantity: '3', show: 'total', code: 'SPRING' }));
    expect(status).toBe(200);
    expect(text).toContain('<dd>€147.00</dd>');
    expect(text).toContain('value="3"');
    expect(await page(price, typed({ quantity: '6', show: 'total' }))).toMatchObject({
      status: 400,
      text: expect.stringContaining('from 1 to 5'),
    });
    expect(await seller.read('/v1/checkouts')).toMatchObject({ data: [] });
  });

  test.each([
    ['inclusive', 'tax included'],
    ['exclusive', 'plus tax'],
    [null, 'tax may come on top'],
  ] as const)('where Stripe works out the tax, it says how: %s', async (taxBehavior, words) => {
    const price = await seller.offer({ ...monthly, taxBehavior });
    expect((await page(price)).text).not.toContain(words);
    await seller.coach.call('PATCH', '/v1/settings', { automaticTax: true });
    expect((await page(price)).text).toContain(words);
  });

  test('a logo that is not fetched by https is refused', async () => {
    expect(
      await seller.coach.call('PATCH', '/v1/settings', { logoUrl: 'http://ana.example/logo.svg' }),
    ).toMatchObject({ status: 400, body: { field: 'logoUrl' } });
  });
});
