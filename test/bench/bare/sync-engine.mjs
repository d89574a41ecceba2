// What one would take instead: Supabase's engine, which keeps what Stripe tells in tables of Postgres. It writes each
// event's object, and nothing of what follows from it. https://github.com/supabase/stripe-sync-engine
import { createRequire } from 'node:module';
import express from 'express';

// Its module for `import` finds no migrations: it looks for them by `__dirname`.
const { runMigrations, StripeSync } = createRequire(import.meta.url)('@supabase/stripe-sync-engine');

const { DATABASE_URL, PORT, SECRET } = process.env;
// A migration that failed is told to its log, and thrown at nobody.
const logger = { info: () => undefined, error: (...words) => console.error(...words) };
await runMigrations({ databaseUrl: DATABASE_URL, schema: 'stripe', logger });
const sync = new StripeSync({
  poolConfig: { connectionString: DATABASE_URL, max: 10 },
  stripeSecretKey: 'sk_test_bench',
  stripeWebhookSecret: SECRET,
  // Otherwise it asks Stripe for the customer and the subscription of each invoice.
  backfillRelatedEntities: false,
});
const app = express();

app.get('/healthz', (_req, res) => res.json({ status: 'ok' }));

app.post('/webhook', express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
  await sync.processWebhook(req.body, req.get('Stripe-Signature'));
  res.json({ received: true });
});

app.listen(Number(PORT), '127.0.0.1');
