// What one would write without this product: Express, `pg`, and nothing else. What ours is held beside.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';
import pg from 'pg';

const { DATABASE_URL, PORT, SECRET } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const app = express();

app.get('/healthz', (_req, res) => res.json({ status: 'ok' }));

/** Signature, one INSERT, 200. */
app.post('/webhook', express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
  const parts = Object.fromEntries(
    req
      .get('Stripe-Signature')
      .split(',')
      .map((part) => part.split('=')),
  );
  const expected = createHmac('sha256', SECRET).update(`${parts.t}.`).update(req.body).digest();
  if (!timingSafeEqual(expected, Buffer.from(parts.v1, 'hex'))) return res.status(400).json({});
  const event = JSON.parse(req.body.toString());
  await pool.query(
    `INSERT INTO bare_event (event_id, account_id, type, payload) VALUES ($1, $2, $3, $4)
    ON CONFLICT (event_id) DO NOTHING`,
    [event.id, event.account, event.type, event],
  );
  res.json({ received: true });
});

/** One SELECT by an index. */
app.get('/access', async (req, res) => {
  const { rows } = await pool.query(
    `SELECT until FROM bare_access WHERE member_id = $1 AND product_id = $2 AND (until IS NULL OR until > now())`,
    [req.query.member, req.query.product],
  );
  res.json({ access: rows.length > 0, until: rows[0]?.until ?? null });
});

app.listen(Number(PORT), '127.0.0.1');
