-- What becomes true is written down in the transaction that makes it so: by the database itself, so that no commit can
-- forget it, and none says it that is rolled back (decision record 0049). The types are those of src/domain/facts.ts.

CREATE TABLE "fact" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "id" TEXT NOT NULL,
  "transaction" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
  "position" BIGSERIAL NOT NULL,
  "type" TEXT NOT NULL,
  "member_id" TEXT,
  "sequence" INTEGER,
  "ids" JSONB NOT NULL,
  "state" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "fact_pkey" PRIMARY KEY ("coach_id", "mode", "id"),
  CONSTRAINT "fact_sequence_of_member" CHECK (("member_id" IS NULL) = ("sequence" IS NULL))
);
CREATE UNIQUE INDEX "fact_coach_id_mode_member_id_sequence_key" ON "fact" ("coach_id", "mode", "member_id", "sequence");
CREATE INDEX "fact_coach_id_mode_transaction_position_idx" ON "fact" ("coach_id", "mode", "transaction", "position");
CREATE INDEX "fact_created_at_idx" ON "fact" ("created_at");

CREATE TABLE "fact_sequence" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "member_id" TEXT NOT NULL,
  "last" INTEGER NOT NULL,
  CONSTRAINT "fact_sequence_pkey" PRIMARY KEY ("coach_id", "mode", "member_id")
);

ALTER TABLE "member_product"
  ADD COLUMN "told_access" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "told_until" TIMESTAMPTZ(3);
-- What the sweep looks for: access that the clock has ended.
CREATE INDEX "member_product_told_until_idx" ON "member_product" ("told_until") WHERE "told_access";

-- Writes one fact down and answers its id. The counter is locked until the commit, which is when this runs: triggers are deferred.
CREATE FUNCTION "tell_fact"(
  of_coach TEXT, of_mode "Mode", of_type TEXT, of_member TEXT, of_ids JSONB, of_state JSONB
) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
  of_id TEXT := 'fct_' || replace(gen_random_uuid()::text, '-', '');
  number INTEGER;
BEGIN
  IF of_member IS NOT NULL THEN
    INSERT INTO fact_sequence AS s (coach_id, mode, member_id, last) VALUES (of_coach, of_mode, of_member, 1)
    ON CONFLICT (coach_id, mode, member_id) DO UPDATE SET last = s.last + 1
    RETURNING s.last INTO number;
  END IF;
  INSERT INTO fact (coach_id, mode, id, type, member_id, sequence, ids, state)
  VALUES (
    of_coach, of_mode, of_id, of_type, of_member, number, jsonb_strip_nulls(of_ids), of_state);
  RETURN of_id;
END
$$;

-- A time as the API writes it.
CREATE FUNCTION "fact_time"(moment TIMESTAMPTZ) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The states, one function a table. No names, no addresses: neither of persons nor of pages.

CREATE FUNCTION "connection_state"(c "connection") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'connection', 'status', c.status, 'accountId', c.account_id, 'chargesEnabled', c.charges_enabled,
    'payoutsEnabled', c.payouts_enabled, 'detailsSubmitted', c.details_submitted,
    'defaultCurrency', c.default_currency, 'endReason', c.end_reason,
    'connectedAt', fact_time(c.connected_at), 'endedAt', fact_time(c.ended_at))
$$;

CREATE FUNCTION "price_state"(p "price") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'price', 'status', p.status, 'model', p.model, 'currency', p.currency, 'unitAmount', p.unit_amount,
    'interval', p.interval, 'intervalCount', p.interval_count, 'failureCode', p.failure_code,
    'replacesPriceId', p.replaces_price_id, 'archivedAt', fact_time(p.archived_at))
$$;

CREATE FUNCTION "member_state"(m "member") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'member', 'hasEmail', m.email IS NOT NULL, 'hasExternalId', m.external_id IS NOT NULL,
    'createdAt', fact_time(m.created_at), 'erasedAt', fact_time(m.erased_at))
