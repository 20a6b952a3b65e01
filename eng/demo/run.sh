#!/usr/bin/env bash
# run.sh demo | crash KILLS: a throwaway PostgreSQL, the pipeline of samples/Orders as a real process, a load, kill -9, a comparison.
# However it ends, nothing keeps running: the trap stops the server, and a watcher does where the trap cannot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SERVERS_OWNER_PID=$$ DOTNET_NOLOGO=1

work=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-demo.XXXXXX"); chmod 755 "$work"
end() {
  eng/postgres.sh stop "$work/postgres"; rm -rf "$work"
  [ ! -t 1 ] || printf '\033[?25h'                         # a killed progress display leaves the cursor hidden
}
trap end EXIT
trap 'exit 130' INT TERM

eng/postgres.sh start demo "$work/postgres" 0
. "$work/postgres/env"
for project in samples/Orders/Orders.csproj eng/demo/Shop.csproj; do dotnet build "$project" -c Release -v q --nologo; done

tls="SSL Mode=Disable"                                    # a server without openssl has no certificate
[ ! -e "$DIR/tls/ca.crt" ] || tls="SSL Mode=VerifyFull;Root Certificate=$DIR/tls/ca.crt"
export SHOP_SERVER="Host=localhost;Port=$PORT;Username=postgres;Password=pgpw;$tls"
export SHOP_PIPELINE=$PWD/artifacts/bin/Orders/release/Orders
export SHOP_FOLDER=$PWD/artifacts/$1
rm -rf "$SHOP_FOLDER"; mkdir -p "$SHOP_FOLDER"
artifacts/bin/Shop/release/Shop "$@" && code=0 || code=$?
echo "files, checkpoints and logs of this run: artifacts/$1"
exit $code
