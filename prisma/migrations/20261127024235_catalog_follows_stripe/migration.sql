-- What Stripe last had of a product's words and a price's name, so that only our own changes are pushed and the coach's
-- are taken over; and when the sweep may push again what a run did not.
ALTER TABLE "stripe_product"
  ADD COLUMN "synced_name" TEXT,
  ADD COLUMN "synced_description" TEXT,
  ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "sync_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "price_provisioning"
  ADD COLUMN "synced_nickname" TEXT,
  ADD COLUMN "repair_requested" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "sync_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- What was pushed before is what the rows say.
UPDATE "stripe_product" s SET "synced_name" = p."name", "synced_description" = p."description"
  FROM "product" p WHERE p."id" = s."product_id";
UPDATE "price_provisioning" v SET "synced_nickname" = p."nickname"
  FROM "price" p WHERE p."id" = v."price_id" AND v."stripe_price_id" IS NOT NULL;

CREATE INDEX "price_provisioning_mode_account_id_stripe_setup_price_id_idx"
  ON "price_provisioning" ("mode", "account_id", "stripe_setup_price_id");
