import { explainProvisioningFailure } from '../../src/domain/price-provisioning';

const problem = (code: string | null, param: string | null = null, statusCode: number | null = 400) =>
  explainProvisioningFailure({ code, param, statusCode });

test.each([
  ['account_invalid', /^The Stripe account can no longer be reached\. Connect it again; .+\.$/],
  ['amount_too_large', /^The amount is larger than Stripe accepts in this currency\.$/],
  ['amount_too_small', /^The amount is smaller than Stripe accepts in this currency\.$/],
  ['cancelled', /^The creation was cancelled here\. .+\.$/],
  ['invalid_currency', /^The Stripe account cannot charge in this currency\.$/],
  ['parameter_invalid_integer', /^Stripe does not accept this number\.$/],
  ['stripe_unavailable', /^Stripe could not be reached for hours, so nothing was created\. .+\.$/],
])('%s is a sentence of its own', (code, message) => {
  expect(problem(code)).toEqual({ failureCode: code, failureMessage: expect.stringMatching(message) });
});

test.each([
  ['unit_amount', 'the amount'],
  ['currency', 'the currency'],
  ['recurring[interval]', 'the interval'],
  ['recurring[interval_count]', 'the interval count'],
  ['nickname', 'the nickname'],
  ['name', 'the name of the product'],
  ['description', 'the description of the product'],
])('%s is called %s', (param, words) => {
  expect(problem('amount_too_small', param).failureMessage).toMatch(
    new RegExp(`currency\\. \\(It is about ${words}\\.\\)$`),
  );
  expect(problem('brand_new_code', param)).toEqual({
    failureCode: 'brand_new_code',
    failureMessage: `Stripe refused ${words} (brand new code). Change it and add the price again.`,
  });
});

test('without a parameter it is about the price; an unknown one is quoted without what could do harm', () => {
  expect(problem('brand_new_code').failureMessage).toMatch(/^Stripe refused the price \(/);
  expect(problem('brand_new_code', 'tax<script>').failureMessage).toMatch(/^Stripe refused "taxscript" \(/);
  expect(problem('brand_new_code', 'tiers[0].up_to').failureMessage).toContain('"tiers[0].up_to"');
});

test.each<[number | null, string | null, string]>([
  [400, null, 'stripe_refused'],
  [428, null, 'stripe_refused'],
  [429, 'rate_limit', 'stripe_unavailable'],
  [430, 'rate_limit', 'rate_limit'],
  [499, null, 'stripe_refused'],
  [500, null, 'stripe_unavailable'],
  [502, 'api_error', 'stripe_unavailable'],
  [null, null, 'stripe_unavailable'],
  [null, 'cancelled', 'cancelled'],
])('status %p with the code %p: %s', (statusCode, code, failureCode) => {
  expect(problem(code, null, statusCode).failureCode).toBe(failureCode);
});
