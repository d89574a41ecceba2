#!/bin/sh
# Makes what docker-compose.yml reads from files and nobody has to know: a password for each role of the database, the
# platform's key, the encryption key. What is there stays. Stripe's are yours to put in; a file that is empty stands for
# none.
set -eu
folder=${1:-"$(dirname "$0")/../secrets"}
mkdir -p "$folder"
# Nobody else on this machine comes in; the programs in the containers, which are other users, read what they are given.
chmod 700 "$folder"
put() {
  if [ ! -s "$folder/$1" ]; then
    "$2" >"$folder/$1"
    chmod 444 "$folder/$1"
    echo "made $folder/$1"
  fi
}
hex() { openssl rand -hex 24; }
key() { openssl rand -base64 32; }
none() { :; }
for role in '' _owner _api _worker _temporal; do put "postgres${role}_password" hex; done
put platform_key hex
put encryption_key key
for mode in test live; do
  for what in secret_key connect_webhook_secret platform_webhook_secret; do
    [ -e "$folder/stripe_${mode}_$what" ] || put "stripe_${mode}_$what" none
  done
done
[ -e "$folder/temporal_payload_keys" ] || put temporal_payload_keys none
