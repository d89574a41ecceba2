-- Who may be shown the runs of all coaches: somebody of the platform's, by a link that says so.

ALTER TABLE "console_session" ADD COLUMN "operator" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "console_link" ADD COLUMN "operator" BOOLEAN NOT NULL DEFAULT false;
