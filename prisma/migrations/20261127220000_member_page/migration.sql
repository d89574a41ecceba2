-- The member's page: who is signed in there, the links that sign in by mail, and what the coach lets members do.

CREATE TABLE "member_session" (
    "hash" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_session_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "member_session_coach_id_mode_member_id_idx" ON "member_session"("coach_id", "mode", "member_id");
CREATE INDEX "member_session_seen_at_idx" ON "member_session"("seen_at");
-- Who is joined with another member, or deleted, is signed in no longer.
ALTER TABLE "member_session" ADD CONSTRAINT "member_session_coach_id_mode_member_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "member_link" (
    "hash" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_link_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "member_link_coach_id_mode_member_id_idx" ON "member_link"("coach_id", "mode", "member_id");
CREATE INDEX "member_link_expires_at_idx" ON "member_link"("expires_at");
ALTER TABLE "member_link" ADD CONSTRAINT "member_link_coach_id_mode_member_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "settings" ADD COLUMN "members_cancel_now" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "settings" ADD COLUMN "members_change_price" BOOLEAN NOT NULL DEFAULT false;
