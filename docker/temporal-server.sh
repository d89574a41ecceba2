#!/bin/sh
# The server's own start, with the password of its database from the secret's file.
set -eu
POSTGRES_PWD=$(cat /run/secrets/postgres_temporal_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
