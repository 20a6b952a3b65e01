#!/usr/bin/env bash
# A real, throwaway PostgreSQL for the demo and the tests; nothing of the machine is changed.
#
#   eng/postgres.sh ensure                              make sure a server can be had, say which
#   eng/postgres.sh bin                                 the folder of its programs (never Docker): POSTGRES_BIN for the tests
#   eng/postgres.sh start NAME DIR PORT [-c name=value]…   start (or restart) the server that lives in DIR; PORT 0 = a free one
#   eng/postgres.sh env DIR                             its facts as NAME=value lines: HOST PORT PID BIN DIR FROM
#   eng/postgres.sh stop DIR [fast|kill]                stop it; kill = every process at once, as a power cut would
#
# Where the server comes from, first match wins (POSTGRES_FROM=installed|docker|packages forces one):
#   installed  POSTGRES_BIN, else PATH, else the newest /usr/lib/postgresql/*/bin
#   docker     image POSTGRES_IMAGE (default postgres:17), when an engine answers
#   packages   Debian packages downloaded by this machine's own apt into a private folder (SERVERS_HOME, default .servers)
#
# A new server has wal_level=logical, TLS by its own CA (DIR/tls/ca.crt), SCRAM passwords over TCP, and for everybody
# to know since it listens on 127.0.0.1 only: postgres/pgpw (superuser), cdc/cdcpw (replication), app/apppw (owner of database app).
# SERVERS_OWNER_PID: the server stops by itself once that process is gone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/server.sh"

settings=(-c listen_addresses=127.0.0.1 -c wal_level=logical -c max_wal_senders=20 -c max_replication_slots=20
  -c fsync=off -c jit=off -c timezone=UTC -c log_timezone=UTC -c log_replication_commands=on)   # fsync=off outlives kill -9, not a power cut
image=${POSTGRES_IMAGE:-postgres:17}

# --- where it comes from ---------------------------------------------------------------------------------------------

installed_bin() {
  local bin
  for bin in "${POSTGRES_BIN:-}" "$(dirname "$(readlink -f "$(command -v postgres || echo /none/none)")")" \
             $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
    if [ -n "$bin" ] && [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ]; then echo "$bin"; return; fi
  done
  return 1
}

# Sets FROM and, unless it is docker, BIN.
find_server() {
  case ${POSTGRES_FROM:-any} in
    installed) BIN=$(installed_bin) || die "POSTGRES_FROM=installed, but there is no postgres in POSTGRES_BIN, on PATH or in /usr/lib/postgresql"; FROM=installed;;
    docker) docker_answers || die "POSTGRES_FROM=docker, but no Docker engine answers"; FROM=docker BIN=;;
    packages) use_packages;;
    any)
      if BIN=$(installed_bin); then FROM=installed
      elif docker_answers; then FROM=docker BIN=
      else use_packages; fi;;
    *) die "POSTGRES_FROM=$POSTGRES_FROM: expected installed, docker or packages";;
  esac
}

use_packages() {
  command -v apt-get >/dev/null ||
    die "no PostgreSQL: none is installed, no Docker engine answers, and this is no Debian or Ubuntu whose packages could be unpacked. Install PostgreSQL 13 or newer, or set POSTGRES_BIN."
  . "$here/packages.sh"
  FROM=packages BIN=$(postgres_packages)
}

# --- verbs -----------------------------------------------------------------------------------------------------------

ensure() {
  find_server
  [ "$FROM" != docker ] || docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null
  echo "PostgreSQL: $FROM ${BIN:-$image}"
}

bin() {
  if [ "${POSTGRES_FROM:-any}" = packages ] || ! BIN=$(installed_bin); then use_packages; fi
  echo "$BIN"
}

