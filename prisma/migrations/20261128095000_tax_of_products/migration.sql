-- How what is sold is taxed (decision record 0070).
ALTER TABLE "product" ADD COLUMN "tax_code" TEXT;
ALTER TABLE "stripe_product" ADD COLUMN "synced_tax_code" TEXT;
ALTER TABLE "price" ADD COLUMN "tax_behavior" TEXT;
