-- Further mails (decision record 0053): those to the coach, and those that are due at a time of their own.

-- One that is due at a time of the coach, once for that time; what it is about is looked at then.
CREATE FUNCTION "queue_mail_at"(f "fact", of_kind TEXT, about_what TEXT, at TIMESTAMPTZ, lead INTERVAL) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  IF at IS NULL OR at - lead <= coach_time(f.coach_id, f.mode) THEN RETURN; END IF;
  INSERT INTO mail (coach_id, mode, id, kind, key, member_id, fact_id, ids, about, due_at)
  VALUES (
    f.coach_id, f.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), of_kind,
    of_kind || '/' || about_what || '/' || extract(epoch FROM at)::bigint,
    f.member_id, f.id, f.ids, jsonb_build_object('at', extract(epoch FROM at)::bigint), at - lead)
  ON CONFLICT (coach_id, mode, key) DO NOTHING;
END
$$;

CREATE FUNCTION "queue_mails_of_membership"(f "fact") RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  m "membership"%ROWTYPE;
BEGIN
  SELECT * INTO m FROM membership WHERE coach_id = f.coach_id AND mode = f.mode AND id = f.ids->>'membershipId';
  IF m.status = 'trialing' THEN
    PERFORM queue_mail_at(f, 'trial_ends_soon', m.id, COALESCE(m.trial_end, m.paid_through), interval '3 days');
  ELSIF m.status = 'active' AND EXISTS (
    SELECT 1 FROM price p WHERE p.coach_id = m.coach_id AND p.mode = m.mode AND p.id = m.price_id AND p.interval = 'year')
  THEN
    PERFORM queue_mail_at(f, 'renewal_soon', m.id, m.paid_through, interval '7 days');
  END IF;
END
$$;

-- Access whose end is known and that nothing renews: what was to be told of another end is told no more.
CREATE FUNCTION "queue_mails_of_access"(f "fact") RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mail
  WHERE coach_id = f.coach_id AND mode = f.mode AND member_id = f.member_id AND kind = 'access_ends_soon'
    AND status = 'queued' AND ids->>'productId' = f.ids->>'productId';
  IF f.state->>'until' IS NULL OR EXISTS (
    SELECT 1 FROM "grant" g JOIN membership m ON m.id = g.membership_id
    WHERE g.coach_id = f.coach_id AND g.mode = f.mode AND g.member_id = f.member_id
      AND g.product_id = f.ids->>'productId' AND m.status IN ('active', 'trialing'))
  THEN RETURN; END IF;
  PERFORM queue_mail_at(
    f, 'access_ends_soon', f.member_id || '/' || (f.ids->>'productId'), (f.state->>'until')::timestamptz, interval '1 day');
END
$$;

-- Which mails a fact asks for, by the kinds of src/domain/mails.ts. Whether one is still true is decided when its turn comes.
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
    WHEN 'webhook_endpoint.disabled' THEN
      RETURN CASE WHEN f.state->>'disabledReason' IN ('failing', 'gone')
        THEN ARRAY['endpoint_off'] ELSE '{}'::TEXT[] END;
    ELSE RETURN '{}'::TEXT[];
  END CASE;
END
$$;

CREATE OR REPLACE FUNCTION "queue_mails"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  to_coach CONSTANT TEXT[] := ARRAY['sale', 'payment_failed', 'dispute', 'account_restricted', 'endpoint_off'];
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
      NEW.coach_id, NEW.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), of_kind, NEW.id || '/' || of_kind,
      NEW.member_id, NEW.id, NEW.ids, NEW.state);
  END LOOP;
  IF NEW.type LIKE 'membership.%' THEN PERFORM queue_mails_of_membership(NEW);
  ELSIF NEW.type LIKE 'access.%' THEN PERFORM queue_mails_of_access(NEW);
  END IF;
  RETURN NULL;
END
$$;
