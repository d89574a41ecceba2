-- Two ways to connect: OAuth with an account that the coach has, or account links with one that is created for them.

CREATE TYPE "ConnectFlow" AS ENUM ('oauth', 'account_links');

ALTER TABLE "connection"
  ADD COLUMN "flow" "ConnectFlow" NOT NULL DEFAULT 'oauth',
  ADD COLUMN "created_account_id" TEXT;
