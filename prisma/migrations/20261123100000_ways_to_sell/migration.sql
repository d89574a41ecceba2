-- Every way in which a coach sells.

CREATE TYPE "PricingModel" AS ENUM ('one_off', 'recurring', 'installments', 'pay_what_you_want', 'free');
CREATE TYPE "SeatStatus" AS ENUM ('held', 'taken', 'released');

ALTER TABLE "settings"
  ADD COLUMN "keep_after_refund" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "keep_during_dispute" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "automatic_tax" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "product" ADD COLUMN "allow_multiple" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "price"
  ADD COLUMN "model" "PricingModel" NOT NULL DEFAULT 'one_off',
  ADD COLUMN "trial_days" INTEGER,
  ADD COLUMN "setup_fee" INTEGER,
  ADD COLUMN "installments" INTEGER,
  ADD COLUMN "min_amount" INTEGER,
  ADD COLUMN "max_amount" INTEGER,
  ADD COLUMN "suggested_amount" INTEGER,
  ADD COLUMN "access_days" INTEGER,
  ADD COLUMN "seats" INTEGER,
  ADD COLUMN "promotion_codes" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "max_quantity" INTEGER NOT NULL DEFAULT 1;
UPDATE "price" SET "model" = 'recurring' WHERE "interval" IS NOT NULL;
ALTER TABLE "price" ADD CONSTRAINT "price_model_has_interval"
  CHECK (("model" IN ('recurring', 'installments')) = ("interval" IS NOT NULL));

ALTER TABLE "price_provisioning" ADD COLUMN "stripe_setup_price_id" TEXT;

ALTER TABLE "checkout"
  ADD COLUMN "stripe_setup_price_id" TEXT,
  ADD COLUMN "automatic_tax" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "membership"
  ADD COLUMN "installments_due" INTEGER,
  ADD COLUMN "installments_paid" INTEGER,
  ADD COLUMN "stripe_schedule_id" TEXT,
  ADD COLUMN "access_days" INTEGER,
  ADD COLUMN "pause_until" TIMESTAMPTZ(3);

ALTER TABLE "grant" ADD COLUMN "note" TEXT;

CREATE TABLE "seat" (
  "checkout_id" TEXT NOT NULL,
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "price_id" TEXT NOT NULL,
  "status" "SeatStatus" NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "seat_pkey" PRIMARY KEY ("checkout_id")
);
CREATE INDEX "seat_price_id_status_idx" ON "seat" ("price_id", "status");
CREATE UNIQUE INDEX "seat_coach_id_mode_checkout_id_key" ON "seat" ("coach_id", "mode", "checkout_id");
ALTER TABLE "seat"
  ADD CONSTRAINT "seat_coach_id_mode_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "price_id")
    REFERENCES "price" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "seat_coach_id_mode_checkout_id_fkey" FOREIGN KEY ("coach_id", "mode", "checkout_id")
    REFERENCES "checkout" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "event_cursor" (
  "mode" "Mode" NOT NULL,
  "account_id" TEXT NOT NULL,
  "read_to" TIMESTAMPTZ(3) NOT NULL,
  "gap_found_at" TIMESTAMPTZ(3),
  "checked_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "event_cursor_pkey" PRIMARY KEY ("mode", "account_id")
);
