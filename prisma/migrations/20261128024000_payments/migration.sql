-- Payments as a coach looks at them: those that are on their way or failed too, how they were paid, what Stripe took for it;
-- and refunds, those that are asked for here and those that are made in the Dashboard.

CREATE TYPE "PaymentStatus" AS ENUM ('pending', 'succeeded', 'failed', 'canceled');
ALTER TABLE "payment" ADD COLUMN "status" "PaymentStatus" NOT NULL DEFAULT 'succeeded';
ALTER TABLE "payment" ALTER COLUMN "membership_id" DROP NOT NULL;
ALTER TABLE "payment" ADD COLUMN "charge_id" TEXT;
ALTER TABLE "payment" ADD COLUMN "method" TEXT;
ALTER TABLE "payment" ADD COLUMN "brand" TEXT;
ALTER TABLE "payment" ADD COLUMN "fee" INTEGER;
ALTER TABLE "payment" ADD COLUMN "fee_currency" TEXT;
ALTER TABLE "payment" ADD COLUMN "failure" TEXT;
ALTER TABLE "payment" ADD COLUMN "disputed_at" TIMESTAMPTZ(3);
ALTER TABLE "payment" ADD COLUMN "evidence_due_at" TIMESTAMPTZ(3);

-- What each filter of the list is entered by, newest first. Each can be built before, while everything runs, under the same
-- name with CREATE INDEX CONCURRENTLY.
DROP INDEX IF EXISTS "payment_coach_id_mode_paid_at_idx";
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_paid_at_stripe_id_idx" ON "payment" ("coach_id", "mode", "paid_at", "stripe_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_product_id_paid_at_stripe_id_idx"
  ON "payment" ("coach_id", "mode", "product_id", "paid_at", "stripe_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_member_id_paid_at_stripe_id_idx"
  ON "payment" ("coach_id", "mode", "member_id", "paid_at", "stripe_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_currency_paid_at_stripe_id_idx"
  ON "payment" ("coach_id", "mode", "currency", "paid_at", "stripe_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_stripe_id_idx" ON "payment" ("coach_id", "mode", "stripe_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_charge_id_idx" ON "payment" ("coach_id", "mode", "charge_id");
CREATE INDEX IF NOT EXISTS "payment_coach_id_mode_status_paid_at_stripe_id_idx"
  ON "payment" ("coach_id", "mode", "status", "paid_at", "stripe_id");
-- Few of many.
CREATE INDEX IF NOT EXISTS "payment_refunded_idx" ON "payment" ("coach_id", "mode", "paid_at", "stripe_id")
  WHERE "amount_refunded" > 0;
CREATE INDEX IF NOT EXISTS "payment_disputed_at_idx" ON "payment" ("coach_id", "mode", "disputed_at")
  WHERE "disputed_at" IS NOT NULL;
-- What is counted of all of them: of what was paid.
DROP INDEX IF EXISTS "payment_sums_idx";
CREATE INDEX "payment_sums_idx" ON "payment" ("coach_id", "mode", "paid_at")
  INCLUDE ("currency", "amount", "amount_refunded", "dispute") WHERE "status" = 'succeeded';

CREATE TYPE "RefundStatus" AS ENUM ('requested', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'refused');
CREATE TYPE "AccessAfterRefund" AS ENUM ('keep', 'end');
CREATE TABLE "refund" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "stripe_refund_id" TEXT,
    "status" "RefundStatus" NOT NULL,
    "amount" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT,
    "access" "AccessAfterRefund",
    "asked_here" BOOLEAN NOT NULL DEFAULT false,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "refund_coach_id_mode_id_key" ON "refund"("coach_id", "mode", "id");
CREATE UNIQUE INDEX "refund_mode_account_id_stripe_refund_id_key" ON "refund"("mode", "account_id", "stripe_refund_id");
CREATE INDEX "refund_mode_account_id_payment_id_idx" ON "refund"("mode", "account_id", "payment_id");
CREATE INDEX "refund_coach_id_mode_created_at_id_idx" ON "refund"("coach_id", "mode", "created_at", "id");
-- One at a time for each payment; and those whose runs are started again where they were lost.
CREATE UNIQUE INDEX "refund_requested_key" ON "refund"("mode", "account_id", "payment_id") WHERE "status" = 'requested';
CREATE INDEX "refund_open_idx" ON "refund"("id") WHERE "status" = 'requested';
ALTER TABLE "refund" ADD CONSTRAINT "refund_mode_account_id_payment_id_fkey"
    FOREIGN KEY ("mode", "account_id", "payment_id") REFERENCES "payment"("mode", "account_id", "stripe_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the coach has decided about access after refunds, by payment: every look goes by it.
ALTER TABLE "membership" ADD COLUMN "refund_choices" JSONB NOT NULL DEFAULT '{}';

-- The same as before, but for payments that are not paid: these are told of by `payment.failed` and the checkout's facts.
CREATE OR REPLACE FUNCTION "tell_of_payment"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  refunded INTEGER := 0;
  disputed "DisputeOutcome";
  was_paid BOOLEAN := false;
  kind TEXT;
BEGIN
  IF NEW.status <> 'succeeded' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.status = 'succeeded' THEN
    refunded := OLD.amount_refunded;
    disputed := OLD.dispute;
    was_paid := true;
  END IF;
  FOREACH kind IN ARRAY array_remove(ARRAY[
    CASE WHEN NOT was_paid THEN 'payment.succeeded' END,
    CASE WHEN NEW.amount_refunded > refunded THEN 'payment.refunded' END,
    CASE WHEN NEW.amount_refunded < refunded THEN 'payment.refund_failed' END,
    CASE WHEN NEW.dispute = 'open' AND disputed IS DISTINCT FROM 'open' THEN 'payment.disputed' END,
    CASE WHEN disputed IS DISTINCT FROM NEW.dispute AND NEW.dispute IS DISTINCT FROM 'open'
      THEN 'payment.dispute_closed' END], NULL)
  LOOP
    PERFORM tell_fact(
      NEW.coach_id, NEW.mode, kind, NEW.member_id,
      jsonb_build_object(
        'stripeId', NEW.stripe_id, 'membershipId', NEW.membership_id, 'productId', NEW.product_id),
      payment_state(NEW));
  END LOOP;
  RETURN NULL;
END
$$;
DROP TRIGGER "fact_of_payment" ON "payment";
CREATE CONSTRAINT TRIGGER "fact_of_payment" AFTER UPDATE ON "payment"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.amount_refunded, OLD.dispute) IS DISTINCT FROM (NEW.status, NEW.amount_refunded, NEW.dispute))
  EXECUTE FUNCTION "tell_of_payment"();
