-- Free prices, seats that are gone when the money comes, and a default for promotion codes.

ALTER TYPE "CheckoutStatus" ADD VALUE 'refunding';
ALTER TYPE "CheckoutStatus" ADD VALUE 'refunded';

ALTER TABLE "settings" ADD COLUMN "promotion_codes" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "price" ADD COLUMN "seat_pool_id" TEXT;
ALTER TABLE "price" ADD CONSTRAINT "price_coach_id_mode_seat_pool_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "seat_pool_id") REFERENCES "price" ("coach_id", "mode", "id");
CREATE INDEX "price_seat_pool_id_idx" ON "price" ("seat_pool_id");

ALTER TABLE "seat" ADD COLUMN "address_hash" TEXT;

-- What is free has no account and no price at Stripe.
ALTER TABLE "checkout"
  ALTER COLUMN "account_id" DROP NOT NULL,
  ALTER COLUMN "stripe_price_id" DROP NOT NULL,
  ADD CONSTRAINT "checkout_is_free_or_of_an_account"
    CHECK (("account_id" IS NULL) = ("stripe_price_id" IS NULL)),
  ADD CONSTRAINT "checkout_free_is_completed" CHECK ("account_id" IS NOT NULL OR "status" = 'completed');

ALTER TABLE "grant" ADD COLUMN "checkout_id" TEXT;
CREATE UNIQUE INDEX "grant_checkout_id_key" ON "grant" ("checkout_id");
CREATE UNIQUE INDEX "grant_coach_id_mode_checkout_id_key" ON "grant" ("coach_id", "mode", "checkout_id");
ALTER TABLE "grant" ADD CONSTRAINT "grant_coach_id_mode_checkout_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "checkout_id") REFERENCES "checkout" ("coach_id", "mode", "id")
  ON DELETE RESTRICT ON UPDATE CASCADE;

-- A member gets a free product once.
CREATE UNIQUE INDEX "grant_one_free_per_member_and_product"
  ON "grant" ("coach_id", "mode", "member_id", "product_id") WHERE "cause" = 'free';
