-- A member's address can be changed: which of Stripe's customers has yet to hear of it.
ALTER TABLE "stripe_customer"
  ADD COLUMN "address_revision" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "told_revision" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "address_refused" TEXT,
  ADD COLUMN "sync_after" TIMESTAMPTZ(3) NOT NULL DEFAULT now();

CREATE INDEX "stripe_customer_untold" ON "stripe_customer" ("sync_after") WHERE "address_revision" <> "told_revision";
