-- What the daily comparison of memberships with Stripe found, and where it is.
ALTER TABLE "membership" ADD COLUMN "compared_at" TIMESTAMPTZ(3),
ADD COLUMN "differs_since" TIMESTAMPTZ(3),
ADD COLUMN "difference" JSONB;

ALTER TABLE "event_cursor" ADD COLUMN "compared_at" TIMESTAMPTZ(3),
ADD COLUMN "compare_began_at" TIMESTAMPTZ(3),
ADD COLUMN "compare_after" TEXT;

-- Few differ, and those are asked for.
CREATE INDEX "membership_differs_idx" ON "membership" ("coach_id", "mode", "created_at", "id") WHERE "differs_since" IS NOT NULL;
