-- What each member has paid in all, by currency: members are listed in that order, and no index has a sum. It follows each
-- payment at the end of its transaction, when no other row is waited for any more.
CREATE TABLE "member_paid" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "member_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "member_paid_pkey" PRIMARY KEY ("coach_id", "mode", "member_id", "currency"),
    CONSTRAINT "member_paid_coach_id_mode_member_id_fkey" FOREIGN KEY ("coach_id", "mode", "member_id")
      REFERENCES "member"("coach_id", "mode", "id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "member_paid_coach_id_mode_currency_amount_member_id_idx"
  ON "member_paid" ("coach_id", "mode", "currency", "amount", "member_id");

-- Minor units that a payment has brought: less what went back, or was lost in a dispute.
CREATE FUNCTION "brought_by"(p "payment") RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p.status <> 'succeeded' OR p.dispute = 'lost' THEN 0 ELSE p.amount - p.amount_refunded END::bigint
$$;

CREATE FUNCTION "count_paid"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND brought_by(OLD) <> 0 THEN
    -- Of a member who was merged into another there is none any more.
    UPDATE member_paid m SET amount = m.amount - brought_by(OLD)
    WHERE m.coach_id = OLD.coach_id AND m.mode = OLD.mode AND m.member_id = OLD.member_id AND m.currency = OLD.currency;
  END IF;
  IF TG_OP <> 'DELETE' AND brought_by(NEW) <> 0 THEN
    INSERT INTO member_paid AS m (coach_id, mode, member_id, currency, amount)
    VALUES (NEW.coach_id, NEW.mode, NEW.member_id, NEW.currency, brought_by(NEW))
    ON CONFLICT (coach_id, mode, member_id, currency) DO UPDATE SET amount = m.amount + EXCLUDED.amount;
  END IF;
  RETURN NULL;
END
$$;

-- From here on no payment is written until this has ended, so that each is counted once.
CREATE CONSTRAINT TRIGGER "count_new_payment" AFTER INSERT OR DELETE ON "payment"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "count_paid"();
CREATE CONSTRAINT TRIGGER "count_payment" AFTER UPDATE ON "payment"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (brought_by(OLD) <> brought_by(NEW) OR OLD.member_id <> NEW.member_id OR OLD.currency <> NEW.currency)
  EXECUTE FUNCTION "count_paid"();

INSERT INTO "member_paid" ("coach_id", "mode", "member_id", "currency", "amount")
SELECT p.coach_id, p.mode, p.member_id, p.currency, SUM(brought_by(p)) FROM "payment" p
GROUP BY 1, 2, 3, 4 HAVING SUM(brought_by(p)) <> 0;

-- Who owes something are few. It can be built before, under the same name, with CREATE INDEX CONCURRENTLY.
CREATE INDEX IF NOT EXISTS "membership_owing_idx" ON "membership" ("coach_id", "mode", "member_id")
  WHERE "open_invoice" IS NOT NULL AND "status" <> 'ended';
