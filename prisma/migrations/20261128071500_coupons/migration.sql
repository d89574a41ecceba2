-- Coupons and promotion codes: what makes a purchase cheaper, made on the coach's account by a run (decision record 0060).

CREATE TYPE "CouponStatus" AS ENUM ('pending', 'active', 'failed', 'archived');
CREATE TYPE "CouponDuration" AS ENUM ('once', 'repeating', 'forever');

CREATE TABLE "coupon" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "status" "CouponStatus" NOT NULL DEFAULT 'pending',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "account_id" TEXT NOT NULL,
    "stripe_coupon_id" TEXT NOT NULL,
    "at_stripe" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "percent_off" DOUBLE PRECISION,
    "amount_off" INTEGER,
    "currency" TEXT,
    "duration" "CouponDuration" NOT NULL,
    "months" INTEGER,
    "max_redemptions" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "times_redeemed" INTEGER NOT NULL DEFAULT 0,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "sync_after" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "coupon_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "coupon_one_kind" CHECK (("percent_off" IS NULL) <> ("amount_off" IS NULL)),
    CONSTRAINT "coupon_currency_of_amount" CHECK (("amount_off" IS NULL) = ("currency" IS NULL)),
    CONSTRAINT "coupon_months_of_repeating" CHECK (("duration" = 'repeating') = ("months" IS NOT NULL))
);
CREATE UNIQUE INDEX "coupon_coach_id_mode_id_key" ON "coupon" ("coach_id", "mode", "id");
CREATE UNIQUE INDEX "coupon_mode_account_id_stripe_coupon_id_key" ON "coupon" ("mode", "account_id", "stripe_coupon_id");
CREATE INDEX "coupon_coach_id_mode_created_at_id_idx" ON "coupon" ("coach_id", "mode", "created_at", "id");
ALTER TABLE "coupon" ADD CONSTRAINT "coupon_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "coupon_product" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,

    CONSTRAINT "coupon_product_pkey" PRIMARY KEY ("coupon_id", "product_id")
);
ALTER TABLE "coupon_product" ADD CONSTRAINT "coupon_product_coach_id_mode_coupon_id_fkey" FOREIGN KEY ("coach_id", "mode", "coupon_id") REFERENCES "coupon" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "coupon_product" ADD CONSTRAINT "coupon_product_coach_id_mode_product_id_fkey" FOREIGN KEY ("coach_id", "mode", "product_id") REFERENCES "product" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "promotion_code" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "status" "CouponStatus" NOT NULL DEFAULT 'pending',
    "code" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "stripe_promotion_code_id" TEXT,
    "at_stripe" BOOLEAN NOT NULL DEFAULT false,
    "first_purchase_only" BOOLEAN NOT NULL DEFAULT false,
    "one_per_member" BOOLEAN NOT NULL DEFAULT false,
    "max_redemptions" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "minimum_amount" INTEGER,
    "minimum_currency" TEXT,
    "times_redeemed" INTEGER NOT NULL DEFAULT 0,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "promotion_code_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "promotion_code_currency_of_minimum" CHECK (("minimum_amount" IS NULL) = ("minimum_currency" IS NULL))
);
CREATE UNIQUE INDEX "promotion_code_coach_id_mode_id_key" ON "promotion_code" ("coach_id", "mode", "id");
CREATE UNIQUE INDEX "promotion_code_mode_account_id_stripe_promotion_code_id_key" ON "promotion_code" ("mode", "account_id", "stripe_promotion_code_id");
CREATE INDEX "promotion_code_coach_id_mode_coupon_id_created_at_id_idx" ON "promotion_code" ("coach_id", "mode", "coupon_id", "created_at", "id");
CREATE INDEX "promotion_code_coach_id_mode_created_at_id_idx" ON "promotion_code" ("coach_id", "mode", "created_at", "id");
-- One live code of a word, whatever its letters' case: as Stripe has it.
CREATE UNIQUE INDEX "promotion_code_live_word" ON "promotion_code" ("coach_id", "mode", lower("code"))
  WHERE "status" IN ('pending', 'active');
ALTER TABLE "promotion_code" ADD CONSTRAINT "promotion_code_coach_id_mode_coupon_id_fkey" FOREIGN KEY ("coach_id", "mode", "coupon_id") REFERENCES "coupon" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "checkout" ADD COLUMN "coupon_id" TEXT, ADD COLUMN "promotion_code_id" TEXT, ADD COLUMN "discount_amount" INTEGER;
CREATE INDEX "checkout_coach_id_mode_coupon_id_created_at_id_idx" ON "checkout" ("coach_id", "mode", "coupon_id", "created_at", "id");
CREATE INDEX "checkout_coach_id_mode_promotion_code_id_buyer_key_idx" ON "checkout" ("coach_id", "mode", "promotion_code_id", "buyer_key");
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_coach_id_mode_coupon_id_fkey" FOREIGN KEY ("coach_id", "mode", "coupon_id") REFERENCES "coupon" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_coach_id_mode_promotion_code_id_fkey" FOREIGN KEY ("coach_id", "mode", "promotion_code_id") REFERENCES "promotion_code" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Facts of them, in the transaction that makes them so.

CREATE FUNCTION "coupon_state"(c "coupon") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'coupon', 'status', c.status, 'percentOff', c.percent_off, 'amountOff', c.amount_off,
    'currency', c.currency, 'duration', c.duration, 'months', c.months, 'maxRedemptions', c.max_redemptions,
    'expiresAt', fact_time(c.expires_at), 'failureCode', c.failure_code, 'archivedAt', fact_time(c.archived_at))
