-- What is refused to a role, and who signs in, is a line for each hour: how often, and when last.
ALTER TABLE "audit_entry"
  ADD COLUMN "times" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "last_at" TIMESTAMPTZ(3);
