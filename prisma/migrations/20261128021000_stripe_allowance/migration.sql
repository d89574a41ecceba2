-- How far ahead the calls to Stripe on an account are spoken for. It is worth seconds: after a crash it begins anew, so it is
-- kept out of the write-ahead log. https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED
CREATE UNLOGGED TABLE "stripe_allowance" (
    "mode" "Mode" NOT NULL,
    "account_id" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "taken_until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "stripe_allowance_pkey" PRIMARY KEY ("mode", "account_id", "lane")
);
