-- Mails of cards that expire, of withdrawals that wait for the coach, and of events that could not be worked on (decision record 0053).

-- When the card that paid last is good no more; null: it was none, or another one is charged next.
ALTER TABLE "membership" ADD COLUMN "card_expires_at" TIMESTAMPTZ(3);

-- A fortnight before, once for each card and date, at once where that is past; whether it is still true is decided then.
CREATE FUNCTION "queue_card_mail"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  present TIMESTAMPTZ := coach_time(NEW.coach_id, NEW.mode);
BEGIN
  IF NEW.card_expires_at <= present THEN RETURN NULL; END IF;
  INSERT INTO mail (coach_id, mode, id, kind, key, member_id, ids, about, due_at)
  VALUES (
    NEW.coach_id, NEW.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), 'card_expires',
    'card_expires/' || NEW.id || '/' || extract(epoch FROM NEW.card_expires_at)::bigint, NEW.member_id,
    jsonb_build_object('membershipId', NEW.id, 'productId', NEW.product_id, 'priceId', NEW.price_id),
    jsonb_build_object('at', extract(epoch FROM NEW.card_expires_at)::bigint),
    GREATEST(present, NEW.card_expires_at - interval '14 days'))
  ON CONFLICT (coach_id, mode, key) DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER "card_of_new_membership" AFTER INSERT ON "membership" FOR EACH ROW
  WHEN (NEW.card_expires_at IS NOT NULL) EXECUTE FUNCTION "queue_card_mail"();
CREATE TRIGGER "card_of_membership" AFTER UPDATE ON "membership" FOR EACH ROW
  WHEN (NEW.card_expires_at IS NOT NULL AND OLD.card_expires_at IS DISTINCT FROM NEW.card_expires_at)
  EXECUTE FUNCTION "queue_card_mail"();

-- As before, and the reminder.
CREATE OR REPLACE FUNCTION "tell_of_withdrawal"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind TEXT;
BEGIN
  FOREACH kind IN ARRAY array_remove(ARRAY[
    CASE WHEN TG_OP = 'INSERT' THEN 'withdrawal.received' END,
    CASE WHEN TG_OP = 'UPDATE' AND OLD.proven_at IS NULL AND NEW.proven_at IS NOT NULL THEN 'withdrawal.proven' END,
    CASE WHEN TG_OP = 'UPDATE' AND OLD.reminded_at IS NULL AND NEW.reminded_at IS NOT NULL THEN 'withdrawal.due_soon' END,
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
DROP TRIGGER "fact_of_withdrawal" ON "withdrawal";
CREATE CONSTRAINT TRIGGER "fact_of_withdrawal" AFTER UPDATE ON "withdrawal"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.proven_at, OLD.reminded_at, OLD.overdue_at)
    IS DISTINCT FROM (NEW.status, NEW.proven_at, NEW.reminded_at, NEW.overdue_at))
  EXECUTE FUNCTION "tell_of_withdrawal"();

-- An event of Stripe's that is set aside, told to whom the account is connected. It has no words of Stripe's.
CREATE FUNCTION "tell_of_parked_event"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c "connection"%ROWTYPE;
BEGIN
  SELECT * INTO c FROM connection
  WHERE mode = NEW.mode AND account_id = NEW.account_id
  ORDER BY connected_at DESC NULLS LAST, created_at DESC LIMIT 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM tell_fact(
    c.coach_id, c.mode, 'connection.event_parked', NULL,
    jsonb_build_object('connectionId', c.id, 'stripeId', NEW.event_id), connection_state(c));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "fact_of_parked_event" AFTER UPDATE ON "inbox"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status <> 'parked' AND NEW.status = 'parked' AND NEW.account_id IS NOT NULL)
  EXECUTE FUNCTION "tell_of_parked_event"();

