-- What the people of a coach write down about a member.
CREATE TABLE "member_note" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "author" "AuditActor" NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "editor" "AuditActor",
    "editor_id" TEXT,

    CONSTRAINT "member_note_pkey" PRIMARY KEY ("coach_id", "mode", "id"),
    CONSTRAINT "member_note_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id")
      REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "member_note_coach_id_mode_member_id_created_at_id_idx"
  ON "member_note" ("coach_id", "mode", "member_id", "created_at", "id");

-- A coach's own id for a member who was merged into one with another such id.
ALTER TABLE "member_alias" ADD COLUMN "external_id" TEXT;
CREATE UNIQUE INDEX "member_alias_coach_id_mode_external_id_key" ON "member_alias" ("coach_id", "mode", "external_id");
