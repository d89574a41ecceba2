-- CreateEnum
CREATE TYPE "Mode" AS ENUM ('test', 'live');

-- CreateEnum
CREATE TYPE "ConnectionStatus" AS ENUM ('authorizing', 'returned', 'connected', 'disconnecting', 'disconnected', 'denied', 'abandoned', 'failed');

-- CreateEnum
CREATE TYPE "CatalogStatus" AS ENUM ('active', 'archived');

-- CreateEnum
CREATE TYPE "PriceStatus" AS ENUM ('provisioning', 'active', 'failed', 'archived');

-- CreateEnum
CREATE TYPE "ProvisioningStatus" AS ENUM ('pending', 'provisioned', 'refused', 'archived');

-- CreateEnum
CREATE TYPE "CheckoutStatus" AS ENUM ('opening', 'open', 'pending', 'completed', 'expired', 'cancelled', 'failed', 'held', 'unverifiable');

-- CreateEnum
CREATE TYPE "MembershipKind" AS ENUM ('subscription', 'one_off');

-- CreateEnum
CREATE TYPE "MembershipStatus" AS ENUM ('trialing', 'active', 'canceling', 'past_due', 'suspended', 'owned', 'ended');

-- CreateEnum
CREATE TYPE "GrantCause" AS ENUM ('membership', 'gift', 'free');

-- CreateEnum
CREATE TYPE "InboxStatus" AS ENUM ('waiting', 'done', 'ignored', 'parked');

-- CreateTable
CREATE TABLE "coach" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "coach_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "hash" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "grace_days" INTEGER NOT NULL,
    "renewal_leeway_hours" INTEGER NOT NULL,
    "honour_paid_period" BOOLEAN NOT NULL,
    "origins" TEXT[],
    "default_success_url" TEXT,
    "default_cancel_url" TEXT,
    "connection_return_url" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("coach_id","mode")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "status" "ConnectionStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "account_id" TEXT,
    "charges_enabled" BOOLEAN NOT NULL DEFAULT false,
    "payouts_enabled" BOOLEAN NOT NULL DEFAULT false,
    "details_submitted" BOOLEAN NOT NULL DEFAULT false,
    "default_currency" TEXT,
    "country" TEXT,
    "requirements" JSONB,
    "end_reason" TEXT,
    "start_token_hash" TEXT,
    "state_hash" TEXT,
    "cookie_hash" TEXT,
    "confirm_token_hash" TEXT,
    "encrypted_code" TEXT,
    "return_url" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "next_deadline_at" TIMESTAMPTZ(3),
    "connected_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_clock" (
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "offset_seconds" INTEGER NOT NULL,

    CONSTRAINT "account_clock_pkey" PRIMARY KEY ("mode","account_id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "status" "CatalogStatus" NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_product" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "product_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "stripe_product_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,

    CONSTRAINT "stripe_product_pkey" PRIMARY KEY ("mode","account_id","product_id")
);

-- CreateTable
CREATE TABLE "price" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "product_id" TEXT NOT NULL,
    "status" "PriceStatus" NOT NULL DEFAULT 'provisioning',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "unit_amount" INTEGER NOT NULL,
    "interval" TEXT,
    "interval_count" INTEGER,
    "nickname" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "replaces_price_id" TEXT,
    "sold_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "price_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_provisioning" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "price_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "status" "ProvisioningStatus" NOT NULL DEFAULT 'pending',
    "stripe_price_id" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "price_provisioning_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "external_id" TEXT,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_customer" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "stripe_customer_id" TEXT NOT NULL,

    CONSTRAINT "stripe_customer_pkey" PRIMARY KEY ("mode","account_id","stripe_customer_id")
);

-- CreateTable
CREATE TABLE "member_product" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,

    CONSTRAINT "member_product_pkey" PRIMARY KEY ("coach_id","mode","member_id","product_id")
);

