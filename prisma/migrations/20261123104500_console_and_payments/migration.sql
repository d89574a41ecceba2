-- The coach's console: who is signed in, and links that sign in once.

CREATE TABLE "console_session" (
    "hash" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "console_session_pkey" PRIMARY KEY ("hash")
);
CREATE UNIQUE INDEX "console_session_coach_id_hash_key" ON "console_session"("coach_id", "hash");
CREATE INDEX "console_session_seen_at_idx" ON "console_session"("seen_at");
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "console_session_mode" (
    "hash" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "key_id" TEXT,

    CONSTRAINT "console_session_mode_pkey" PRIMARY KEY ("hash", "mode")
);
ALTER TABLE "console_session_mode" ADD CONSTRAINT "console_session_mode_coach_id_hash_fkey" FOREIGN KEY ("coach_id", "hash") REFERENCES "console_session"("coach_id", "hash") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "console_session_mode" ADD CONSTRAINT "console_session_mode_coach_id_mode_key_id_fkey" FOREIGN KEY ("coach_id", "mode", "key_id") REFERENCES "api_key"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "console_link" (
    "hash" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "modes" "Mode"[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "console_link_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "console_link_expires_at_idx" ON "console_link"("expires_at");
ALTER TABLE "console_link" ADD CONSTRAINT "console_link_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Money that reached a coach's account, for the figures.

CREATE TYPE "DisputeOutcome" AS ENUM ('open', 'won', 'lost');

CREATE TABLE "payment" (
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "membership_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "amount_refunded" INTEGER NOT NULL DEFAULT 0,
    "dispute" "DisputeOutcome",
    "currency" TEXT NOT NULL,
    "paid_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("mode", "account_id", "stripe_id")
);
CREATE INDEX "payment_coach_id_mode_paid_at_idx" ON "payment"("coach_id", "mode", "paid_at");
CREATE INDEX "payment_coach_id_mode_membership_id_idx" ON "payment"("coach_id", "mode", "membership_id");
ALTER TABLE "payment" ADD CONSTRAINT "payment_coach_id_mode_membership_id_fkey" FOREIGN KEY ("coach_id", "mode", "membership_id") REFERENCES "membership"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "payment" ADD CONSTRAINT "payment_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "payment" ADD CONSTRAINT "payment_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
