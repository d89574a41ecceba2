-- One mail to who does not finish a purchase, where they have asked for it (decision record 0080).

-- Kinds of mail that are sent only where the coach has chosen so.
ALTER TABLE "mail_settings" ADD COLUMN "on" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "checkout_reminder" (
    "checkout_id" TEXT NOT NULL,
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "text" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "address_hash" TEXT NOT NULL,
    "sealed" TEXT,

    CONSTRAINT "checkout_reminder_pkey" PRIMARY KEY ("checkout_id")
);
CREATE UNIQUE INDEX "checkout_reminder_coach_id_mode_checkout_id_key" ON "checkout_reminder" ("coach_id", "mode", "checkout_id");
CREATE INDEX "checkout_reminder_coach_id_mode_address_hash_idx" ON "checkout_reminder" ("coach_id", "mode", "address_hash");
ALTER TABLE "checkout_reminder" ADD CONSTRAINT "checkout_reminder_coach_id_mode_checkout_id_fkey"
  FOREIGN KEY ("coach_id", "mode", "checkout_id") REFERENCES "checkout" ("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whatever ends a checkout, the address is of no more use then: who is to be reminded has their mail already.
CREATE FUNCTION "forget_reminder"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE checkout_reminder SET sealed = NULL WHERE checkout_id = NEW.id AND sealed IS NOT NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER "reminder_of_ended_checkout" AFTER UPDATE OF "ended_at" ON "checkout" FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION "forget_reminder"();
