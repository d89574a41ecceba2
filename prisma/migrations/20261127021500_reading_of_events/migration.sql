-- Where an interrupted reading of an account's events goes on.
ALTER TABLE "event_cursor" ADD COLUMN "page_after" TEXT, ADD COLUMN "page_newest" TIMESTAMPTZ(3);