$$;
CREATE FUNCTION "promotion_code_state"(c "promotion_code") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'promotion_code', 'status', c.status, 'code', c.code, 'firstPurchaseOnly', c.first_purchase_only,
    'onePerMember', c.one_per_member, 'maxRedemptions', c.max_redemptions, 'expiresAt', fact_time(c.expires_at),
    'minimumAmount', c.minimum_amount, 'minimumCurrency', c.minimum_currency, 'failureCode', c.failure_code,
    'archivedAt', fact_time(c.archived_at))
$$;

CREATE FUNCTION "tell_of_coupon"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE WHEN TG_OP = 'INSERT' THEN 'coupon.created' WHEN NEW.status = 'pending' THEN 'coupon.updated'
      WHEN NEW.status = 'active' THEN 'coupon.activated' ELSE 'coupon.' || NEW.status::text END,
    NULL, jsonb_build_object('couponId', NEW.id), coupon_state(NEW));
  RETURN NULL;
END
$$;
CREATE FUNCTION "tell_of_promotion_code"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE WHEN TG_OP = 'INSERT' THEN 'promotion_code.created' WHEN NEW.status = 'pending' THEN 'promotion_code.updated'
      WHEN NEW.status = 'active' THEN 'promotion_code.activated' ELSE 'promotion_code.' || NEW.status::text END,
    NULL, jsonb_build_object('couponId', NEW.coupon_id, 'promotionCodeId', NEW.id), promotion_code_state(NEW));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "fact_of_new_coupon" AFTER INSERT ON "coupon"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_coupon"();
CREATE CONSTRAINT TRIGGER "fact_of_coupon" AFTER UPDATE ON "coupon"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION "tell_of_coupon"();
CREATE CONSTRAINT TRIGGER "fact_of_new_promotion_code" AFTER INSERT ON "promotion_code"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_promotion_code"();
CREATE CONSTRAINT TRIGGER "fact_of_promotion_code" AFTER UPDATE ON "promotion_code"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION "tell_of_promotion_code"();

-- The same as before, and coupons and their codes.
CREATE OR REPLACE FUNCTION "present_state"(f "fact") RETURNS JSONB LANGUAGE plpgsql STABLE AS $$
DECLARE
  answer JSONB;
BEGIN
  CASE f.state->>'object'
    WHEN 'access' THEN
      SELECT jsonb_build_object('object', 'access', 'access', p.told_access, 'until', fact_time(p.told_until))
      INTO answer FROM member_product p
      WHERE p.coach_id = f.coach_id AND p.mode = f.mode AND p.member_id = f.member_id
        AND p.product_id = f.ids->>'productId';
    WHEN 'checkout' THEN
      SELECT checkout_state(c) INTO answer FROM checkout c
      WHERE c.coach_id = f.coach_id AND c.mode = f.mode AND c.id = f.ids->>'checkoutId';
    WHEN 'connection' THEN
      SELECT connection_state(c) INTO answer FROM connection c
      WHERE c.coach_id = f.coach_id AND c.mode = f.mode AND c.id = f.ids->>'connectionId';
    WHEN 'invoice' THEN
      SELECT CASE WHEN m.open_invoice->>'id' = f.ids->>'stripeId' THEN invoice_state(m.open_invoice) END
      INTO answer FROM membership m
      WHERE m.coach_id = f.coach_id AND m.mode = f.mode AND m.id = f.ids->>'membershipId';
    WHEN 'member' THEN
      SELECT member_state(m) INTO answer FROM member m
      WHERE m.coach_id = f.coach_id AND m.mode = f.mode AND m.id = f.member_id;
    WHEN 'membership' THEN
      SELECT membership_state(m) INTO answer FROM membership m
      WHERE m.coach_id = f.coach_id AND m.mode = f.mode AND m.id = f.ids->>'membershipId';
    WHEN 'payment' THEN
      SELECT payment_state(p) INTO answer FROM payment p
      WHERE p.coach_id = f.coach_id AND p.mode = f.mode AND p.membership_id = f.ids->>'membershipId'
        AND p.stripe_id = f.ids->>'stripeId';
    WHEN 'withdrawal' THEN
      SELECT withdrawal_state(w) INTO answer FROM withdrawal w
      WHERE w.coach_id = f.coach_id AND w.mode = f.mode AND w.id = f.ids->>'withdrawalId';
    WHEN 'price' THEN
      SELECT price_state(p) INTO answer FROM price p
      WHERE p.coach_id = f.coach_id AND p.mode = f.mode AND p.id = f.ids->>'priceId';
    WHEN 'coupon' THEN
      SELECT coupon_state(c) INTO answer FROM coupon c
      WHERE c.coach_id = f.coach_id AND c.mode = f.mode AND c.id = f.ids->>'couponId';
    WHEN 'promotion_code' THEN
      SELECT promotion_code_state(c) INTO answer FROM promotion_code c
      WHERE c.coach_id = f.coach_id AND c.mode = f.mode AND c.id = f.ids->>'promotionCodeId';
    WHEN 'webhook_endpoint' THEN
      SELECT webhook_endpoint_state(e) INTO answer FROM webhook_endpoint e
      WHERE e.coach_id = f.coach_id AND e.mode = f.mode AND e.id = f.ids->>'webhookEndpointId';
    ELSE answer := NULL;
  END CASE;
  RETURN answer;
END
$$;
