-- A payment that does not match what was sold needs a review; 'held' is what a seat is.
ALTER TYPE "CheckoutStatus" RENAME VALUE 'held' TO 'needs_review';
UPDATE "timeline_entry" SET "kind" = 'checkout_needs_review' WHERE "kind" = 'checkout_held';
