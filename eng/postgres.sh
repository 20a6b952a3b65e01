#!/usr/bin/env bash
# eng/postgres.sh: prints the folder of a PostgreSQL server's programs: what POSTGRES_BIN is to be. First match wins:
#
#   POSTGRES_BIN, PATH, the newest /usr/lib/postgresql/*/bin
#   Debian packages, downloaded by this machine's own apt (its mirrors, its keys) into lists and caches of our own. Nothing is installed and no
#   root is needed: they are unpacked in SERVERS_HOME (default .servers) and run there with the loader and libraries they came with. Removing the
#   folder removes everything. POSTGRES_FROM=packages takes them even where a server is installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

log() { echo "$*" >&2; }
die() { log "error: $*"; exit 1; }

installed() {
  local bin
  while IFS= read -r bin; do
    if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ]; then echo "$bin"; return; fi
  done < <(
    echo "${POSTGRES_BIN:-/none}"
    dirname "$(readlink -f "$(command -v postgres || echo /none/none)")"
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
  )
  return 1
}

# --- a folder for the packages -----------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root; root's servers run as this user, who must reach the programs.
server_can_enter() { [ "$(id -u)" != 0 ] || setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups test -x "$1"; }

# The checkout's .servers, unless it lies in root's home.
servers_home() {
  local home=${SERVERS_HOME:-$here/../.servers}
  mkdir -p "$home"; home=$(cd "$home" && pwd)
  server_can_enter "$home" || home=$(temporary_home)
  echo "$home"
}

# What runs from a folder that somebody else has made, or may write in, is somebody else's program.
temporary_home() {
  local home=${TMPDIR:-/tmp}/cdcflow-servers
  mkdir -m 755 "$home" 2>/dev/null || true
  if ! is_ours "$home"; then
    log "warning: $home is not ours alone; the packages go into a new folder, and will be downloaded again the next time (set SERVERS_HOME to keep them)"
    home=$(mktemp -d "${TMPDIR:-/tmp}/cdcflow-servers.XXXXXX"); chmod 755 "$home"
  fi
  echo "$home"
}
is_ours() { [ ! -L "$1" ] && [ -d "$1" ] && [ "$(stat -c %u "$1")" = "$(id -u)" ] && [ $((0$(stat -c %a "$1") & 022)) = 0 ]; }

# --- the packages ------------------------------------------------------------------------------------------------------

# Downloads about 60 MB the first time.
packages() {
  local home root package
  command -v apt-get >/dev/null ||
    die "no PostgreSQL here: none is installed, and this is no Debian or Ubuntu whose packages could be unpacked. Install PostgreSQL 13 or newer, or set POSTGRES_BIN."
  home=$(servers_home); root=$home/postgres
  exec 9>"$home/.lock"; flock 9                # one download at a time
  if [ ! -e "$root/.complete" ]; then
    log "no PostgreSQL here: fetching Debian packages into $root"
    rm -rf "$root"; mkdir -p "$root/packages"
    download "$home/apt" "$root/packages"
    for package in "$root"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
    rm -rf "$home/apt" "$root/packages" "$root"/usr/share/{doc,man,locale}
    wrap_programs "$root"
    chmod -R go+rX "$root"; touch "$root/.complete"
  fi
  exec 9>&-
  printf '%s\n' "$root"/usr/lib/postgresql/*/bin
}

# The closure is resolved against an empty machine, hence also glibc. Of it, only libraries and the server are wanted:
# not perl, debconf or an init system; and not LLVM (100 MB), which only the JIT compiler loads.
download() {
  local apt=$1 into=$2 wanted
  mkdir -p "$apt"/{lists,cache/archives}/partial; : > "$apt/status"
  local private=(-qq -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache"
    -o Acquire::Languages=none -o APT::Sandbox::User= -o Acquire::Retries=3)
  apt-get "${private[@]}" update >&2 2>"$apt/update.log" || { cat "$apt/update.log" >&2; die "apt could not read its package lists"; }
  mapfile -t wanted < <(apt-get "${private[@]}" -s --no-install-recommends install postgresql | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p' |
    grep -E '^(lib|zlib1g|postgresql-[0-9]|postgresql-client-[0-9])' | grep -vE '^lib(llvm|z3|perl|.*-perl|clang)')
  [ ${#wanted[@]} != 0 ] || die "apt knows no PostgreSQL"
  (cd "$into" && apt-get "${private[@]}" download "${wanted[@]}" >&2) || die "apt could not download PostgreSQL"
}

# Programs of one glibc do not run under the loader of another, so each is started through its own.
wrap_programs() {
  local root=$1 loader libraries program
  loader=$(find "$root" -name 'ld-linux*.so.*' -print -quit)
  libraries=$(find "$root" \( -name 'libc.so.6' -o -name 'libpq.so.5' \) -printf '%h\n' | sort -u | paste -sd:)
  for program in "$root"/usr/lib/postgresql/*/bin/*; do
    [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
    mv "$program" "$program.elf"
    printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$loader" "$libraries" "$program.elf" > "$program"
    chmod 755 "$program"
  done
}

if [ "${POSTGRES_FROM:-any}" = packages ] || ! installed; then packages; fi