-- As before, and the new kinds.
CREATE OR REPLACE FUNCTION "mails_of"(f "fact") RETURNS TEXT[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  CASE f.type
    WHEN 'checkout.completed' THEN RETURN ARRAY['bought', 'sale'];
    WHEN 'payment.failed' THEN RETURN ARRAY['renewal_failed', 'payment_failed'];
    WHEN 'payment.refunded' THEN RETURN ARRAY['refunded'];
    WHEN 'payment.disputed' THEN RETURN ARRAY['dispute'];
    WHEN 'membership.recovered' THEN RETURN ARRAY['recovered'];
    WHEN 'membership.canceling' THEN RETURN ARRAY['cancellation_noted'];
    WHEN 'access.ended' THEN RETURN ARRAY['access_ended'];
    WHEN 'access.granted' THEN
      -- What was bought or taken for free is told by its checkout.
      RETURN CASE WHEN (
        SELECT bool_and(g.cause = 'gift') FROM "grant" g
        WHERE g.coach_id = f.coach_id AND g.mode = f.mode AND g.member_id = f.member_id
          AND g.product_id = f.ids->>'productId' AND NOT g.suspended AND NOT g.revoked
          AND (g.until IS NULL OR g.until > coach_time(f.coach_id, f.mode)))
        THEN ARRAY['gift'] ELSE '{}'::TEXT[] END;
    WHEN 'connection.updated' THEN
      RETURN CASE WHEN f.state->>'status' = 'connected' AND f.state->>'chargesEnabled' = 'false'
        THEN ARRAY['account_restricted'] ELSE '{}'::TEXT[] END;
    WHEN 'withdrawal.received', 'withdrawal.proven' THEN RETURN ARRAY['withdrawal_in'];
    WHEN 'withdrawal.due_soon', 'withdrawal.overdue', 'withdrawal.failed' THEN RETURN ARRAY['withdrawal_waits'];
    WHEN 'connection.event_parked' THEN RETURN ARRAY['event_parked'];
    WHEN 'webhook_endpoint.disabled' THEN
      RETURN CASE WHEN f.state->>'disabledReason' IN ('failing', 'gone')
        THEN ARRAY['endpoint_off'] ELSE '{}'::TEXT[] END;
    ELSE RETURN '{}'::TEXT[];
  END CASE;
END
$$;

CREATE OR REPLACE FUNCTION "queue_mails"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  to_coach CONSTANT TEXT[] := ARRAY['sale', 'payment_failed', 'dispute', 'account_restricted', 'endpoint_off',
    'withdrawal_in', 'withdrawal_waits', 'event_parked'];
  kinds TEXT[] := mails_of(NEW);
  choices "mail_settings"%ROWTYPE;
  of_kind TEXT;
BEGIN
  IF kinds && to_coach THEN
    SELECT * INTO choices FROM mail_settings WHERE coach_id = NEW.coach_id AND mode = NEW.mode;
    IF choices.coach_address IS NULL THEN
      kinds := ARRAY(SELECT unnest(kinds) EXCEPT SELECT unnest(to_coach));
    ELSIF 'sale' = ANY (kinds) AND choices.sales = 'daily' THEN
      kinds := array_remove(kinds, 'sale');
      -- All of a day (UTC) in one, the next morning.
      INSERT INTO mail (coach_id, mode, id, kind, key, about, due_at)
      SELECT NEW.coach_id, NEW.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), 'sales_of_the_day',
        'sales_of_the_day/' || to_char(day, 'YYYY-MM-DD'), jsonb_build_object('at', extract(epoch FROM day)::bigint),
        (day + interval '30 hours') AT TIME ZONE 'UTC'
      FROM (SELECT date_trunc('day', coach_time(NEW.coach_id, NEW.mode) AT TIME ZONE 'UTC') AS day) d
      ON CONFLICT (coach_id, mode, key) DO NOTHING;
    END IF;
  END IF;
  FOREACH of_kind IN ARRAY kinds LOOP
    INSERT INTO mail (coach_id, mode, id, kind, key, member_id, fact_id, ids, about)
    VALUES (
      NEW.coach_id, NEW.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), of_kind,
      -- However many are parked, of one account it is told once a day (UTC).
      CASE of_kind WHEN 'event_parked' THEN of_kind || '/' || (NEW.ids->>'connectionId') || '/'
        || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE NEW.id || '/' || of_kind END,
      NEW.member_id, NEW.id, NEW.ids, NEW.state)
    ON CONFLICT (coach_id, mode, key) DO NOTHING;
  END LOOP;
  IF NEW.type LIKE 'membership.%' THEN PERFORM queue_mails_of_membership(NEW);
  ELSIF NEW.type LIKE 'access.%' THEN PERFORM queue_mails_of_access(NEW);
  END IF;
  RETURN NULL;
END
$$;
