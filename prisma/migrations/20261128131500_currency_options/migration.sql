-- Amounts of a price in other currencies than its own (decision record 0078).
ALTER TABLE "price" ADD COLUMN "currency_options" JSONB NOT NULL DEFAULT '[]';
