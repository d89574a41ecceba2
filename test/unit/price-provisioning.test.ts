import { explainProvisioningFailure } from '../../src/domain/price-provisioning';

const problem = (code: string | null, param: string | null = null, statusCode: number | null = 400) =>
  explainProvisioningFailure({ code, param, statusCode });

test.each([
  [
    problem('amount_too_small', 'unit_amount'),
    'amount_too_small',
    /smaller than Stripe accepts.*about the amount/,
  ],
  [problem('account_invalid', null, 403), 'account_invalid', /Connect it again/],
  [problem(null, 'currency'), 'stripe_refused', /refused the currency/],
  [
    problem('brand_new_code', 'recurring[interval_count]'),
    'brand_new_code',
    /the interval count \(brand new code\)/,
  ],
  [problem('brand_new_code', 'tax<script>'), 'brand_new_code', /"taxscript"/],
  [problem(null, null, null), 'stripe_unavailable', /could not be reached/],
  [problem('cancelled', null, null), 'cancelled', /cancelled here/],
])('a refusal is explained: %j', (failure, code, message) => {
  expect(failure.failureCode).toBe(code);
  expect(failure.failureMessage).toMatch(message);
});

test('an outage is told as one, although it had a status', () => {
  expect(problem(null, null, 502).failureCode).toBe('stripe_unavailable');
});