$$;

CREATE FUNCTION "checkout_state"(c "checkout") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'checkout', 'status', c.status, 'quantity', c.quantity, 'unitAmount', c.unit_amount,
    'currency', c.currency, 'recurring', c.recurring, 'failureCode', c.failure_code,
    'createdAt', fact_time(c.created_at), 'expiresAt', fact_time(c.expires_at), 'endedAt', fact_time(c.ended_at))
$$;

CREATE FUNCTION "membership_state"(m "membership") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'membership', 'kind', m.kind, 'status', m.status, 'reason', m.reason, 'quantity', m.quantity,
    'startedAt', fact_time(m.started_at), 'paidThrough', fact_time(m.paid_through),
    'cancelAt', fact_time(m.cancel_at), 'pauseUntil', fact_time(m.pause_until),
    'installmentsDue', m.installments_due, 'installmentsPaid', m.installments_paid,
    'disputedAt', fact_time(m.disputed_at), 'endedAt', fact_time(m.ended_at))
$$;

CREATE FUNCTION "payment_state"(p "payment") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'payment', 'amount', p.amount, 'amountRefunded', p.amount_refunded, 'currency', p.currency,
    'dispute', p.dispute, 'paidAt', fact_time(p.paid_at))
$$;

-- An invoice that waits for its payment, as src/domain/open-invoice.ts has it.
CREATE FUNCTION "invoice_state"(invoice JSONB) RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'invoice', 'amountRemaining', (invoice->>'amountRemaining')::int, 'currency', invoice->>'currency',
    'dueAt', fact_time(to_timestamp((invoice->>'dueAt')::double precision)),
    'nextAttemptAt', fact_time(to_timestamp((invoice->>'nextAttemptAt')::double precision)))
$$;

-- The present time of a coach: what the transaction has decided by (src/store/access-change.ts), else the system's time,
-- which an emulator's clock may be ahead of.
CREATE FUNCTION "coach_time"(of_coach TEXT, of_mode "Mode") RETURNS TIMESTAMPTZ LANGUAGE sql VOLATILE AS $$
  SELECT COALESCE(
    to_timestamp(NULLIF(current_setting('session.decided_at', true), '')::double precision),
    clock_timestamp() + COALESCE((
      SELECT a.offset_seconds FROM connection c
      LEFT JOIN account_clock a ON a.mode = c.mode AND a.account_id = c.account_id
      WHERE c.coach_id = of_coach AND c.mode = of_mode AND c.account_id IS NOT NULL
      ORDER BY c.connected_at DESC NULLS LAST, c.created_at DESC LIMIT 1), 0) * interval '1 second')
$$;

