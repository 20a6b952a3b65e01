#!/usr/bin/env bash
# ./build.sh VERB — the only thing it needs is the .NET SDK that global.json names.
#
#   build        compile everything; a warning is an error
#   test         build, check the format, run every test project (the server suites use a PostgreSQL that is installed, else
#                unpacked Debian packages; where neither can be had, they are skipped and say so). Another series, or one of
#                several: POSTGRES_BIN=/usr/lib/postgresql/17/bin ./build.sh test (docs/how-to/test-on-another-postgres.md)
#   demo [kafka] a whole pipeline against a real, throwaway PostgreSQL (installed, unpacked or in a container) and Kafka (KAFKA_HOME or a
#                container): snapshot, live changes, kill -9; source and sinks compared at the end
#   run [ARGS]   samples/Orders against your own servers: ConnectionStrings__shop and ConnectionStrings__warehouse
#   crash [N]    kill -9 the pipeline N times (default 1000) under load; prints what was lost, doubled or out of order
#   crash kafka [N] [M]  the same into Kafka, N times (default 200), and its broker M times (default 50)
#   bench [ARGS] the benchmarks (snapshot, log, restart, operators, kafka), as ratios to the physical limit in the same run
#   published [kafka] [WAY...]  the demo with its pipeline as users publish it: aot, trimmed-file, single-file; its size and its start
#   trimmed BROKER  the Kafka client in a trimmed program and in one that is compiled ahead of time, run against a broker, as in localhost:9092
#   pack         the NuGet packages, in artifacts/packages
#   newcomer [CASE...]  a project out of the template for each sink, from the packages alone: built, tested, and run against throwaway servers;
#                and tests/Newcomer: what happens to somebody who makes the first mistakes, or these cases of it alone
#   format       rewrite the code as `dotnet format` wants it
#   clean        remove everything that was built or downloaded
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

build() { dotnet build CdcFlow.sln -warnaserror -v q --nologo "$@"; }

check_format() {
  dotnet format CdcFlow.sln --no-restore --verify-no-changes -v q || { echo "error: the format differs; ./build.sh format fixes it" >&2; return 1; }
}

test_projects() { tr '\134' / < CdcFlow.sln | sed -n 's/.*"\([^"]*\.Tests\.csproj\)".*/\1/p' | sort; }

# Each test project is a program; running it directly saves the start of a test host per project. Its summary line says
# "Total: 7, Errors: 0, Failed: 0, Skipped: 1, …", and that is what is summed: never our own idea of what should have run.
run_tests() {
  local project name code passed=0 failed=0 skipped=0 total errors fail skip not_green=()
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
  for project in $(test_projects); do
    name=$(basename "$project" .csproj) code=0
    "artifacts/bin/$name/debug/$name" -noLogo -noColor "$@" > "$work/log" 2>&1 || code=$?
    grep -vE '^( *(Discover|Start|Finish)(ing|ed)?:|=== TEST EXECUTION|$)' "$work/log" || true
    read -r total errors fail skip <<< "$(sed -nE 's/.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$work/log" | tail -1)"
    passed=$((passed + ${total:=0} - ${fail:=0} - ${skip:=0})) failed=$((failed + fail + ${errors:-0})) skipped=$((skipped + skip))
    [ "$code" = 0 ] && [ "$total" != 0 ] || not_green+=("$name (exit code $code, $total tests)")
    awk '/\[FAIL\]$/ { on = 1 } /\[SKIP\]$|Total: / { on = 0 } on' "$work/log" >> "$work/failures"
  done
  if [ ${#not_green[@]} != 0 ]; then
    printf '\nWhat failed, once more:\n'; cat "$work/failures"
    printf 'not green: %s\n' "${not_green[@]}" >&2
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ ${#not_green[@]} = 0 ] && [ "$passed" -gt 0 ]
}

# A pipeline of the samples under load, killed with -9: demo|crash [kafka] [KILLS [BROKER_KILLS]].
shop() {
  local sample=Orders name=$1 project
  [ "${2:-}" != kafka ] || { sample=OrdersToKafka; name=$1-kafka; }
  for project in "samples/$sample/$sample.csproj" eng/demo/Shop.csproj; do dotnet build "$project" -c Release -v q --nologo; done
  find_postgres || echo "looking for a container engine" >&2
  export SHOP_PIPELINE=$PWD/artifacts/bin/$sample/release/$sample SHOP_FOLDER=$PWD/artifacts/$name
  rm -rf "$SHOP_FOLDER"; mkdir -p "$SHOP_FOLDER"
  exec artifacts/bin/Shop/release/Shop "$@"
}

find_postgres() { POSTGRES_BIN=$(eng/postgres.sh) && export POSTGRES_BIN; }

verb=${1:-help}; shift || true
case $verb in
  build) build "$@";;
  test)
    find_postgres || echo "the server suites will be skipped" >&2
    build && check_format && run_tests "$@";;
  demo) shop demo "$@";;
  crash)
    if [ "${1:-}" = kafka ]; then shop crash kafka "${2:-200}" "${3:-50}"; fi
    shop crash "${1:-1000}";;
  run) exec dotnet run --project samples/Orders/Orders.csproj -c Release -- run "$@";;
  bench)
    find_postgres
    # As a program is shipped: compiled ahead of time.
    dotnet publish tests/Benchmarks -c Release --ucr --self-contained -p:PublishReadyToRun=true -v q --nologo -o artifacts/bench
    exec artifacts/bench/Benchmarks "$@";;
  published) exec eng/published.sh "$@";;
  trimmed) exec eng/trimmed.sh "$@";;
  # The paths in the symbols are the repository's, not this checkout's.
  pack) dotnet pack CdcFlow.sln -c Release -v q --nologo -o artifacts/packages -p:ContinuousIntegrationBuild=true "$@" && ls artifacts/packages/*.nupkg;;
  newcomer)
    find_postgres
    dotnet build tests/CdcFlow.Packaging.Tests -v q --nologo
    [ $# != 0 ] || artifacts/bin/CdcFlow.Packaging.Tests/debug/CdcFlow.Packaging.Tests -noLogo -noColor -explicit only
    exec tests/Newcomer/run.sh "$@";;
  format) dotnet format CdcFlow.sln;;
  clean) rm -rf artifacts .servers;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; [ "$verb" = help ] || exit 2;;
esac
