-- Withdrawal (Directive 2011/83/EU, articles 9 to 16): what members stated, what became of it, and what buyers agreed to.

CREATE TYPE "WithdrawalOffer" AS ENUM ('by_country', 'on', 'off');
CREATE TYPE "WithdrawalRefund" AS ENUM ('full', 'proportional', 'coach_decides');
CREATE TYPE "PurchaseConsentChoice" AS ENUM ('none', 'service', 'digital_content');
ALTER TABLE "settings" ADD COLUMN "withdrawal" "WithdrawalOffer" NOT NULL DEFAULT 'by_country';
ALTER TABLE "settings" ADD COLUMN "withdrawal_refund" "WithdrawalRefund" NOT NULL DEFAULT 'coach_decides';
ALTER TABLE "settings" ADD COLUMN "purchase_consent" "PurchaseConsentChoice" NOT NULL DEFAULT 'none';

ALTER TABLE "membership" ADD COLUMN "withdrawn_at" TIMESTAMPTZ(3);

CREATE TABLE "purchase_consent" (
    "checkout_id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "kind" "PurchaseConsentChoice" NOT NULL,
    "text" TEXT NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "purchase_consent_pkey" PRIMARY KEY ("checkout_id")
);
CREATE UNIQUE INDEX "purchase_consent_coach_id_mode_checkout_id_key" ON "purchase_consent"("coach_id", "mode", "checkout_id");
ALTER TABLE "purchase_consent" ADD CONSTRAINT "purchase_consent_coach_id_mode_checkout_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "checkout_id") REFERENCES "checkout"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TYPE "WithdrawalStatus" AS ENUM ('unproven', 'to_decide', 'accepted', 'done', 'refused', 'failed');
CREATE TABLE "withdrawal" (
    "id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT,
    "membership_id" TEXT,
    "status" "WithdrawalStatus" NOT NULL,
    "stated_at" TIMESTAMPTZ(3) NOT NULL,
    "stated_name" TEXT,
    "stated_contract" TEXT,
    "stated_email" TEXT,
    "language" TEXT NOT NULL,
    "in_time" BOOLEAN NOT NULL DEFAULT false,
    "right_lost" BOOLEAN NOT NULL DEFAULT false,
    "proven_at" TIMESTAMPTZ(3),
    "refund" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "refund_amount" INTEGER,
    "currency" TEXT,
    "refund_parts" JSONB,
    "refused_because" TEXT,
    "failure_code" TEXT,
    "reminded_at" TIMESTAMPTZ(3),
    "overdue_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "withdrawal_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "withdrawal_coach_id_mode_id_key" ON "withdrawal"("coach_id", "mode", "id");
CREATE UNIQUE INDEX "withdrawal_coach_id_mode_membership_id_key" ON "withdrawal"("coach_id", "mode", "membership_id");
CREATE INDEX "withdrawal_coach_id_mode_created_at_id_idx" ON "withdrawal"("coach_id", "mode", "created_at", "id");
CREATE INDEX "withdrawal_coach_id_mode_member_id_idx" ON "withdrawal"("coach_id", "mode", "member_id");
-- Those that have no end yet: their runs are started again where they were lost.
CREATE INDEX "withdrawal_open_idx" ON "withdrawal"("id") WHERE "ended_at" IS NULL;
ALTER TABLE "withdrawal" ADD CONSTRAINT "withdrawal_coach_id_mode_member_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "withdrawal" ADD CONSTRAINT "withdrawal_coach_id_mode_membership_id_fkey"
    FOREIGN KEY ("coach_id", "mode", "membership_id") REFERENCES "membership"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What becomes true of a withdrawal is told in the transaction that makes it so (decision record 0049). No names, no words of theirs.
CREATE FUNCTION "withdrawal_state"(w "withdrawal") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'withdrawal', 'status', w.status, 'statedAt', fact_time(w.stated_at), 'inTime', w.in_time,
    'proven', w.proven_at IS NOT NULL, 'refund', w.refund, 'refundAmount', w.refund_amount, 'currency', w.currency,
    'decidedBy', w.decided_by, 'overdueAt', fact_time(w.overdue_at), 'failureCode', w.failure_code,
    'endedAt', fact_time(w.ended_at))
$$;

CREATE FUNCTION "tell_of_withdrawal"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind TEXT;
BEGIN
  FOREACH kind IN ARRAY array_remove(ARRAY[
    CASE WHEN TG_OP = 'INSERT' THEN 'withdrawal.received' END,
    CASE WHEN TG_OP = 'UPDATE' AND OLD.proven_at IS NULL AND NEW.proven_at IS NOT NULL THEN 'withdrawal.proven' END,
    CASE WHEN TG_OP = 'UPDATE' AND OLD.overdue_at IS NULL AND NEW.overdue_at IS NOT NULL THEN 'withdrawal.overdue' END,
    CASE WHEN NEW.status IN ('accepted', 'done', 'refused', 'failed')
        AND (TG_OP = 'INSERT' OR OLD.status <> NEW.status)
      THEN 'withdrawal.' || NEW.status::text END], NULL)
  LOOP
    PERFORM tell_fact(
      NEW.coach_id, NEW.mode, kind, NEW.member_id,
      jsonb_build_object('withdrawalId', NEW.id, 'membershipId', NEW.membership_id), withdrawal_state(NEW));
  END LOOP;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "fact_of_new_withdrawal" AFTER INSERT ON "withdrawal"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_withdrawal"();
CREATE CONSTRAINT TRIGGER "fact_of_withdrawal" AFTER UPDATE ON "withdrawal"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.proven_at, OLD.overdue_at) IS DISTINCT FROM (NEW.status, NEW.proven_at, NEW.overdue_at))
  EXECUTE FUNCTION "tell_of_withdrawal"();

-- The same as before, and withdrawals.
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
    WHEN 'webhook_endpoint' THEN
      SELECT webhook_endpoint_state(e) INTO answer FROM webhook_endpoint e
      WHERE e.coach_id = f.coach_id AND e.mode = f.mode AND e.id = f.ids->>'webhookEndpointId';
    ELSE answer := NULL;
  END CASE;
  RETURN answer;
END
$$;
