#!/usr/bin/env bash
# The roles of the database, by prisma/roles.sql; passwords come of the secrets' files and reach it as settings of the
# session, not as arguments.
set -euo pipefail
secret() { cat "/run/secrets/$1"; }
PGPASSWORD=$(secret postgres_password)
OWNER_PASSWORD=$(secret postgres_owner_password)
API_PASSWORD=$(secret postgres_api_password)
WORKER_PASSWORD=$(secret postgres_worker_password)
TEMPORAL_PASSWORD=$(secret postgres_temporal_password)
export PGPASSWORD OWNER_PASSWORD API_PASSWORD WORKER_PASSWORD TEMPORAL_PASSWORD
psql --no-psqlrc --set=ON_ERROR_STOP=1 --quiet <<'SQL'
\getenv owner OWNER_PASSWORD
\getenv api API_PASSWORD
\getenv worker WORKER_PASSWORD
\getenv temporal TEMPORAL_PASSWORD
\o /dev/null
SELECT set_config('session.owner_password', :'owner', false),
  set_config('session.api_password', :'api', false),
  set_config('session.worker_password', :'worker', false),
  set_config('session.temporal_password', :'temporal', false);
\o
\i /roles.sql
SQL
