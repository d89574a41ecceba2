#!/bin/sh
# Temporal's own tables, made or brought to the server's version; harmless where they are. The schemas are in the tool.
# https://docs.temporal.io/self-hosted-guide/upgrade-server
set -eu
SQL_PASSWORD=$(cat /run/secrets/postgres_temporal_password)
export SQL_PASSWORD
schema() {
  temporal-sql-tool --db "$1" create
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "$2"
}
schema temporal postgresql/v12/temporal
schema temporal_visibility postgresql/v12/visibility
