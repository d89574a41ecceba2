-- What is asked at every look of a coach, every access check and every sweep is found by an index, however many memberships
-- there are (docs/performance.md). Each can be built before, while everything runs, under the same name with CREATE INDEX
-- CONCURRENTLY: writes of its table wait for it otherwise, a second for some hundred thousand rows.

-- Lists, newest first.
CREATE INDEX IF NOT EXISTS "member_present_idx" ON "member" ("coach_id", "mode", "created_at", "id")
  WHERE "erased_at" IS NULL;

-- What a coach is told of in the overview: few rows of many. The conditions are those of src/api/overview/attention.ts.
CREATE INDEX IF NOT EXISTS "membership_attention_idx" ON "membership" ("coach_id", "mode", "created_at", "id")
  WHERE "status" IN ('past_due', 'suspended') OR "reason" IN ('installments_short', 'paid_after_end')
    OR "duplicate" OR "repeated_trial";
-- Checkouts that are not over, or ended in a way that a coach is told of.
CREATE INDEX IF NOT EXISTS "checkout_attention_idx" ON "checkout" ("coach_id", "mode", "created_at", "id")
  WHERE "status" IN ('opening', 'open', 'pending', 'needs_review', 'unverifiable', 'failed');
CREATE INDEX IF NOT EXISTS "payment_disputed_idx" ON "payment" ("coach_id", "mode", "paid_at", "stripe_id")
  WHERE "dispute" = 'open';

-- What is counted of all of them is read from an index alone.
CREATE INDEX IF NOT EXISTS "grant_standing_idx"
  ON "grant" ("coach_id", "mode", "product_id", "member_id", "starts_at", "until") WHERE NOT "suspended" AND NOT "revoked";
CREATE INDEX IF NOT EXISTS "checkout_completed_idx" ON "checkout" ("coach_id", "mode", "product_id")
  WHERE "status" = 'completed';
CREATE INDEX IF NOT EXISTS "payment_sums_idx" ON "payment" ("coach_id", "mode", "paid_at")
  INCLUDE ("currency", "amount", "amount_refunded", "dispute");

-- What a sweep of the relay looks for: src/worker/overdue.ts.
CREATE INDEX IF NOT EXISTS "membership_deadline_idx" ON "membership" ("next_deadline_at") WHERE "ended_at" IS NULL;
CREATE INDEX IF NOT EXISTS "checkout_unfinished_idx" ON "checkout" ("created_at") WHERE "ended_at" IS NULL;
CREATE INDEX IF NOT EXISTS "connection_unfinished_idx" ON "connection" ("next_deadline_at") WHERE "ended_at" IS NULL;

-- A part of an e-mail address or of a coach's id. Comes with every Postgres; where it does not, search reads the coach's members.
-- https://www.postgresql.org/docs/current/pgtrgm.html
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX IF NOT EXISTS "member_search_idx" ON "member" USING gin ("email" gin_trgm_ops, "external_id" gin_trgm_ops);
EXCEPTION
  WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'Members are searched without an index: pg_trgm cannot be had here.';
END $$;
