-- Businesses that buy (decision record 0070).
ALTER TABLE "settings"
  ADD COLUMN "business_buyers" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "purchase_invoices" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "checkout"
  ADD COLUMN "business_buyers" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "purchase_invoice" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "buyer_details" JSONB,
  ADD COLUMN "stripe_invoice_id" TEXT;
