-- What is counted for operators: mails that failed, or that nobody knows of, and deliveries that were given up, of the last day.
CREATE INDEX "mail_not_sent_idx" ON "mail" ("ended_at") WHERE "status" IN ('failed', 'unclear');
CREATE INDEX "webhook_delivery_failed_idx" ON "webhook_delivery" ("ended_at") WHERE "status" = 'failed';