-- CreateTable
CREATE TABLE "checkout" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "price_id" TEXT NOT NULL,
    "stripe_price_id" TEXT NOT NULL,
    "member_id" TEXT,
    "buyer_key" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "unit_amount" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "recurring" BOOLEAN NOT NULL,
    "status" "CheckoutStatus" NOT NULL DEFAULT 'opening',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "stripe_session_id" TEXT,
    "url" TEXT,
    "success_url" TEXT NOT NULL,
    "cancel_url" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "failure_code" TEXT,
    "failure_message" TEXT,
    "next_deadline_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "checkout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "price_id" TEXT NOT NULL,
    "checkout_id" TEXT NOT NULL,
    "kind" "MembershipKind" NOT NULL,
    "status" "MembershipStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "stripe_customer_id" TEXT,
    "stripe_subscription_id" TEXT,
    "stripe_payment_intent_id" TEXT,
    "stripe_status" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_through" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "duplicate" BOOLEAN NOT NULL DEFAULT false,
    "next_deadline_at" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "verified_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grant" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "cause" "GrantCause" NOT NULL,
    "membership_id" TEXT,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "suspended" BOOLEAN NOT NULL DEFAULT false,
    "revoked" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timeline_entry" (
    "id" BIGSERIAL NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT,
    "product_id" TEXT,
    "checkout_id" TEXT,
    "membership_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "cause_id" TEXT,
    "workflow_id" TEXT,
    "run_id" TEXT,
    "effect" TEXT NOT NULL,
    "details" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "timeline_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" BIGSERIAL NOT NULL,
    "mode" "Mode" NOT NULL,
    "event_id" TEXT NOT NULL,
    "account_id" TEXT,
    "type" TEXT NOT NULL,
    "object_id" TEXT,
    "payload" JSONB NOT NULL,
    "status" "InboxStatus" NOT NULL DEFAULT 'waiting',
    "target_kind" TEXT,
    "target_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "note" TEXT,
    "stripe_created" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "locked_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("scope","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_coach_id_mode_id_key" ON "api_key"("coach_id", "mode", "id");

