ALTER TABLE "idempotency_record" ADD COLUMN "holder" INTEGER;
