#!/usr/bin/env bash
# run.sh demo [kafka] | crash [kafka] KILLS [BROKER_KILLS]: throwaway servers, a sample's pipeline as a real process, a load, kill -9, a comparison.
# However it ends, nothing keeps running: the trap stops the servers, and watchers do where the trap cannot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SERVERS_OWNER_PID=$$ DOTNET_NOLOGO=1

sample=Orders run=$1
[ "${2:-}" != kafka ] || { sample=OrdersToKafka run=$1-kafka; eng/kafka.sh ensure; }

work=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-demo.XXXXXX"); chmod 755 "$work"
end() {
  eng/postgres.sh stop "$work/postgres"; eng/kafka.sh stop "$work/kafka"; rm -rf "$work"
  [ ! -t 1 ] || printf '\033[?25h'                         # a killed progress display leaves the cursor hidden
}
trap end EXIT
trap 'exit 130' INT TERM

for project in samples/$sample/$sample.csproj eng/demo/Shop.csproj; do dotnet build "$project" -c Release -v q --nologo; done
export SHOP_PIPELINE=$PWD/artifacts/bin/$sample/release/$sample SHOP_FOLDER=$PWD/artifacts/$run
rm -rf "$SHOP_FOLDER"; mkdir -p "$SHOP_FOLDER"

if [ $sample = OrdersToKafka ]; then
  eng/kafka.sh start demo "$work/kafka" 0
  . "$work/kafka/env"
  export SHOP_KAFKA=127.0.0.1:$PORT SHOP_KAFKA_FOLDER=$work/kafka SHOP_KAFKA_SCRIPT=$PWD/eng/kafka.sh
fi
eng/postgres.sh start demo "$work/postgres" 0
. "$work/postgres/env"
tls="SSL Mode=Disable"                                    # a server without openssl has no certificate
[ ! -e "$DIR/tls/ca.crt" ] || tls="SSL Mode=VerifyFull;Root Certificate=$DIR/tls/ca.crt"
export SHOP_SERVER="Host=localhost;Port=$PORT;Username=postgres;Password=pgpw;$tls"

artifacts/bin/Shop/release/Shop "$@" && code=0 || code=$?
echo "output, checkpoints and logs of this run: artifacts/$run"
exit $code
