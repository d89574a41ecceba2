// Writes spec/event-dictionary-1.txt: text that events have in common, which lets the emulator keep them small. An event can
// only be read with the dictionary that it was written with, so a new dictionary gets a new number (see src/objects/event.ts).
// Usage: node scripts/event-dictionary.mjs (after the package was built)
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { startEmulator } = require('../dist/index.js');
const Stripe = require('stripe');

const emulator = await startEmulator({ port: 0 });
const stripe = new Stripe('sk_test_emulator', { host: '127.0.0.1', port: emulator.port, protocol: 'http' });
const post = (path, body) => fetch(`${emulator.url}${path}`, { method: 'POST', redirect: 'manual', body });
const product = await stripe.products.create({ name: 'Product' });
const price = await stripe.prices.create({
  product: product.id,
  currency: 'eur',
  unit_amount: 1000,
  recurring: { interval: 'month' },
});
const session = await stripe.checkout.sessions.create({
  mode: 'subscription',
  line_items: [{ price: price.id, quantity: 1 }],
  success_url: 'http://localhost/success',
  cancel_url: 'http://localhost/cancel',
});
await post(
  `/c/pay/${session.id}`,
  new URLSearchParams({
    email: 'member@example.com',
    billing_name: 'Member',
    payment_method: 'card',
    card_number: '4242424242424242',
    card_expiry: '12/60',
    card_cvc: '123',
  }),
);
const { data } = await stripe.events.list({ limit: 100 });
const wanted = [
  'payment_method',
  'customer',
  'charge',
  'payment_intent',
  'checkout.session',
  'subscription',
  'invoice',
];
const sampleOf = (name) => JSON.stringify(data.find((event) => event.data.object.object === name).data);
writeFileSync(join(import.meta.dirname, '../spec/event-dictionary-1.txt'), wanted.map(sampleOf).join('\n'));
await emulator.close();