start() {
  [ $# -ge 3 ] || die "usage: postgres.sh start NAME DIR PORT [-c name=value]…"
  local name=$1 dir port=$3; mkdir -p "$2"; dir=$(cd "$2" && pwd); shift 3
  find_server
  [ "$port" != 0 ] || port=$(free_port)
  make_tls "$dir/tls"
  roles > "$dir/roles.sql"
  hand_over "$dir"
  if [ "$FROM" = docker ]; then start_container "$name" "$dir" "$port" "$@"; else start_process "$name" "$dir" "$port" "$@"; fi
  stop_with_owner "$dir"
  log "$name: PostgreSQL ($FROM) on 127.0.0.1:$port"
}

# One statement a line: `postgres --single` takes no other form.
roles() {
  cat <<'SQL'
CREATE ROLE cdc LOGIN REPLICATION PASSWORD 'cdcpw';
CREATE ROLE app LOGIN PASSWORD 'apppw';
CREATE DATABASE app OWNER app;
SQL
}

start_process() {
  local name=$1 dir=$2 port=$3; shift 3
  if [ ! -e "$dir/data/PG_VERSION" ]; then
    echo pgpw > "$dir/password"; hand_over "$dir"
    as_server "$BIN/initdb" -D "$dir/data" -U postgres --pwfile="$dir/password" --auth-host=scram-sha-256 --auth-local=trust \
      -E UTF8 --locale=C --no-sync --data-checksums > "$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
    as_server "$BIN/postgres" --single -D "$dir/data" postgres < "$dir/roles.sql" >> "$dir/initdb.log" 2>&1 ||
      { cat "$dir/initdb.log" >&2; die "the roles could not be made"; }
  fi
  local tls=()
  [ ! -e "$dir/tls/server.crt" ] ||
    tls=(-c ssl=on -c "ssl_ca_file=$dir/tls/ca.crt" -c "ssl_cert_file=$dir/tls/server.crt" -c "ssl_key_file=$dir/tls/server.key")
  # A session of its own: Ctrl-C in the terminal is for the pipeline; whoever started the server stops it.
  ( exec_as_server setsid "$BIN/postgres" -D "$dir/data" -p "$port" -k '' "${settings[@]}" "${tls[@]}" "$@" </dev/null >> "$dir/server.log" 2>&1 ) &
  local pid=$!
  facts "NAME=$name" HOST=127.0.0.1 "PORT=$port" "PID=$pid" "BIN=$BIN" "DIR=$dir" FROM="$FROM" > "$dir/env"
  wait_until 60 ready "$dir" "$pid" || { tail -20 "$dir/server.log" >&2; stop_pid "$pid" QUIT; die "PostgreSQL of $name did not start; its log is $dir/server.log"; }
  disown "$pid"
}

# Line 1 of postmaster.pid must be our process: a killed server leaves its file, with "ready" in line 8, behind.
ready() {
  kill -0 "$2" 2>/dev/null || die "PostgreSQL ended while starting: $(tail -3 "$1/server.log")"
  [ "$(sed -n '1p;8p' "$1/data/postmaster.pid" 2>/dev/null | tr -s ' \n' ' ')" = "$2 ready " ]
}

start_container() {
  local name=$1 dir=$2 port=$3 box; shift 3
  box=cdcflow-$name-$port
  local tls=(); mkdir -p "$dir/tls"
  [ ! -e "$dir/tls/server.crt" ] || tls=(-c ssl=on -c ssl_ca_file=/tls/ca.crt -c ssl_cert_file=/tls/server.crt -c ssl_key_file=/server.key)
  # The key is copied inside, since PostgreSQL accepts only one that its own user owns.
  docker run -d --rm --name "$box" -p "127.0.0.1:$port:5432" -e POSTGRES_PASSWORD=pgpw -e POSTGRES_INITDB_ARGS=--data-checksums \
    -e PGDATA=/data/pg -v "cdcflow-$name-$port:/data" -v "$dir/tls:/tls:ro" -v "$dir/roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro" \
    --entrypoint bash "$image" -c '[ ! -e /tls/server.key ] || install -o postgres -m 600 /tls/server.key /server.key; exec docker-entrypoint.sh postgres "$@"' postgres \
    "${settings[@]}" -c listen_addresses='*' "${tls[@]}" "$@" >/dev/null
  facts "NAME=$name" HOST=127.0.0.1 "PORT=$port" "PID=$(docker inspect -f '{{.State.Pid}}' "$box")" BIN= "DIR=$dir" FROM=docker "BOX=$box" > "$dir/env"
  # By TCP: while the image initialises, its temporary server listens on the unix socket only.
  wait_until 120 docker exec "$box" pg_isready -q -h 127.0.0.1 || { docker logs --tail 20 "$box" >&2; die "the container $box did not start"; }
}

# DIR PID. A container's process may be out of sight: in another namespace, or another machine's.
ended() {
  local box; box=$(sed -n 's/^BOX=//p' "$1/env")
  if [ -n "$box" ]; then [ "$(docker inspect -f '{{.State.Running}}' "$box" 2>/dev/null)" != true ]; else gone "$2"; fi
}

stop() {
  local dir=$1 how=${2:-fast} FROM='' PID='' BOX=''
  [ -e "$dir/env" ] || return 0
  . "$dir/env"
  case $FROM-$how in
    docker-kill) docker kill "$BOX" >/dev/null 2>&1 || true;;
    docker-*) docker stop "$BOX" >/dev/null 2>&1 || true; docker volume rm "$BOX" >/dev/null 2>&1 || true;;
    *-kill) kill_family "$PID";;
    *) stop_pid "$PID" INT;;        # INT is PostgreSQL's "fast": roll back and close down
  esac
}

verb=${1:-help}; shift || true
case $verb in
  ensure) ensure;;
  bin) bin;;
  start) start "$@";;
  stop) [ $# -ge 1 ] || die "usage: postgres.sh stop DIR [fast|kill]"; stop "$@";;
  env) [ -e "${1:?DIR}/env" ] || die "no server was started in $1"; cat "$1/env";;
  stop-with-owner) ! outlived_owner "$1" ended "$2" "$3" || stop "$2";;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; [ "$verb" = help ] || exit 2;;
esac
