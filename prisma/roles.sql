-- One role a purpose, so that what one program can do does not depend on what another needs:
--
--   session_owner   owns the database and its schema; migrations run as it, and nothing else does
--   session_api     reads and writes rows; can change nothing of the schema
--   session_worker  the same, for the worker
--   temporal        owns Temporal's own databases; only where a password for it is given
--
-- A superuser runs this in the product's database before the migrations. Safe to repeat: passwords are set anew, and what
-- an earlier version made as another role is handed to the owner. The passwords are settings of the session:
-- session.owner_password, session.api_password, session.worker_password, session.temporal_password.

DO $$
DECLARE
  purpose text;
  password text;
BEGIN
  FOREACH purpose IN ARRAY ARRAY['owner', 'api', 'worker'] LOOP
    password := current_setting('session.' || purpose || '_password', true);
    IF COALESCE(password, '') = '' THEN
      RAISE EXCEPTION 'The role session_% has no password: set session.%_password.', purpose, purpose;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'session_' || purpose) THEN
      EXECUTE format('CREATE ROLE %I', 'session_' || purpose);
    END IF;
    EXECUTE format(
      'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
      'session_' || purpose, password);
  END LOOP;

  password := current_setting('session.temporal_password', true);
  IF COALESCE(password, '') <> '' THEN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'temporal') THEN
      CREATE ROLE temporal;
    END IF;
    EXECUTE format(
      'ALTER ROLE temporal LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L', password);
  END IF;
END $$;

-- The database and its schema are the owner's, and nobody else comes in unasked.
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO session_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO session_api, session_worker', current_database());
END $$;
ALTER SCHEMA public OWNER TO session_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO session_api, session_worker;

-- What was made as another role. A sequence of a column goes with its table.
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER TABLE %s OWNER TO session_owner', oid::regclass) FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
        AND relowner <> 'session_owner'::regrole
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO session_owner', oid::regtype) FROM pg_type
      WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') AND typowner <> 'session_owner'::regrole
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO session_owner', oid::regprocedure) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND proowner <> 'session_owner'::regrole
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;

-- Rows, and nothing but rows; of what migrations make later, too.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO session_api, session_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO session_api, session_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE session_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO session_api, session_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE session_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO session_api, session_worker;
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    REVOKE ALL ON TABLE public._prisma_migrations FROM session_api, session_worker;
  END IF;
END $$;
