-- The mail on the day on which access begins that was bought before (decision record 0079).

-- As before, and the mail.
CREATE OR REPLACE FUNCTION "tell_access"(of_coach TEXT, of_mode "Mode", of_member TEXT, of_product TEXT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  of_fact TEXT;
  told member_product%ROWTYPE;
  present TIMESTAMPTZ := coach_time(of_coach, of_mode);
  begun TIMESTAMPTZ;
  has BOOLEAN;
  ends TIMESTAMPTZ(3);
  begins TIMESTAMPTZ(3);
BEGIN
  SELECT * INTO told FROM member_product
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  -- Hosts' clocks differ a little: what was told to have begun is not taken back for that.
  begun := present + CASE WHEN told.told_access THEN interval '1 minute' ELSE interval '0' END;
  SELECT count(*) FILTER (WHERE starts_at <= begun) > 0,
    CASE WHEN bool_or(until IS NULL) FILTER (WHERE starts_at <= begun) THEN NULL
      ELSE max(until) FILTER (WHERE starts_at <= begun) END,
    min(starts_at) FILTER (WHERE starts_at > begun)
  INTO has, ends, begins
  FROM "grant"
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product
    AND NOT suspended AND NOT revoked AND (until IS NULL OR until > present);
  IF (has, ends, begins) IS NOT DISTINCT FROM (told.told_access, told.told_until, told.begins_at) THEN RETURN; END IF;
  UPDATE member_product SET told_access = has, told_until = ends, begins_at = begins
  WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product;
  IF has = told.told_access AND ends IS NOT DISTINCT FROM told.told_until THEN RETURN; END IF;
  of_fact := tell_fact(
    of_coach, of_mode,
    CASE WHEN NOT has THEN 'access.ended' WHEN NOT told.told_access THEN 'access.granted' ELSE 'access.changed' END,
    of_member, jsonb_build_object('productId', of_product),
    jsonb_build_object('object', 'access', 'access', has, 'until', fact_time(ends)));
  -- Once for each beginning, and of what was bought, not of each product that it gives besides.
  IF has AND NOT told.told_access AND told.begins_at <= begun AND EXISTS (
    SELECT 1 FROM "grant"
    WHERE coach_id = of_coach AND mode = of_mode AND member_id = of_member AND product_id = of_product
      AND starts_at = told.begins_at AND item_of_membership_id IS NULL AND NOT suspended AND NOT revoked)
  THEN
    INSERT INTO mail (coach_id, mode, id, kind, key, member_id, fact_id, ids)
    VALUES (
      of_coach, of_mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), 'access_begins',
      'access_begins/' || of_member || '/' || of_product || '/' || extract(epoch FROM told.begins_at)::bigint,
      of_member, of_fact, jsonb_build_object('productId', of_product))
    ON CONFLICT (coach_id, mode, key) DO NOTHING;
  END IF;
END
$$;

-- As before, and a gift is one also to who has bought what begins later.
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
          AND (g.until IS NULL OR g.until > coach_time(f.coach_id, f.mode))
          AND g.starts_at <= coach_time(f.coach_id, f.mode) + interval '1 minute')
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
