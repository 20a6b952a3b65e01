# PostgreSQL out of Debian packages, for a machine that has neither a server nor Docker. Sourced, not run.
# This machine's own apt resolves and downloads (its mirrors, its keys), but into lists and caches of our own, and nothing is
# installed: the packages are unpacked in SERVERS_HOME and run there with the loader and the libraries they came with.
# Needs no root; removing the folder removes everything.

# A folder that the server's user can reach: the checkout's .servers, unless it lies in root's home.
servers_home() {
  local home=${SERVERS_HOME:-$here/../.servers}
  mkdir -p "$home"; home=$(cd "$home" && pwd)
  as_server test -x "$home" || { home=${TMPDIR:-/tmp}/cdcflow-servers; mkdir -p "$home"; }
  echo "$home"
}

# Prints the folder of programs; downloads about 60 MB the first time.
postgres_packages() {
  local home root; home=$(servers_home); root=$home/postgres
  exec 9>"$home/.lock"; flock 9                # one download at a time
  if [ ! -e "$root/.complete" ]; then
    log "no PostgreSQL here: fetching Debian packages into $root"
    rm -rf "$root"; mkdir -p "$root/packages"
    download_packages "$home/apt" "$root/packages"
    local package
    for package in "$root"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
    rm -rf "$home/apt" "$root/packages" "$root"/usr/share/{doc,man,locale}
    wrap_programs "$root"
    chmod -R go+rX "$root"; touch "$root/.complete"
  fi
  exec 9>&-
  ls -d "$root"/usr/lib/postgresql/*/bin
}

# The closure is resolved against an empty machine, hence also glibc. Of it, only libraries and the server are wanted:
# not perl, debconf or an init system; and not LLVM (100 MB), which only the JIT compiler loads.
download_packages() {
  local apt=$1 into=$2 wanted
  mkdir -p "$apt"/{lists,cache/archives}/partial; : > "$apt/status"
  local private=(-qq -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache"
    -o Acquire::Languages=none -o APT::Sandbox::User= -o Acquire::Retries=3)
  apt-get "${private[@]}" update >&2 2>"$apt/update.log" || { cat "$apt/update.log" >&2; die "apt could not read its package lists"; }
  wanted=$(apt-get "${private[@]}" -s --no-install-recommends install postgresql | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p' |
    grep -E '^(lib|zlib1g|postgresql-[0-9]|postgresql-client-[0-9])' | grep -vE '^lib(llvm|z3|perl|.*-perl|clang)')
  (cd "$into" && apt-get "${private[@]}" download $wanted >&2) || die "apt could not download PostgreSQL"
}

# Programs of one glibc do not run under the loader of another, so each is started through its own.
wrap_programs() {
  local root=$1 loader libraries program
  loader=$(find "$root" -name 'ld-linux*.so.*' | head -1)
  libraries=$(find "$root" -name 'libc.so.6' -o -name 'libpq.so.5' | xargs -n1 dirname | sort -u | paste -sd:)
  for program in "$root"/usr/lib/postgresql/*/bin/*; do
    [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
    mv "$program" "$program.elf"
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$program.elf" > "$program"
    chmod 755 "$program"
  done
}
