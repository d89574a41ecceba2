-- When a price is sold, and what the purchase page shows (decision record 0071).
ALTER TABLE "price" ADD COLUMN "sales_start_at" TIMESTAMPTZ(3), ADD COLUMN "sales_end_at" TIMESTAMPTZ(3);
ALTER TABLE "product" ADD COLUMN "features" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "settings" ADD COLUMN "logo_url" TEXT;
