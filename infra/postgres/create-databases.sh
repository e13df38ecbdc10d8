#!/bin/sh
# Run by the Postgres image on its first start, with an empty data volume: for each service a database and a user that
# owns it and nothing else.
set -eu

for service in $ALLIANCE_SERVICES; do
  name=$(echo "$service" | tr - _)
  psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set name="$name" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE USER :"name" PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
