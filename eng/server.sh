# What every script that runs a throwaway server needs: users, ports, waiting, stopping, certificates. Sourced, not run.
SERVERS_USER=${SERVERS_USER:-nobody}    # servers refuse to run as root; root's run as this user

log() { echo "$*" >&2; }
die() { echo "error: $*" >&2; exit 1; }

# --- users: a database server never runs as root -----------------------------------------------------------------------

as_server() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid="$SERVERS_USER" --regid="$(id -g "$SERVERS_USER")" --clear-groups env HOME=/nonexistent "$@"; else "$@"; fi
}
# By exec, so that $! of `( exec_as_server … ) &` is the server itself.
exec_as_server() {
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid="$SERVERS_USER" --regid="$(id -g "$SERVERS_USER")" --clear-groups env HOME=/nonexistent "$@"; else exec "$@"; fi
}
hand_over() {
  [ "$(id -u)" = 0 ] || return 0
  chown -R "$SERVERS_USER:$(id -g "$SERVERS_USER")" "$1"
  as_server test -x "$1" || die "the server's user $SERVERS_USER cannot reach $1; choose a folder below /tmp"
}

# --- Docker -----------------------------------------------------------------------------------------------------------

docker_answers() { command -v docker >/dev/null && timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# --- ports and waiting -------------------------------------------------------------------------------------------------

# Below the ephemeral range (32768 and up), so that no outgoing connection takes it in the meantime.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  die "no free TCP port between 20000 and 32000"
}
wait_until() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ "$SECONDS" -lt "$end" ] || return 1; sleep 0.05; done
}
facts() { local fact; for fact; do printf '%s=%q\n' "${fact%%=*}" "${fact#*=}"; done; }

# --- stopping ----------------------------------------------------------------------------------------------------------

gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
# Ends when the pid itself is free: PostgreSQL takes a zombie with its old pid for a server that still runs.
stop_pid() {
  local pid=$1 signal=$2
  kill "-$signal" "$pid" 2>/dev/null || return 0
  wait_until 60 gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  wait_until 5 test ! -e "/proc/$pid" || true
}
# Stopped first, so that the parent cannot react to the death of a child.
kill_family() {
  local pid=$1 family
  kill -STOP "$pid" 2>/dev/null || return 0
  family="$pid $(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)"
  kill -KILL $family 2>/dev/null || true
  for pid in $family; do wait_until 10 gone "$pid" || true; done    # the last of them releases the shared memory
  wait_until 5 test ! -e "/proc/${family%% *}" || true
}
stop_with_owner() {
  [ -n "${SERVERS_OWNER_PID:-}" ] || return 0
  setsid "$0" stop-with-owner "$SERVERS_OWNER_PID" "$1" "$(sed -n 's/^PID=//p' "$1/env")" </dev/null >/dev/null 2>&1 &
  disown $!
}
# OWNER TEST…: true when the owner has ended first, false when the server has, which TEST tells.
outlived_owner() { until gone "$1"; do ! "${@:2}" || return 1; sleep 1; done; }

# --- certificates ------------------------------------------------------------------------------------------------------

# ca.crt; server.crt for localhost and 127.0.0.1; client.crt for CN=cdc; other-ca.crt, to prove that a stranger is refused.
make_tls() {
  local dir=$1 name
  [ ! -e "$dir/client.crt" ] || return 0
  command -v openssl >/dev/null || { log "no openssl on PATH: the server runs without TLS"; return 0; }
  mkdir -p "$dir"
  local ec=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -batch)
  for name in ca other-ca; do
    openssl req -x509 "${ec[@]}" -keyout "$dir/$name.key" -out "$dir/$name.crt" -subj "/CN=throwaway $name" 2>/dev/null
  done
  sign server localhost subjectAltName=DNS:localhost,IP:127.0.0.1
  sign client cdc extendedKeyUsage=clientAuth
  chmod 600 "$dir"/*.key
}
sign() {
  openssl req "${ec[@]}" -keyout "$dir/$1.key" -out "$dir/$1.csr" -subj "/CN=$2" 2>/dev/null
  openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days 3650 -extfile <(echo "$3") -out "$dir/$1.crt" 2>/dev/null
}
