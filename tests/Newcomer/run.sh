#!/usr/bin/env bash
# tests/Newcomer/run.sh [CASE…] — what somebody meets who has the packages and the template and nothing else of this checkout. README.md tells how a case is written.
# Needs what `dotnet build tests/CdcFlow.Packaging.Tests` has built, and a PostgreSQL with psql (POSTGRES_BIN). KEEP=1 leaves the folder of a run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); checkout=$(cd "$here/../.." && pwd)
. "$here/feed.sh"; . "$here/server.sh"; . "$here/steps.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-newcomer.XXXXXX"); chmod 755 "$work"
server='' running=''
end() {
  [ -z "$server" ] || stop_server || true
  [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"
}
trap end EXIT

# One case, with a folder and two databases of its own. In the background, because `set -e` counts for nothing left of `||`.
play() {
  trap '[ -z "$running" ] || kill -KILL "$running" 2> /dev/null || true' EXIT
  folder=$work/cases/$1
  mkdir -p "$folder"
  settings orders
  . "$here/cases/$1.sh"
}

[ $# != 0 ] || set -- "$here"/cases/*.sh
PSQL=${PSQL:-$(command -v "${POSTGRES_BIN:?}/psql" || command -v psql)} || { echo "error: the cases look into the databases by psql, which is not there; install it, or set PSQL" >&2; exit 1; }
use_packages; make_shop; start_server
failed=() open=()
for case in "$@"; do
  name=$(basename "$case" .sh) began=$SECONDS
  make_databases
  play "$name" > "$work/case.log" 2>&1 < /dev/null &
  wait $! && verdict=✓ || verdict=✗
  drop_databases
  why=$(sed -n '2s/^# Open: //p' "$here/cases/$name.sh")
  case $verdict$why in
    ✓) ;;
    ✓*) why="no longer open: take its second line out";;
    ✗) failed+=("$name");;
    ✗*) verdict=… why="open: $why" open+=("$name");;
  esac
  echo "$verdict $(sed -n '1s/^# //p' "$here/cases/$name.sh") [$name, $((SECONDS - began)) s]${why:+ — $why}"
  [ "$verdict" != ✗ ] && [ $# != 1 ] || cat "$work/case.log"
done
echo "$(($# - ${#failed[@]} - ${#open[@]})) passed, ${#failed[@]} failed, ${#open[@]} open; $SECONDS s"
[ ${#failed[@]} = 0 ] || { printf 'failed: %s\n' "${failed[*]}"; exit 1; }
