-- Moving the members of a price to another, and our configuration of the billing portal.

CREATE TYPE "PriceMoveStatus" AS ENUM ('running', 'done', 'incomplete', 'cancelled');
CREATE TYPE "PriceMoveItemStatus" AS ENUM ('waiting', 'moved', 'skipped', 'failed');

CREATE TABLE "price_move" (
  "id" TEXT NOT NULL,
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "product_id" TEXT NOT NULL,
  "from_price_id" TEXT NOT NULL,
  "to_price_id" TEXT NOT NULL,
  "prorate" BOOLEAN NOT NULL,
  "status" "PriceMoveStatus" NOT NULL DEFAULT 'running',
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "cancel_requested_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "price_move_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "price_move_coach_id_mode_id_key" ON "price_move" ("coach_id", "mode", "id");
CREATE INDEX "price_move_coach_id_mode_created_at_id_idx" ON "price_move" ("coach_id", "mode", "created_at", "id");
-- Two moves of the same members at once would fight over them.
CREATE UNIQUE INDEX "price_move_one_running_per_product" ON "price_move" ("product_id") WHERE "ended_at" IS NULL;
ALTER TABLE "price_move"
  ADD CONSTRAINT "price_move_coach_id_mode_from_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "from_price_id")
    REFERENCES "price" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "price_move_coach_id_mode_to_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "to_price_id")
    REFERENCES "price" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "price_move_item" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "move_id" TEXT NOT NULL,
  "membership_id" TEXT NOT NULL,
  "status" "PriceMoveItemStatus" NOT NULL DEFAULT 'waiting',
  "reason" TEXT,
  "message" TEXT,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "price_move_item_pkey" PRIMARY KEY ("move_id", "membership_id")
);
CREATE INDEX "price_move_item_move_id_status_membership_id_idx"
  ON "price_move_item" ("move_id", "status", "membership_id");
ALTER TABLE "price_move_item"
  ADD CONSTRAINT "price_move_item_coach_id_mode_move_id_fkey" FOREIGN KEY ("coach_id", "mode", "move_id")
    REFERENCES "price_move" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "price_move_item_coach_id_mode_membership_id_fkey" FOREIGN KEY ("coach_id", "mode", "membership_id")
    REFERENCES "membership" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The members of a price, to move them.
CREATE INDEX "membership_price_id_live_idx" ON "membership" ("price_id") WHERE "ended_at" IS NULL;

CREATE TABLE "portal_configuration" (
  "mode" "Mode" NOT NULL,
  "account_id" TEXT NOT NULL,
  "stripe_configuration_id" TEXT NOT NULL,
  CONSTRAINT "portal_configuration_pkey" PRIMARY KEY ("mode", "account_id")
);
