import { endpointOf } from '../../src/stripe/metrics';
import { effectWord } from '../../src/worker/metrics/access';

test.each([
  ['/v1/subscriptions/sub_1N2/x?expand[0]=latest_invoice', '/v1/subscriptions/:id/x'],
  ['/v1/checkout/sessions', '/v1/checkout/sessions'],
  ['/v1/checkout/sessions/cs_test_a1/expire', '/v1/checkout/sessions/:id/expire'],
  ['/v1/invoices/create_preview', '/v1/invoices/create_preview'],
  ['/v1/products/gold', '/v1/products/:id'],
  ['/v1/accounts/acct_1/external_accounts/ba_1', '/v1/accounts/:id/external_accounts/:id'],
  ['/v1/billing_portal/sessions', '/v1/billing_portal/sessions'],
  ['/v1/events?limit=100', '/v1/events'],
  ['', '/'],
])('%s is counted as %s, with no id in it', (path, endpoint) => {
  expect(endpointOf(path)).toBe(endpoint);
});

test.each([
  ['Access given, until 3 May.', 'given'],
  ['Access ended.', 'ended'],
  ['Access goes on, without an end.', 'goes_on'],
  ['Access unchanged, until 3 May.', 'unchanged'],
  ['No access, as before.', 'unchanged'],
])('%s is %s', (effect, word) => {
  expect(effectWord(effect)).toBe(word);
});
