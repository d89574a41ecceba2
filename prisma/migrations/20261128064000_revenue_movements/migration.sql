-- What each membership is worth a month, and since when: movements of the monthly recurring revenue (docs/figures.md).

CREATE TABLE "revenue_movement" (
    "position" BIGSERIAL NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "membership_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "price_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "amount" INTEGER NOT NULL,
    "amount_before" INTEGER NOT NULL,
    "from_product_id" TEXT NOT NULL,
    "from_price_id" TEXT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "revenue_movement_pkey" PRIMARY KEY ("position")
);
CREATE INDEX "revenue_movement_coach_id_mode_membership_id_position_idx"
  ON "revenue_movement"("coach_id", "mode", "membership_id", "position");
CREATE INDEX "revenue_movement_coach_id_mode_member_id_idx" ON "revenue_movement"("coach_id", "mode", "member_id");
CREATE INDEX "revenue_movement_coach_id_mode_at_idx" ON "revenue_movement"("coach_id", "mode", "at");
-- In the order in which figures are made of them.
CREATE INDEX "revenue_movement_figures_idx"
  ON "revenue_movement"("coach_id", "mode", "currency", "member_id", "at", "position")
  INCLUDE ("amount", "amount_before", "product_id", "price_id", "from_product_id", "from_price_id");
ALTER TABLE "revenue_movement" ADD CONSTRAINT "revenue_movement_coach_id_mode_membership_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "membership_id") REFERENCES "membership"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "revenue_movement" ADD CONSTRAINT "revenue_movement_coach_id_mode_member_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "member_id") REFERENCES "member"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- Trials by the month in which they ended.
CREATE INDEX "membership_trial_end_idx" ON "membership"("coach_id", "mode", "trial_end") WHERE "trial_end" IS NOT NULL;

-- What is there already, as far as it is known: each subscription at what it was sold for, from its start or the end of its
-- trial until its end. Not known: discounts, prices that it had in between, what was changed in Stripe. The next look at
-- each that goes on puts its amount right, and marks it so.
INSERT INTO "revenue_movement" ("coach_id", "mode", "membership_id", "member_id", "product_id", "price_id", "currency", "at",
  "amount", "amount_before", "from_product_id", "from_price_id", "estimated")
SELECT m.coach_id, m.mode, m.id, m.member_id, m.product_id, m.price_id, c.currency,
  GREATEST(m.started_at, COALESCE(m.trial_end, m.started_at)),
  worth.amount, 0, m.product_id, m.price_id, true
FROM "membership" m
JOIN "checkout" c ON c.id = m.checkout_id
JOIN "price" p ON p.id = m.price_id
CROSS JOIN LATERAL (SELECT round(p.unit_amount::numeric * m.quantity
  * (CASE p.interval WHEN 'day' THEN 365 WHEN 'week' THEN 52 WHEN 'month' THEN 12 ELSE 1 END)
  / (12 * COALESCE(p.interval_count, 1)))::integer AS amount) worth
WHERE m.kind = 'subscription' AND m.installments_due IS NULL AND p.interval IS NOT NULL AND worth.amount > 0
  AND m.stripe_status IS NOT NULL AND m.stripe_status NOT IN ('trialing', 'incomplete', 'incomplete_expired')
  AND (m.ended_at IS NULL OR m.ended_at > COALESCE(m.trial_end, m.started_at))
ORDER BY 8;
INSERT INTO "revenue_movement" ("coach_id", "mode", "membership_id", "member_id", "product_id", "price_id", "currency", "at",
  "amount", "amount_before", "from_product_id", "from_price_id", "estimated")
SELECT r.coach_id, r.mode, r.membership_id, r.member_id, r.product_id, r.price_id, r.currency,
  GREATEST(r.at, COALESCE(m.ended_at, m.paid_through, m.verified_at)), 0, r.amount, r.product_id, r.price_id, true
FROM "revenue_movement" r JOIN "membership" m ON m.id = r.membership_id
WHERE m.stripe_status NOT IN ('active', 'past_due')
ORDER BY 8;