-- The union of a member's grants for a product, told where it differs from what was told last. A grant begins when it
-- is written, so that its start decides nothing here.
CREATE FUNCTION "tell_access"(of_coach TEXT, of_mode "Mode", of_member TEXT, of_product TEXT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  told member_product%ROWTYPE;
  present TIMESTAMPTZ := coach_time(of_coach, of_mode);
  has BOOLEAN;
  ends TIMESTAMPTZ(3);
BEGIN
  SELECT * INTO told FROM member_product
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT count(*) > 0, CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END INTO has, ends
  FROM "grant"
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product
    AND NOT suspended AND NOT revoked AND (until IS NULL OR until > present);
  IF has = told.told_access AND ends IS NOT DISTINCT FROM told.told_until THEN RETURN; END IF;
  UPDATE member_product SET told_access = has, told_until = ends
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product;
  PERFORM tell_fact(
    of_coach, of_mode,
    CASE WHEN NOT has THEN 'access.ended' WHEN NOT told.told_access THEN 'access.granted' ELSE 'access.changed' END,
    of_member, jsonb_build_object('productId', of_product),
    jsonb_build_object('object', 'access', 'access', has, 'until', fact_time(ends)));
END
$$;

-- Whoever changes grants has the lock of member and product before the one of the counter, also where they took none.
CREATE FUNCTION "lock_access"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM member_product
  WHERE coach_id = NEW.coach_id AND mode = NEW.mode AND member_id = NEW.member_id AND product_id = NEW.product_id
  FOR NO KEY UPDATE;
  RETURN NEW;
END
$$;

CREATE FUNCTION "tell_of_grant"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.member_id, OLD.product_id) IS DISTINCT FROM (NEW.member_id, NEW.product_id) THEN
    PERFORM tell_access(OLD.coach_id, OLD.mode, OLD.member_id, OLD.product_id);
  END IF;
  PERFORM tell_access(NEW.coach_id, NEW.mode, NEW.member_id, NEW.product_id);
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_connection"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE
      WHEN TG_OP = 'INSERT' THEN 'connection.started'
      WHEN OLD.status <> NEW.status AND NEW.status IN ('connected', 'disconnected', 'denied', 'abandoned', 'failed')
        THEN 'connection.' || NEW.status::text
      ELSE 'connection.updated'
    END,
    NULL, jsonb_build_object('connectionId', NEW.id), connection_state(NEW));
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_price"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE
      WHEN TG_OP = 'INSERT' THEN 'price.created'
      WHEN OLD.status <> NEW.status AND NEW.status = 'active' THEN 'price.activated'
      WHEN OLD.status <> NEW.status AND NEW.status IN ('failed', 'archived') THEN 'price.' || NEW.status::text
      ELSE 'price.updated'
    END,
    NULL, jsonb_build_object('priceId', NEW.id, 'productId', NEW.product_id), price_state(NEW));
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_member"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE
      WHEN TG_OP = 'INSERT' THEN 'member.created'
      WHEN OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL THEN 'member.erased'
      ELSE 'member.updated'
    END,
    NEW.id, '{}'::jsonb, member_state(NEW));
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_joined_member"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept "member"%ROWTYPE;
BEGIN
  SELECT * INTO kept FROM "member" WHERE id = NEW.member_id;
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode, 'member.joined', NEW.member_id, jsonb_build_object('joinedMemberId', NEW.id),
    member_state(kept));
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_checkout"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody can pay yet: what it will be is told when Stripe has answered.
  IF NEW.status = 'opening' THEN RETURN NULL; END IF;
  PERFORM tell_fact(
    NEW.coach_id, NEW.mode,
    CASE NEW.status WHEN 'open' THEN 'checkout.opened' ELSE 'checkout.' || NEW.status::text END,
    NEW.member_id,
    jsonb_build_object('checkoutId', NEW.id, 'productId', NEW.product_id, 'priceId', NEW.price_id),
    checkout_state(NEW));
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_membership"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  failing CONSTANT TEXT[] := ARRAY['grace', 'grace_over', 'unpaid'];
  of_ids JSONB := jsonb_build_object(
    'membershipId', NEW.id, 'checkoutId', NEW.checkout_id, 'productId', NEW.product_id, 'priceId', NEW.price_id);
  fails BOOLEAN := NEW.reason = ANY (failing);
  failed BOOLEAN;
  kind TEXT;
