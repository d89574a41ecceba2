-- Ways to look at the members that a coach's people have kept.
CREATE TABLE "member_view" (
    "coach_id" TEXT NOT NULL,
    "mode" "Mode" NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "who" TEXT,
    "product_id" TEXT,
    "sort" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_view_pkey" PRIMARY KEY ("coach_id", "mode", "id"),
    CONSTRAINT "member_view_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coach"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "member_view_coach_id_mode_name_key" ON "member_view" ("coach_id", "mode", "name");
