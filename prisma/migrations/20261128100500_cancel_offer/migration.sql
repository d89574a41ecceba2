-- What members who are about to cancel are offered beside it, and who has taken it.
CREATE TYPE "CancelOfferChoice" AS ENUM ('none', 'coupon', 'pause');

ALTER TABLE "settings" ADD COLUMN "cancel_offer" "CancelOfferChoice" NOT NULL DEFAULT 'none',
ADD COLUMN "cancel_offer_coupon_id" TEXT,
ADD COLUMN "cancel_offer_days" INTEGER NOT NULL DEFAULT 30;

ALTER TABLE "membership" ADD COLUMN "cancel_offer_taken_at" TIMESTAMPTZ(3);