BEGIN
  IF TG_OP = 'INSERT' THEN
    kind := 'membership.started';
    failed := false;
  ELSE
    failed := OLD.reason = ANY (failing);
    kind := CASE
      WHEN (OLD.status, OLD.reason, OLD.paid_through, OLD.cancel_at, OLD.pause_until, OLD.price_id, OLD.product_id,
          OLD.quantity, OLD.installments_paid, OLD.disputed_at, OLD.member_id)
        IS NOT DISTINCT FROM (NEW.status, NEW.reason, NEW.paid_through, NEW.cancel_at, NEW.pause_until, NEW.price_id,
          NEW.product_id, NEW.quantity, NEW.installments_paid, NEW.disputed_at, NEW.member_id) THEN NULL
      WHEN NEW.status = 'ended' AND OLD.status <> 'ended' THEN 'membership.ended'
      WHEN fails AND NOT failed THEN 'membership.past_due'
      WHEN OLD.reason <> 'scheduled_to_cancel' AND NEW.reason = 'scheduled_to_cancel' THEN 'membership.canceling'
      WHEN OLD.reason <> 'collection_paused' AND NEW.reason = 'collection_paused' THEN 'membership.paused'
      WHEN failed AND NOT fails AND NEW.status NOT IN ('suspended', 'ended') THEN 'membership.recovered'
      WHEN OLD.status = 'ended' AND NEW.status <> 'ended'
        OR OLD.reason IN ('scheduled_to_cancel', 'collection_paused') AND NEW.reason <> OLD.reason
          AND NEW.status NOT IN ('suspended', 'ended') THEN 'membership.resumed'
      WHEN NEW.paid_through > COALESCE(OLD.paid_through, '-infinity') THEN 'membership.renewed'
      ELSE 'membership.updated'
    END;
  END IF;
  IF kind IS NOT NULL THEN
    PERFORM tell_fact(NEW.coach_id, NEW.mode, kind, NEW.member_id, of_ids, membership_state(NEW));
  END IF;
  -- Each of Stripe's tries: the invoice is another, or its next try is.
  IF TG_OP = 'UPDATE' AND fails AND NEW.open_invoice IS NOT NULL AND (
    NOT failed OR (OLD.open_invoice->>'id', OLD.open_invoice->>'nextAttemptAt')
      IS DISTINCT FROM (NEW.open_invoice->>'id', NEW.open_invoice->>'nextAttemptAt'))
  THEN
    PERFORM tell_fact(
      NEW.coach_id, NEW.mode, 'payment.failed', NEW.member_id,
      of_ids || jsonb_build_object('stripeId', NEW.open_invoice->>'id'), invoice_state(NEW.open_invoice));
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION "tell_of_payment"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  refunded INTEGER := 0;
  disputed "DisputeOutcome";
  kind TEXT;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    refunded := OLD.amount_refunded;
    disputed := OLD.dispute;
  END IF;
  FOREACH kind IN ARRAY array_remove(ARRAY[
    CASE WHEN TG_OP = 'INSERT' THEN 'payment.succeeded' END,
    CASE WHEN NEW.amount_refunded > refunded THEN 'payment.refunded' END,
    CASE WHEN NEW.amount_refunded < refunded THEN 'payment.refund_failed' END,
    CASE WHEN NEW.dispute = 'open' AND disputed IS DISTINCT FROM 'open' THEN 'payment.disputed' END,
    CASE WHEN disputed IS DISTINCT FROM NEW.dispute AND NEW.dispute IS DISTINCT FROM 'open'
      THEN 'payment.dispute_closed' END], NULL)
  LOOP
    PERFORM tell_fact(
      NEW.coach_id, NEW.mode, kind, NEW.member_id,
      jsonb_build_object(
        'stripeId', NEW.stripe_id, 'membershipId', NEW.membership_id, 'productId', NEW.product_id),
      payment_state(NEW));
  END LOOP;
  RETURN NULL;
END
$$;

-- At the end of the transaction, in the order of what it did; an update that changes nothing of this is no fact.

CREATE CONSTRAINT TRIGGER "fact_of_new_connection" AFTER INSERT ON "connection"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_connection"();
CREATE CONSTRAINT TRIGGER "fact_of_connection" AFTER UPDATE ON "connection"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.account_id, OLD.charges_enabled, OLD.payouts_enabled, OLD.details_submitted,
      OLD.default_currency, OLD.requirements, OLD.end_reason)
    IS DISTINCT FROM (NEW.status, NEW.account_id, NEW.charges_enabled, NEW.payouts_enabled, NEW.details_submitted,
      NEW.default_currency, NEW.requirements, NEW.end_reason))
  EXECUTE FUNCTION "tell_of_connection"();

