-- What a session was asked for with, customers by currency, members that were joined, and one trial for each member.

-- The request for the session as it is sent, and its number: the same under the same idempotency key, whatever changes.
ALTER TABLE "checkout" ADD COLUMN "session_request" TEXT;
-- The buyer has had the product's trial: this sale is without one.
ALTER TABLE "checkout" ADD COLUMN "without_trial" BOOLEAN NOT NULL DEFAULT false;

-- The currency that subscriptions, invoices and discounts hold the customer to; null: none yet, or not known.
ALTER TABLE "stripe_customer" ADD COLUMN "currency" TEXT;
UPDATE "stripe_customer" AS s SET "currency" = (
  SELECT c."currency"
  FROM "membership" AS m JOIN "checkout" AS c ON c."id" = m."checkout_id"
  WHERE m."mode" = s."mode" AND m."account_id" = s."account_id"
    AND m."stripe_customer_id" = s."stripe_customer_id" AND m."kind" = 'subscription'
  ORDER BY m."created_at" DESC LIMIT 1
);

ALTER TABLE "settings" ADD COLUMN "one_trial_per_member" BOOLEAN NOT NULL DEFAULT true;
-- Bought with a trial by someone who turned out to have had one.
ALTER TABLE "membership" ADD COLUMN "repeated_trial" BOOLEAN NOT NULL DEFAULT false;

-- The id of a member who was joined with another: it goes on leading there.
CREATE TABLE "member_alias" (
  "id" TEXT NOT NULL,
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "member_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "member_alias_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "member_alias_coach_id_mode_id_key" ON "member_alias" ("coach_id", "mode", "id");
CREATE INDEX "member_alias_coach_id_mode_member_id_idx" ON "member_alias" ("coach_id", "mode", "member_id");
ALTER TABLE "member_alias" ADD CONSTRAINT "member_alias_coach_id_mode_member_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member" ("coach_id", "mode", "id")
  ON DELETE RESTRICT ON UPDATE CASCADE;
