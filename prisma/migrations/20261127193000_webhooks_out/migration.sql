-- Facts are told to receivers of the coach (decision record 0050). What is to be told is a row that the fact's own
-- transaction writes; the relay gives each row its run.

CREATE TYPE "WebhookEndpointStatus" AS ENUM ('enabled', 'disabled');
CREATE TYPE "WebhookDeliveryStatus" AS ENUM ('waiting', 'sending', 'delivered', 'failed');

CREATE TABLE "webhook_endpoint" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "id" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "description" TEXT,
  "types" TEXT[] NOT NULL,
  "status" "WebhookEndpointStatus" NOT NULL DEFAULT 'enabled',
  "disabled_reason" TEXT,
  "sealed" TEXT NOT NULL,
  "old_sealed" TEXT,
  "old_expires_at" TIMESTAMPTZ(3),
  "failing_since" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("coach_id", "mode", "id"),
  CONSTRAINT "webhook_endpoint_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "webhook_delivery" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "endpoint_id" TEXT NOT NULL,
  "fact_id" TEXT NOT NULL,
  "status" "WebhookDeliveryStatus" NOT NULL DEFAULT 'waiting',
  "round" INTEGER NOT NULL DEFAULT 1,
  "tries" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3),
  "lease_until" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("coach_id", "mode", "endpoint_id", "fact_id"),
  CONSTRAINT "webhook_delivery_endpoint_fkey" FOREIGN KEY ("coach_id", "mode", "endpoint_id")
    REFERENCES "webhook_endpoint" ("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "webhook_delivery_fact_fkey" FOREIGN KEY ("coach_id", "mode", "fact_id")
    REFERENCES "fact" ("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "webhook_delivery_list_idx" ON "webhook_delivery" ("coach_id", "mode", "endpoint_id", "created_at", "fact_id");
CREATE INDEX "webhook_delivery_fact_idx" ON "webhook_delivery" ("coach_id", "mode", "fact_id");
-- What the relay looks for: what has no run, how much of an endpoint is under way, and whose run may be lost.
CREATE INDEX "webhook_delivery_waiting_idx" ON "webhook_delivery" ("coach_id", "mode", "endpoint_id", "created_at")
  WHERE "status" = 'waiting';
CREATE INDEX "webhook_delivery_first_idx" ON "webhook_delivery" ("coach_id", "mode", "endpoint_id")
  WHERE "status" = 'sending' AND "tries" = 0;
CREATE INDEX "webhook_delivery_sending_idx" ON "webhook_delivery" (COALESCE("next_try_at", "lease_until"))
  WHERE "status" = 'sending';

CREATE TABLE "webhook_try" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "endpoint_id" TEXT NOT NULL,
  "fact_id" TEXT NOT NULL,
  "round" INTEGER NOT NULL,
  "number" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "status" INTEGER,
  "error" TEXT,
  "latency_ms" INTEGER NOT NULL,
  "answer" TEXT,
  CONSTRAINT "webhook_try_pkey" PRIMARY KEY ("coach_id", "mode", "endpoint_id", "fact_id", "round", "number"),
  CONSTRAINT "webhook_try_delivery_fkey" FOREIGN KEY ("coach_id", "mode", "endpoint_id", "fact_id")
    REFERENCES "webhook_delivery" ("coach_id", "mode", "endpoint_id", "fact_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- The relay hears of a new row at once; its poll is only the fallback.
CREATE FUNCTION "webhook_delivery_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('webhook_delivery', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER "webhook_delivery_notify" AFTER INSERT ON "webhook_delivery"
  FOR EACH ROW EXECUTE FUNCTION "webhook_delivery_notify"();

-- Whether an endpoint listens to a type, as src/domain/webhook-delivery.ts says it.
CREATE FUNCTION "listens_to"(types TEXT[], type TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS $$
  SELECT types = '{}' OR type = ANY (types) OR split_part(type, '.', 1) || '.*' = ANY (types)
$$;

-- As before, and with a row for everybody who is to hear of it. What is about an endpoint is not told to that endpoint
-- itself, except what it is tried with, which is told to nobody else.
CREATE OR REPLACE FUNCTION "tell_fact"(
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
  INSERT INTO webhook_delivery (coach_id, mode, endpoint_id, fact_id)
  SELECT of_coach, of_mode, e.id, of_id FROM webhook_endpoint e
  WHERE e.coach_id = of_coach AND e.mode = of_mode AND e.status = 'enabled'
    AND CASE
      WHEN of_type = 'webhook_endpoint.test' THEN e.id = of_ids->>'webhookEndpointId'
      ELSE e.id IS DISTINCT FROM of_ids->>'webhookEndpointId' AND listens_to(e.types, of_type)
    END;
  RETURN of_id;
END
$$;

CREATE FUNCTION "webhook_endpoint_state"(e "webhook_endpoint") RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'object', 'webhook_endpoint', 'status', e.status, 'disabledReason', e.disabled_reason, 'types', to_jsonb(e.types))
$$;

CREATE FUNCTION "tell_of_webhook_endpoint"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  present "webhook_endpoint";
BEGIN
  IF TG_OP = 'DELETE' THEN present := OLD; ELSE present := NEW; END IF;
  PERFORM tell_fact(
    present.coach_id, present.mode,
    CASE
      WHEN TG_OP = 'INSERT' THEN 'webhook_endpoint.created'
      WHEN TG_OP = 'DELETE' THEN 'webhook_endpoint.deleted'
      WHEN OLD.status <> NEW.status AND NEW.status = 'disabled' THEN 'webhook_endpoint.disabled'
      WHEN OLD.status <> NEW.status THEN 'webhook_endpoint.enabled'
      WHEN OLD.sealed <> NEW.sealed THEN 'webhook_endpoint.secret_rotated'
      ELSE 'webhook_endpoint.updated'
    END,
    NULL, jsonb_build_object('webhookEndpointId', present.id), webhook_endpoint_state(present));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "fact_of_new_webhook_endpoint" AFTER INSERT OR DELETE ON "webhook_endpoint"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "tell_of_webhook_endpoint"();
CREATE CONSTRAINT TRIGGER "fact_of_webhook_endpoint" AFTER UPDATE ON "webhook_endpoint"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.url, OLD.types, OLD.sealed, OLD.description)
    IS DISTINCT FROM (NEW.status, NEW.url, NEW.types, NEW.sealed, NEW.description))
  EXECUTE FUNCTION "tell_of_webhook_endpoint"();

-- What a fact was about, as it is now; null where that is no more.
CREATE FUNCTION "present_state"(f "fact") RETURNS JSONB LANGUAGE plpgsql STABLE AS $$
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