CREATE CONSTRAINT TRIGGER "fact_of_new_price" AFTER INSERT ON "price"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_price"();
CREATE CONSTRAINT TRIGGER "fact_of_price" AFTER UPDATE ON "price"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.nickname, OLD.promotion_codes, OLD.max_quantity, OLD.seats, OLD.failure_code)
    IS DISTINCT FROM (NEW.status, NEW.nickname, NEW.promotion_codes, NEW.max_quantity, NEW.seats, NEW.failure_code))
  EXECUTE FUNCTION "tell_of_price"();

CREATE CONSTRAINT TRIGGER "fact_of_new_member" AFTER INSERT ON "member"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_member"();
CREATE CONSTRAINT TRIGGER "fact_of_member" AFTER UPDATE ON "member"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.email, OLD.external_id, OLD.erased_at) IS DISTINCT FROM (NEW.email, NEW.external_id, NEW.erased_at))
  EXECUTE FUNCTION "tell_of_member"();
CREATE CONSTRAINT TRIGGER "fact_of_joined_member" AFTER INSERT ON "member_alias"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_joined_member"();

CREATE CONSTRAINT TRIGGER "fact_of_new_checkout" AFTER INSERT ON "checkout"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_checkout"();
CREATE CONSTRAINT TRIGGER "fact_of_checkout" AFTER UPDATE ON "checkout"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status <> NEW.status)
  EXECUTE FUNCTION "tell_of_checkout"();

CREATE CONSTRAINT TRIGGER "fact_of_new_membership" AFTER INSERT ON "membership"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_membership"();
CREATE CONSTRAINT TRIGGER "fact_of_membership" AFTER UPDATE ON "membership"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.reason, OLD.paid_through, OLD.cancel_at, OLD.pause_until, OLD.price_id, OLD.product_id,
      OLD.quantity, OLD.installments_paid, OLD.disputed_at, OLD.member_id, OLD.open_invoice)
    IS DISTINCT FROM (NEW.status, NEW.reason, NEW.paid_through, NEW.cancel_at, NEW.pause_until, NEW.price_id,
      NEW.product_id, NEW.quantity, NEW.installments_paid, NEW.disputed_at, NEW.member_id, NEW.open_invoice))
  EXECUTE FUNCTION "tell_of_membership"();

CREATE CONSTRAINT TRIGGER "fact_of_new_payment" AFTER INSERT ON "payment"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_payment"();
CREATE CONSTRAINT TRIGGER "fact_of_payment" AFTER UPDATE ON "payment"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.amount_refunded, OLD.dispute) IS DISTINCT FROM (NEW.amount_refunded, NEW.dispute))
  EXECUTE FUNCTION "tell_of_payment"();

CREATE TRIGGER "lock_access" BEFORE INSERT OR UPDATE ON "grant" FOR EACH ROW EXECUTE FUNCTION "lock_access"();
CREATE CONSTRAINT TRIGGER "fact_of_new_grant" AFTER INSERT ON "grant"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_grant"();
CREATE CONSTRAINT TRIGGER "fact_of_grant" AFTER UPDATE ON "grant"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.until, OLD.suspended, OLD.revoked, OLD.member_id, OLD.product_id)
    IS DISTINCT FROM (NEW.until, NEW.suspended, NEW.revoked, NEW.member_id, NEW.product_id))
  EXECUTE FUNCTION "tell_of_grant"();

-- Who has access already was told of it in another way: only what changes from here on is a fact.
UPDATE member_product mp SET told_access = true, told_until = live.until
FROM (
  SELECT coach_id, mode, member_id, product_id, CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END AS until
  FROM "grant" g
  WHERE NOT suspended AND NOT revoked AND (until IS NULL OR until > coach_time(g.coach_id, g.mode))
  GROUP BY coach_id, mode, member_id, product_id) live
WHERE live.coach_id = mp.coach_id AND live.mode = mp.mode AND live.member_id = mp.member_id
  AND live.product_id = mp.product_id;
