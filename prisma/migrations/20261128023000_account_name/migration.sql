-- What the coach's business is called at Stripe, to be shown beside the id of the account.
ALTER TABLE "connection" ADD COLUMN "account_name" TEXT;
