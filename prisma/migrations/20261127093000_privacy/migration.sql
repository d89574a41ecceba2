-- Members can be erased: their row stays under an id that says nothing, without what names them.
ALTER TABLE "member" ADD COLUMN "erased_at" TIMESTAMPTZ(3);

CREATE TYPE "ErasureStatus" AS ENUM ('waiting', 'erasing', 'erased', 'cancelled', 'failed');

CREATE TABLE "erasure" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "member_id" TEXT NOT NULL,
  "status" "ErasureStatus" NOT NULL DEFAULT 'waiting',
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "delete_stripe_customer" BOOLEAN NOT NULL,
  "end_memberships" BOOLEAN NOT NULL,
  "requested_by" TEXT,
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "begun_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "failure_code" TEXT,
  "customers_deleted" INTEGER NOT NULL DEFAULT 0,
  "customers_left" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "erasure_pkey" PRIMARY KEY ("member_id"),
  CONSTRAINT "erasure_member_fkey" FOREIGN KEY ("coach_id", "mode", "member_id")
    REFERENCES "member" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "erasure_coach_id_mode_member_id_key" ON "erasure" ("coach_id", "mode", "member_id");
-- What the worker's sweep looks for: an erasure that has no run.
CREATE INDEX "erasure_open_idx" ON "erasure" ("requested_at") WHERE "ended_at" IS NULL;

-- How long a coach wants the timeline kept after a membership has ended.
ALTER TABLE "settings" ADD COLUMN "timeline_years" INTEGER NOT NULL DEFAULT 10;

-- Retention goes through what is settled, oldest first, a little at a time.
CREATE INDEX "inbox_settled_idx" ON "inbox" ("done_at") WHERE "status" IN ('done', 'ignored');
CREATE INDEX "inbox_settled_body_idx" ON "inbox" ("done_at")
  WHERE "status" IN ('done', 'ignored') AND "payload" <> '{}'::jsonb;
CREATE INDEX "timeline_entry_created_at_idx" ON "timeline_entry" ("created_at");
