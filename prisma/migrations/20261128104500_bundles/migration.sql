-- Prices that give several products (decision record 0072).
CREATE TABLE "price_product" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "price_id" TEXT NOT NULL,
  "product_id" TEXT NOT NULL,
  CONSTRAINT "price_product_pkey" PRIMARY KEY ("price_id", "product_id")
);
ALTER TABLE "price_product"
  ADD CONSTRAINT "price_product_coach_id_mode_price_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "price_product_coach_id_mode_product_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
