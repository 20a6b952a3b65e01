# What a case is written in. Each step ends the case with a sentence where what it expects is not so.

fail() { echo "  ✗ $*" >&2; [ -z "${said:-}" ] || { echo "  the program said last:"; sed 's/^/    /' <<< "$said"; } >&2; exit 1; }

# wait_until WHAT COMMAND…: as long as it takes, within two minutes.
wait_until() {
  local what=$1; shift
  local end=$((SECONDS + 120))
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what: not within two minutes"
    sleep 0.2
  done
}

# settings PIPELINE…: the settings file of the case's program, which has these pipelines.
settings() {
  local pipeline sections=
  for pipeline in "$@"; do
    sections+="${sections:+,} \"$pipeline\": { \"Checkpoint\": { \"Store\": \"checkpoints/$pipeline\", \"Interval\": \"200ms\", \"LeaseWait\": \"1s\" } }"
  done
  cat > "$folder/appsettings.json" <<< "{
    \"ConnectionStrings\": { \"shop\": \"$(connection shop)\", \"main\": \"$(connection shop)\", \"warehouse\": \"$(connection warehouse)\", \"files\": \"files\" },
    \"CdcFlow\": {$sections }
  }"
}

# shop SQL, warehouse SQL: runs it there.
shop() { role=cdc psql_in shop -c "$1"; }
warehouse() { role=cdc psql_in warehouse -c "$1"; }

# orders: the table that the template follows, with two rows of which one is billed.
orders() {
  shop "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, total numeric(12,2) NOT NULL, status text NOT NULL, note text);
        INSERT INTO orders VALUES (1, 7, 10.50, 'new', NULL), (2, 8, 99.00, 'cancelled', 'changed their mind')"
}

# parcels TYPE: the tables of the program entities; the sink's has this type for the state.
parcels() {
  local columns='id bigint PRIMARY KEY, weight numeric NOT NULL, sent_at timestamptz NOT NULL, state'
  local state="CREATE TYPE state AS ENUM ('new', 'on_its_way')"
  shop "$state; CREATE TABLE parcels ($columns state NOT NULL); INSERT INTO parcels VALUES (1, 2.5, '2026-03-01T12:00:00Z', 'new'), (2, 7, '2026-03-02T12:00:00+02', 'on_its_way')"
  warehouse "$state; CREATE TABLE parcels ($columns $1 NOT NULL)"
}

# program ARGS…: the case's program, in the case's folder.
program() { (cd "$folder" && exec "$shop" "$@"); }

# start [ARGS…]: runs it until the case ends, and waits until the sink equals the source.
start() {
  (cd "$folder" && exec "$shop" run "$@") > "$folder/run.log" 2>&1 &
  running=$!
  wait_until "it runs: $(tail -5 "$folder/run.log")" grep -qE 'goes on from checkpoint|starts afresh' "$folder/run.log"
  same
}

# stop: in good order.
stop() {
  kill -TERM "$running"
  wait "$running" || fail "it did not stop in good order: $(tail -5 "$folder/run.log")"
  running=
}

ended() { ! kill -0 "$running" 2> /dev/null; }
crash() { kill -KILL "$running"; wait "$running" 2> /dev/null || true; running=; }

# runs ARGS…: it must end with 0.
runs() { ends_with 0 "$@"; }

# ends_with EXIT ARGS…: it must end with this exit code within two minutes. What it prints is in $said.
ends_with() {
  local expected=$1 code=0; shift
  said=$(cd "$folder" && timeout --signal=KILL 120 "$shop" "$@" 2>&1) || code=$?
  [ "$code" = "$expected" ] || fail "'$*' ended with $code, not $expected"
}

# refused CODE EXIT ARGS…: twice alike, so that it is no accident.
refused() {
  local code=$1 exit=$2; shift 2
  ends_with "$exit" "$@"; says "$code"
  ends_with "$exit" "$@"; says "$code"
}

# says TEXT: the last step's output has it.
says() { [[ $said == *"$1"* ]] || fail "it does not say '$1'"; }
does_not_say() { [[ $said != *"$1"* ]] || fail "it says '$1'"; }

# takes PATTERN: the first thing in the last message that looks so (an extended regular expression) is a command line of the program; runs it, until it has caught up.
takes() {
  local way
  way=$(grep -oE "$1" <<< "$said" | head -1) || fail "it names no way like '$1'"
  # shellcheck disable=SC2086
  runs $way --until-caught-up
}

# same: the sink has what the source has, at once or soon.
same() { wait_until "the sink equals the source" is_same; }
is_same() {
  diff <(shop "SELECT id, customer_id, total FROM ${table:-orders} WHERE status <> 'cancelled' ORDER BY id") <(warehouse "SELECT id, customer_id, total FROM invoices ORDER BY id")
}

# unharmed: the instance that was started runs, has not so much as restarted, and what happens now comes through.
unharmed() {
  kill -0 "$running" 2> /dev/null || fail "the running instance has ended: $(tail -5 "$folder/run.log")"
  ! grep -qE ' (warn|error)' "$folder/run.log" || fail "the running instance was disturbed: $(grep -E ' (warn|error)' "$folder/run.log" | head -5)"
  shop "UPDATE ${table:-orders} SET total = total + 1"
  same
}