-- CreateIndex
CREATE INDEX "connection_mode_account_id_idx" ON "connection"("mode", "account_id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_coach_id_mode_id_key" ON "connection"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "product_coach_id_mode_id_key" ON "product"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_product_mode_account_id_stripe_product_id_key" ON "stripe_product"("mode", "account_id", "stripe_product_id");

-- CreateIndex
CREATE INDEX "price_coach_id_mode_product_id_idx" ON "price"("coach_id", "mode", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "price_coach_id_mode_id_key" ON "price"("coach_id", "mode", "id");

-- CreateIndex
CREATE INDEX "price_provisioning_mode_account_id_price_id_idx" ON "price_provisioning"("mode", "account_id", "price_id");

-- CreateIndex
CREATE UNIQUE INDEX "price_provisioning_coach_id_mode_id_key" ON "price_provisioning"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_provisioning_mode_account_id_stripe_price_id_key" ON "price_provisioning"("mode", "account_id", "stripe_price_id");

-- CreateIndex
CREATE INDEX "member_coach_id_mode_email_idx" ON "member"("coach_id", "mode", "email");

-- CreateIndex
CREATE UNIQUE INDEX "member_coach_id_mode_id_key" ON "member"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "member_coach_id_mode_external_id_key" ON "member"("coach_id", "mode", "external_id");

-- CreateIndex
CREATE INDEX "stripe_customer_mode_account_id_member_id_idx" ON "stripe_customer"("mode", "account_id", "member_id");

-- CreateIndex
CREATE INDEX "checkout_coach_id_mode_created_at_id_idx" ON "checkout"("coach_id", "mode", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "checkout_coach_id_mode_id_key" ON "checkout"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "checkout_mode_account_id_stripe_session_id_key" ON "checkout"("mode", "account_id", "stripe_session_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_checkout_id_key" ON "membership"("checkout_id");

-- CreateIndex
CREATE INDEX "membership_coach_id_mode_created_at_id_idx" ON "membership"("coach_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "membership_coach_id_mode_member_id_idx" ON "membership"("coach_id", "mode", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_coach_id_mode_id_key" ON "membership"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_coach_id_mode_checkout_id_key" ON "membership"("coach_id", "mode", "checkout_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_mode_account_id_stripe_subscription_id_key" ON "membership"("mode", "account_id", "stripe_subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_mode_account_id_stripe_payment_intent_id_key" ON "membership"("mode", "account_id", "stripe_payment_intent_id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_membership_id_key" ON "grant"("membership_id");

-- CreateIndex
CREATE INDEX "grant_mode_coach_id_member_id_product_id_idx" ON "grant"("mode", "coach_id", "member_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_coach_id_mode_id_key" ON "grant"("coach_id", "mode", "id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_coach_id_mode_membership_id_key" ON "grant"("coach_id", "mode", "membership_id");

-- CreateIndex
CREATE INDEX "timeline_entry_coach_id_mode_member_id_id_idx" ON "timeline_entry"("coach_id", "mode", "member_id", "id");

-- CreateIndex
CREATE INDEX "timeline_entry_coach_id_mode_membership_id_id_idx" ON "timeline_entry"("coach_id", "mode", "membership_id", "id");

-- CreateIndex
CREATE INDEX "inbox_status_lease_until_idx" ON "inbox"("status", "lease_until");

-- CreateIndex
CREATE INDEX "inbox_target_kind_target_id_status_idx" ON "inbox"("target_kind", "target_id", "status");

-- CreateIndex
CREATE INDEX "inbox_mode_account_id_received_at_idx" ON "inbox"("mode", "account_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_mode_event_id_key" ON "inbox"("mode", "event_id");

-- CreateIndex
CREATE INDEX "idempotency_record_created_at_idx" ON "idempotency_record"("created_at");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settings" ADD CONSTRAINT "settings_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product" ADD CONSTRAINT "product_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_product" ADD CONSTRAINT "stripe_product_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price" ADD CONSTRAINT "price_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_provisioning" ADD CONSTRAINT "price_provisioning_coach_id_mode_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_customer" ADD CONSTRAINT "stripe_customer_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_product" ADD CONSTRAINT "member_product_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_product" ADD CONSTRAINT "member_product_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_coach_id_mode_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_coach_id_mode_price_id_fkey" FOREIGN KEY ("coach_id", "mode", "price_id") REFERENCES "price"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_coach_id_mode_checkout_id_fkey" FOREIGN KEY ("coach_id", "mode", "checkout_id") REFERENCES "checkout"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_coach_id_mode_member_id_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id", "product_id") REFERENCES "member_product"("coach_id", "mode", "member_id", "product_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_coach_id_mode_membership_id_fkey" FOREIGN KEY ("coach_id", "mode", "membership_id") REFERENCES "membership"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot express.

-- One connection under way or standing per coach and mode; one account belongs to one coach per mode.
CREATE UNIQUE INDEX "connection_one_per_coach" ON "connection" ("coach_id", "mode")
  WHERE "status" IN ('authorizing', 'returned', 'connected', 'disconnecting');
CREATE UNIQUE INDEX "connection_one_per_account" ON "connection" ("mode", "account_id")
  WHERE "status" IN ('connected', 'disconnecting');

-- One open checkout per buyer and product.
CREATE UNIQUE INDEX "checkout_one_open_per_buyer" ON "checkout" ("coach_id", "mode", "buyer_key", "product_id")
  WHERE "status" IN ('opening', 'open', 'pending');

-- One provisioning under way or standing per price and account.
CREATE UNIQUE INDEX "price_provisioning_one_live" ON "price_provisioning" ("mode", "account_id", "price_id")
  WHERE "status" IN ('pending', 'provisioned');

-- One member per e-mail address that came without a coach's own id.
CREATE UNIQUE INDEX "member_one_per_email" ON "member" ("coach_id", "mode", "email")
  WHERE "external_id" IS NULL;

ALTER TABLE "price"
  ADD CONSTRAINT "price_amount_not_negative" CHECK ("unit_amount" >= 0),
  ADD CONSTRAINT "price_currency_is_iso" CHECK ("currency" ~ '^[a-z]{3}$'),
  ADD CONSTRAINT "price_interval_whole" CHECK (("interval" IS NULL) = ("interval_count" IS NULL)),
  ADD CONSTRAINT "price_interval_known" CHECK ("interval" IN ('day', 'week', 'month', 'year'));
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_quantity_positive" CHECK ("quantity" > 0);
ALTER TABLE "account_clock" ADD CONSTRAINT "account_clock_forward" CHECK ("offset_seconds" >= 0);
ALTER TABLE "settings" ADD CONSTRAINT "settings_grace_days" CHECK ("grace_days" BETWEEN 0 AND 30);

-- The relays hear of a new row at once; their poll is only the fallback.
CREATE FUNCTION "inbox_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('inbox', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER "inbox_notify" AFTER INSERT ON "inbox" FOR EACH STATEMENT EXECUTE FUNCTION "inbox_notify"();
