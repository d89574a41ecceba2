-- A lease that ends now ends now: rounded to milliseconds it ended up to half of one later, and whoever was told of the row at once
-- did not find it. https://www.postgresql.org/docs/current/datatype-datetime.html
ALTER TABLE "inbox" ALTER COLUMN "lease_until" TYPE TIMESTAMPTZ(6);
ALTER TABLE "webhook_delivery" ALTER COLUMN "lease_until" TYPE TIMESTAMPTZ(6);
ALTER TABLE "mail" ALTER COLUMN "lease_until" TYPE TIMESTAMPTZ(6);
