-- Every process that knows a key is told when it is revoked (src/db/known-keys.ts). Of the key only its id is said.
CREATE FUNCTION "api_key_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('api_key', OLD."id");
  RETURN NULL;
END $$;
CREATE TRIGGER "api_key_revoked" AFTER UPDATE OF "revoked_at", "hash", "mode", "coach_id" OR DELETE ON "api_key"
  FOR EACH ROW EXECUTE FUNCTION "api_key_notify"();
