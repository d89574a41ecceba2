ALTER TABLE "membership" ADD COLUMN "plan_before" TEXT;
