-- Facts are told to people by mail (decision record 0053). What is to be sent is a row that the fact's own transaction
-- writes; the relay gives each row its run. No address stands here: it is read when the mail is sent.

CREATE TYPE "MailStatus" AS ENUM ('queued', 'sending', 'sent', 'unclear', 'stale', 'suppressed', 'failed');

CREATE TABLE "mail" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "member_id" TEXT,
  "fact_id" TEXT,
  "ids" JSONB NOT NULL DEFAULT '{}',
  "about" JSONB NOT NULL DEFAULT '{}',
  "sealed" TEXT,
  "status" "MailStatus" NOT NULL DEFAULT 'queued',
  "reason" TEXT,
  "answer" TEXT,
  "round" INTEGER NOT NULL DEFAULT 1,
  "tries" INTEGER NOT NULL DEFAULT 0,
  "due_at" TIMESTAMPTZ(3),
  "next_try_at" TIMESTAMPTZ(3),
  "handed_over_at" TIMESTAMPTZ(3),
  "lease_until" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "mail_pkey" PRIMARY KEY ("coach_id", "mode", "id")
);
CREATE UNIQUE INDEX "mail_coach_id_mode_key_key" ON "mail" ("coach_id", "mode", "key");
CREATE INDEX "mail_coach_id_mode_created_at_id_idx" ON "mail" ("coach_id", "mode", "created_at", "id");
CREATE INDEX "mail_coach_id_mode_member_id_idx" ON "mail" ("coach_id", "mode", "member_id");
CREATE INDEX "mail_created_at_idx" ON "mail" ("created_at");
-- What the relay looks for: what is due and has no run, and whose run may be lost.
CREATE INDEX "mail_queued_idx" ON "mail" (COALESCE("due_at", "created_at")) WHERE "status" = 'queued';
CREATE INDEX "mail_sending_idx" ON "mail" (COALESCE("next_try_at", "lease_until")) WHERE "status" = 'sending';

CREATE TABLE "mail_settings" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "language" TEXT NOT NULL DEFAULT 'en',
  "reply_to" TEXT,
  "colour" TEXT,
  "off" TEXT[] NOT NULL DEFAULT '{}',
  "coach_address" TEXT,
  "sales" TEXT NOT NULL DEFAULT 'each',
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT "mail_settings_pkey" PRIMARY KEY ("coach_id", "mode"),
  CONSTRAINT "mail_settings_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "mail_text" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "kind" TEXT NOT NULL,
  "language" TEXT NOT NULL,
  "before" TEXT NOT NULL DEFAULT '',
  "after" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "mail_text_pkey" PRIMARY KEY ("coach_id", "mode", "kind", "language"),
  CONSTRAINT "mail_text_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "mail_suppression" (
  "coach_id" TEXT NOT NULL,
  "mode" "Mode" NOT NULL,
  "address_hash" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "member_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT "mail_suppression_pkey" PRIMARY KEY ("coach_id", "mode", "address_hash", "reason")
);
CREATE INDEX "mail_suppression_coach_id_mode_created_at_idx" ON "mail_suppression" ("coach_id", "mode", "created_at");
CREATE INDEX "mail_suppression_coach_id_mode_member_id_idx" ON "mail_suppression" ("coach_id", "mode", "member_id");

-- The relay hears of a new row at once; its poll is only the fallback, and what a row with a time of its own waits for.
CREATE FUNCTION "mail_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mail', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER "mail_notify" AFTER INSERT ON "mail" FOR EACH ROW WHEN (NEW.due_at IS NULL)
  EXECUTE FUNCTION "mail_notify"();

-- Which mails a fact asks for, by the kinds of src/domain/mails.ts. Whether one is still true is decided when its turn comes.
CREATE FUNCTION "mails_of"(f "fact") RETURNS TEXT[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  CASE f.type
    WHEN 'checkout.completed' THEN RETURN ARRAY['bought'];
    WHEN 'payment.failed' THEN RETURN ARRAY['renewal_failed'];
    WHEN 'access.ended' THEN RETURN ARRAY['access_ended'];
    WHEN 'access.granted' THEN
      -- What was bought or taken for free is told by its checkout.
      RETURN CASE WHEN (
        SELECT bool_and(g.cause = 'gift') FROM "grant" g
        WHERE g.coach_id = f.coach_id AND g.mode = f.mode AND g.member_id = f.member_id
          AND g.product_id = f.ids->>'productId' AND NOT g.suspended AND NOT g.revoked
          AND (g.until IS NULL OR g.until > coach_time(f.coach_id, f.mode)))
        THEN ARRAY['gift'] ELSE '{}'::TEXT[] END;
    ELSE RETURN '{}'::TEXT[];
  END CASE;
END
$$;

CREATE FUNCTION "queue_mails"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mail (coach_id, mode, id, kind, key, member_id, fact_id, ids, about)
  SELECT NEW.coach_id, NEW.mode, 'mail_' || replace(gen_random_uuid()::text, '-', ''), kind, NEW.id || '/' || kind,
    NEW.member_id, NEW.id, NEW.ids, NEW.state
  FROM unnest(mails_of(NEW)) AS kind;
  RETURN NULL;
END
$$;
CREATE TRIGGER "queue_mails" AFTER INSERT ON "fact" FOR EACH ROW EXECUTE FUNCTION "queue_mails"();
