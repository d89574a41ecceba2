-- What a subscription's items are, its trial, its open invoice and its dispute, as the next look finds them.
ALTER TABLE "membership" ADD COLUMN "items" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN "trial_end" TIMESTAMPTZ(3),
ADD COLUMN "collection_method" TEXT,
ADD COLUMN "open_invoice" JSONB,
ADD COLUMN "disputed_at" TIMESTAMPTZ(3),
ADD COLUMN "evidence_due_at" TIMESTAMPTZ(3);

-- An item of another product of the coach gives that product as well.
ALTER TABLE "grant" ADD COLUMN "item_of_membership_id" TEXT;

CREATE UNIQUE INDEX "grant_item_of_membership_id_product_id_key" ON "grant"("item_of_membership_id", "product_id");

ALTER TABLE "grant" ADD CONSTRAINT "grant_coach_id_mode_item_of_membership_id_fkey" FOREIGN KEY ("coach_id", "mode", "item_of_membership_id") REFERENCES "membership"("coach_id", "mode", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
