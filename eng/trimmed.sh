#!/usr/bin/env bash
# eng/trimmed.sh BROKER: publishes a program with the Kafka client trimmed, and compiled ahead of time, and runs both against the broker, as in
# localhost:9092. Each leaves a topic there. Needs what PublishAot needs: clang, or gcc.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# = 1 ] || { sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-trimmed.XXXXXX")
finish() { rm -rf "$work"; }
trap finish EXIT
linker=(); command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)

for way in trimmer aot; do
  dotnet publish tests/TrimmedKafka -c Release --ucr --self-contained "-p:TrimmedBy=$way" "${linker[@]}" -v q --nologo -o "$work/$way"
  printf '%s: ' "$way"; "$work/$way/TrimmedKafka" "$1"
done
