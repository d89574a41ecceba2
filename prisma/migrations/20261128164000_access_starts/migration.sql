-- A programme with a start date (decision record 0079): what is bought before it gives access from then on.

ALTER TABLE "price" ADD COLUMN "access_starts_at" TIMESTAMPTZ(3);
ALTER TABLE "membership" ADD COLUMN "access_starts_at" TIMESTAMPTZ(3);

-- When access begins that nobody was told of yet; null: none is to come.
ALTER TABLE "member_product" ADD COLUMN "begins_at" TIMESTAMPTZ(3);
-- What the sweep looks for: access that the clock has begun.
CREATE INDEX "member_product_begins_at_idx" ON "member_product" ("begins_at") WHERE "begins_at" IS NOT NULL;

-- As before, and a grant counts from its start: until then nothing is told but to the sweep, which tells it when it has come.
CREATE OR REPLACE FUNCTION "tell_access"(of_coach TEXT, of_mode "Mode", of_member TEXT, of_product TEXT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
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
  PERFORM tell_fact(
    of_coach, of_mode,
    CASE WHEN NOT has THEN 'access.ended' WHEN NOT told.told_access THEN 'access.granted' ELSE 'access.changed' END,
    of_member, jsonb_build_object('productId', of_product),
    jsonb_build_object('object', 'access', 'access', has, 'until', fact_time(ends)));
END
$$;
