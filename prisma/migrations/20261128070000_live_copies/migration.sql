-- Copying what a coach has in test mode to live mode, and which thing in live mode was made of which in test mode.

CREATE TYPE "LiveCopyStatus" AS ENUM ('running', 'done', 'incomplete', 'cancelled');
CREATE TYPE "LiveCopyItemStatus" AS ENUM ('waiting', 'creating', 'copied', 'skipped', 'failed');

CREATE TABLE "live_copy" (
  "id" TEXT NOT NULL,
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "status" "LiveCopyStatus" NOT NULL DEFAULT 'running',
  "cancel_requested_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "live_copy_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "live_copy_is_live" CHECK ("mode" = 'live')
);
CREATE UNIQUE INDEX "live_copy_coach_id_mode_id_key" ON "live_copy" ("coach_id", "mode", "id");
CREATE INDEX "live_copy_coach_id_mode_created_at_id_idx" ON "live_copy" ("coach_id", "mode", "created_at", "id");
-- Two at once would fight over what they make.
CREATE UNIQUE INDEX "live_copy_one_running_per_coach" ON "live_copy" ("coach_id") WHERE "ended_at" IS NULL;
ALTER TABLE "live_copy" ADD CONSTRAINT "live_copy_coach_id_fkey"
  FOREIGN KEY ("coach_id") REFERENCES "coach" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "live_copy_item" (
  "copy_id" TEXT NOT NULL,
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "position" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "test_id" TEXT NOT NULL,
  "live_id" TEXT,
  "name" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "status" "LiveCopyItemStatus" NOT NULL DEFAULT 'waiting',
  "reason" TEXT,
  "message" TEXT,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "live_copy_item_pkey" PRIMARY KEY ("copy_id", "position")
);
CREATE UNIQUE INDEX "live_copy_item_copy_id_kind_test_id_key" ON "live_copy_item" ("copy_id", "kind", "test_id");
CREATE INDEX "live_copy_item_copy_id_status_position_idx" ON "live_copy_item" ("copy_id", "status", "position");
ALTER TABLE "live_copy_item" ADD CONSTRAINT "live_copy_item_coach_id_mode_copy_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "copy_id") REFERENCES "live_copy" ("coach_id", "mode", "id")
  ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "live_twin" (
  "coach_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "test_id" TEXT NOT NULL,
  "live_id" TEXT NOT NULL,
  "copied" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "live_twin_pkey" PRIMARY KEY ("coach_id", "kind", "test_id")
);
-- Neither has one of the two kinds of things two of the other.
CREATE UNIQUE INDEX "live_twin_coach_id_kind_live_id_key" ON "live_twin" ("coach_id", "kind", "live_id");
ALTER TABLE "live_twin" ADD CONSTRAINT "live_twin_coach_id_fkey"
  FOREIGN KEY ("coach_id") REFERENCES "coach" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
