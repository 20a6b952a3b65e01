# A throwaway PostgreSQL, and the two databases of a case on it. Sourced by run.sh.

as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; else "$@"; fi; }

start_server() {
  data=$work/server port=$((20000 + RANDOM % 20000))
  mkdir -m 777 "$data"
  as_server "$POSTGRES_BIN/initdb" -D "$data/data" -U postgres -A trust --no-sync > "$work/initdb.log"
  cat > "$data/hba" <<<$'local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 scram-sha-256'
  chmod 644 "$data/hba"
  as_server "$POSTGRES_BIN/postgres" -D "$data/data" -p "$port" -k "$data" -h 127.0.0.1 -c wal_level=logical -c max_replication_slots=20 -c max_wal_senders=20 \
    -c fsync=off -c hba_file="$data/hba" -c password_encryption=scram-sha-256 > "$work/server.log" 2>&1 &
  server=started
  wait_until "the server answers" psql_in postgres -c 'SELECT 1'
  psql_in postgres -c 'CREATE ROLE cdc LOGIN REPLICATION'
}

# A background job of a script ignores the interrupt that would stop the server.
stop_server() { as_server "$POSTGRES_BIN/pg_ctl" -D "$data/data" -m fast -w stop > /dev/null; }

# psql_in DATABASE ARGS…: as the superuser. The pipeline, and what a case does at its two ends, is the role cdc, which owns the databases and may replicate.
psql_in() { "$PSQL" -X -q -A -t -v ON_ERROR_STOP=1 -h "$data" -p "$port" -U "${role:-postgres}" -d "$1" "${@:2}"; }

connection() { echo "Host=$data;Port=$port;Username=cdc;Database=$1;SSL Mode=Disable"; }

make_databases() { psql_in postgres -c 'CREATE DATABASE shop OWNER cdc' -c 'CREATE DATABASE warehouse OWNER cdc' > /dev/null; }

drop_databases() {
  psql_in postgres -c "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL" > /dev/null
  wait_until "slots are free" slots_dropped
  for database in $(psql_in postgres -c "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')"); do
    psql_in postgres -c "DROP DATABASE $database WITH (FORCE)" > /dev/null
  done
}

slots_dropped() { psql_in postgres -c "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"; }
