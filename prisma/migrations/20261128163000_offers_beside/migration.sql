-- What is offered beside a price at Checkout, and what became of it (decision record 0081).
CREATE TABLE "price_beside" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "price_id" TEXT NOT NULL,
  "offered_price_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  CONSTRAINT "price_beside_pkey" PRIMARY KEY ("price_id", "offered_price_id")
);
ALTER TABLE "price_beside"
  ADD CONSTRAINT "price_beside_coach_id_mode_price_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "price_beside_coach_id_mode_offered_price_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "offered_price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "checkout_item" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "checkout_id" TEXT NOT NULL,
  "price_id" TEXT NOT NULL,
  "product_id" TEXT NOT NULL,
  "stripe_price_id" TEXT NOT NULL,
  "unit_amount" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "taken_at" TIMESTAMPTZ(3),
  CONSTRAINT "checkout_item_pkey" PRIMARY KEY ("checkout_id", "price_id")
);
ALTER TABLE "checkout_item"
  ADD CONSTRAINT "checkout_item_coach_id_mode_checkout_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "checkout_id") REFERENCES "checkout"("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "checkout_item_coach_id_mode_price_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "checkout_item_coach_id_mode_product_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
