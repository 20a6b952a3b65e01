#!/usr/bin/env bash
# eng/published.sh [kafka] [WAY...]: publishes a sample as its users may, says how large it is and how long it takes to start, and has the demo kill
# it under load and compare (samples/Orders; with kafka samples/OrdersToKafka). Every way by default:
#
#   aot           compiled ahead of time; needs clang, or gcc
#   trimmed-file  one file, of what is used
#   single-file   one file, whole
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sample=Orders demo=(demo)
[ "${1:-}" != kafka ] || { sample=OrdersToKafka; demo+=(kafka); shift; }
[ $# != 0 ] || set -- aot trimmed-file single-file
for way in "$@"; do
  case $way in aot | trimmed-file | single-file) ;; *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2;; esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-published.XXXXXX")
finish() { rm -rf "$work"; }
trap finish EXIT
linker=(); command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
dotnet build eng/demo/Shop.csproj -c Release -v q --nologo
POSTGRES_BIN=$(eng/postgres.sh); export POSTGRES_BIN

# What need not go along: symbols and documentation.
size() { find "$1" -type f ! -name '*.pdb' ! -name '*.dbg' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1048576 }'; }
# The best of several: others may use the machine.
start() { local TIMEFORMAT=%R; for _ in {1..9}; do { time "$1" graph > /dev/null; } 2>&1; done | sort -n | head -1; }

for way in "$@"; do
  dotnet publish "samples/$sample" -c Release --ucr --self-contained "-p:PublishedAs=$way" "${linker[@]}" -v q --nologo -o "$work/$way"
  printf '%s, %s: %s MiB, starts in %s s\n' "$sample" "$way" "$(size "$work/$way")" "$(start "$work/$way/$sample")"
  mkdir "$work/$way-demo"
  SHOP_PIPELINE=$work/$way/$sample SHOP_FOLDER=$work/$way-demo artifacts/bin/Shop/release/Shop "${demo[@]}"
done
