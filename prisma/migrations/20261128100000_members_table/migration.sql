-- What is charged next, written by each look; until the next one, as the price says.
ALTER TABLE "membership" ADD COLUMN "next_charge_at" TIMESTAMPTZ(3);
ALTER TABLE "membership" ADD COLUMN "next_charge_amount" INTEGER;
ALTER TABLE "membership" ADD COLUMN "next_charge_currency" TEXT;
UPDATE "membership" m SET
  "next_charge_at" = CASE WHEN m."status" = 'trialing' THEN COALESCE(m."trial_end", m."paid_through") ELSE m."paid_through" END,
  "next_charge_amount" = p."unit_amount" * m."quantity", "next_charge_currency" = p."currency"
FROM "price" p
WHERE p."id" = m."price_id" AND m."kind" = 'subscription' AND m."status" IN ('active', 'trialing') AND m."ended_at" IS NULL
  AND m."reason" <> 'collection_paused' AND m."paid_through" IS NOT NULL
  AND (m."installments_due" IS NULL OR m."installments_paid" < m."installments_due");

-- What the filters of the members are entered by. Each can be built before, while everything runs, under the same name with
-- CREATE INDEX CONCURRENTLY.
CREATE INDEX IF NOT EXISTS "membership_coach_id_mode_status_member_id_idx"
  ON "membership" ("coach_id", "mode", "status", "member_id");
CREATE INDEX IF NOT EXISTS "membership_going_on_idx" ON "membership" ("coach_id", "mode", "product_id", "member_id")
  WHERE "status" <> 'ended';
CREATE INDEX IF NOT EXISTS "membership_next_charge_idx" ON "membership" ("coach_id", "mode", "next_charge_at", "member_id")
  WHERE "next_charge_at" IS NOT NULL AND "ended_at" IS NULL;
CREATE INDEX IF NOT EXISTS "grant_gift_idx" ON "grant" ("coach_id", "mode", "member_id")
  WHERE "cause" = 'gift' AND NOT "suspended" AND NOT "revoked";
DROP INDEX IF EXISTS "member_coach_id_mode_email_idx";
CREATE INDEX IF NOT EXISTS "member_coach_id_mode_email_id_idx" ON "member" ("coach_id", "mode", "email", "id");
