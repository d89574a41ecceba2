-- What a coach's server signs links for its members with: one in use for each coach and mode, encrypted by the
-- application, so that nothing in the database signs anything.

CREATE TABLE "signing_secret" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_secret_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "signing_secret_coach_id_mode_id_key" ON "signing_secret"("coach_id", "mode", "id");
-- Prisma cannot express it: one that has no end, for each coach and mode.
CREATE UNIQUE INDEX "signing_secret_in_use" ON "signing_secret"("coach_id", "mode") WHERE "expires_at" IS NULL;
ALTER TABLE "signing_secret" ADD CONSTRAINT "signing_secret_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
