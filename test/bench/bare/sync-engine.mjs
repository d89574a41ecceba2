// What one would take instead: Supabase's engine, which keeps what Stripe tells in tables of Postgres. It writes each
// event's object, and nothing of what follows from it. https://github.com/supabase/stripe-sync-engine
import { runMigrations, StripeSync } from '@supabase/stripe-sync-engine';
import express from 'express';

const { DATABASE_URL, PORT, SECRET } = process.env;
await runMigrations({ databaseUrl: DATABASE_URL });
const sync = new StripeSync({
  poolConfig: { connectionString: DATABASE_URL, max: 10 },
  stripeSecretKey: 'sk_test_bench',
  stripeWebhookSecret: SECRET,
});
const app = express();

app.get('/healthz', (_req, res) => res.json({ status: 'ok' }));

app.post('/webhook', express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
  await sync.processWebhook(req.body, req.get('Stripe-Signature'));
  res.json({ received: true });
});

app.listen(Number(PORT), '127.0.0.1');
