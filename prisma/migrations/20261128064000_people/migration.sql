-- People of a coach, what they and keys may do, and what was done (decision records 0062 and 0066).

CREATE TYPE "Role" AS ENUM ('owner', 'finance', 'support', 'read_only');

-- Keys that there are go on as they are: they may do all.
ALTER TABLE "api_key" ADD COLUMN "role" "Role" NOT NULL DEFAULT 'owner';
ALTER TABLE "api_key" ADD COLUMN "name" TEXT;

CREATE TABLE "console_user" (
  "id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "console_user_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "console_user_email_key" ON "console_user" ("email");

CREATE TABLE "person" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "role" "Role" NOT NULL,
  "invited_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "joined_at" TIMESTAMPTZ(3),
  CONSTRAINT "person_pkey" PRIMARY KEY ("coach_id", "mode", "id"),
  CONSTRAINT "person_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "person_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "console_user" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "person_coach_id_mode_user_id_key" ON "person" ("coach_id", "mode", "user_id");
CREATE INDEX "person_user_id_idx" ON "person" ("user_id");

-- A session and a link are either of one coach or of one person, never of both and never of nobody.
ALTER TABLE "console_session" ALTER COLUMN "coach_id" DROP NOT NULL;
ALTER TABLE "console_session" ADD COLUMN "user_id" TEXT;
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "console_user" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_of_one" CHECK (num_nonnulls("coach_id", "user_id") = 1);
CREATE INDEX "console_session_user_id_idx" ON "console_session" ("user_id");
ALTER TABLE "console_link" ALTER COLUMN "coach_id" DROP NOT NULL;
ALTER TABLE "console_link" ADD COLUMN "user_id" TEXT;
ALTER TABLE "console_link" ADD CONSTRAINT "console_link_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "console_user" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "console_link" ADD CONSTRAINT "console_link_of_one" CHECK (num_nonnulls("coach_id", "user_id") = 1);
CREATE INDEX "console_link_user_id_idx" ON "console_link" ("user_id");

CREATE TYPE "AuditActor" AS ENUM ('user', 'key', 'link', 'operator', 'platform');
CREATE TYPE "AuditOutcome" AS ENUM ('done', 'refused', 'failed');

CREATE TABLE "audit_entry" (
  "id" TEXT NOT NULL,
  "coach_id" TEXT,
  "mode" "Mode",
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "operation" TEXT NOT NULL,
  "actor" "AuditActor" NOT NULL,
  "actor_id" TEXT,
  "role" "Role",
  "subject_id" TEXT,
  "fields" TEXT[],
  "outcome" "AuditOutcome",
  "code" TEXT,
  "request_id" TEXT NOT NULL,
  CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_coach_id_mode_at_id_idx" ON "audit_entry" ("coach_id", "mode", "at", "id");
CREATE INDEX "audit_entry_at_idx" ON "audit_entry" ("at");
CREATE INDEX "audit_entry_actor_id_idx" ON "audit_entry" ("actor_id");

-- A key whose role would change is no longer known either.
DROP TRIGGER "api_key_revoked" ON "api_key";
CREATE TRIGGER "api_key_revoked" AFTER UPDATE OF "revoked_at", "hash", "mode", "coach_id", "role" OR DELETE ON "api_key"
  FOR EACH ROW EXECUTE FUNCTION "api_key_notify"();
