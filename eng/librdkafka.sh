#!/usr/bin/env bash
# librdkafka, the native Kafka client, as the NuGet package librdkafka.redist. Where the package restores from the sources
# that NuGet is configured with, nothing is done; where it does not, the same version is compiled once from the source that
# its npm sister package carries (2.8 MB, checksum below), and packed into feed/, which restore looks at too.
#
#   eng/librdkafka.sh ensure      make sure that the package restores; says so when it had to be made (two or three minutes)
#
# What was compiled is kept in CDCFLOW_FEED (default ~/.cache/cdcflow/feed), so a second checkout does not compile again.
# Needs npm, a C and C++ compiler, make and the headers of OpenSSL and zlib; where the header of zstd is missing too, it is made
# without that compression. Without Kerberos and libcurl (CdcFlow uses neither).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's/.*"librdkafka.redist" Version="\[\{0,1\}\([0-9.]*\)\]\{0,1\}".*/\1/p' Directory.Packages.props)
carrier=@confluentinc/kafka-javascript@1.10.1       # its deps/librdkafka is 2.15.1: change both together, and the checksum
checksum=29578f5019f6d44a8254ff667f1cc4b8cdd26091c7105ed7fa2882d9ee374108034b211a92c2279821a8a13df0e6af9c340764482acaef58f42027eaa12a992f
kept=${CDCFLOW_FEED:-${XDG_CACHE_HOME:-$HOME/.cache}/cdcflow/feed}
package=librdkafka.redist.$version.nupkg

log() { echo "$*" >&2; }
die() { log "error: $*"; exit 1; }

restores() { dotnet restore src/CdcFlow.Kafka -v q --nologo >/dev/null 2>&1; }

check_tools() {
  local tool header
  for tool in npm cc c++ make strip sha512sum; do
    command -v "$tool" >/dev/null || die "librdkafka.redist $version does not restore here, and '$tool' is missing to compile it: install npm and build-essential, or give NuGet a source that has the package"
  done
  for header in openssl/ssl.h zlib.h; do
    has_header $header || die "librdkafka needs the header $header to be compiled: apt-get install libssl-dev zlib1g-dev libzstd-dev"
  done
}

has_header() { echo "#include <$1>" | cc -E - >/dev/null 2>&1; }

compile() {
  local work=$1 options=(--disable-gssapi --disable-curl --disable-lz4-ext)
  has_header zstd.h || { options+=(--disable-zstd); log "no header zstd.h here: records cannot be compressed with zstd (apt-get install libzstd-dev; lz4 is always there)"; }
  (cd "$work" && npm pack --silent "$carrier" >/dev/null 2>npm.log) || { cat "$work/npm.log" >&2; die "npm could not fetch $carrier"; }
  echo "$checksum  $(ls "$work"/*.tgz)" | sha512sum --check --status || die "the tarball of $carrier is not the one whose checksum is known"
  tar xzf "$work"/*.tgz -C "$work" package/deps/librdkafka
  (cd "$work/package/deps/librdkafka" && ./configure "${options[@]}" && make -j"$(nproc)" -C src librdkafka.so.1) \
    > "$work/make.log" 2>&1 || { tail -20 "$work/make.log" >&2; die "librdkafka does not compile here"; }
  grep -q "#define RD_KAFKA_VERSION 0x$(printf '%02x%02x%02xff' ${version//./ })" "$work/package/deps/librdkafka/src/rdkafka.h" || die "$carrier does not carry librdkafka $version"
  cp -L "$work/package/deps/librdkafka/src/librdkafka.so.1" "$work/librdkafka.so"
  cp "$work/package/deps/librdkafka/LICENSES.txt" "$work/"
  strip --strip-unneeded "$work/librdkafka.so"
}

pack() {
  local work=$1
  cat > "$work/librdkafka.redist.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <PackageId>librdkafka.redist</PackageId>
    <Version>$version</Version>
    <Authors>librdkafka, compiled locally</Authors>
    <Description>librdkafka $version, compiled locally</Description>
    <IncludeBuildOutput>false</IncludeBuildOutput>
    <SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking>
    <NoWarn>NU5128</NoWarn>
    <EnableDefaultItems>false</EnableDefaultItems>
  </PropertyGroup>
  <ItemGroup>
    <None Include="librdkafka.so" Pack="true" PackagePath="runtimes/linux-$(architecture)/native/" />
    <None Include="LICENSES.txt" Pack="true" PackagePath="/" />
  </ItemGroup>
</Project>
PROJECT
  dotnet pack "$work/librdkafka.redist.csproj" -o "$work/out" -v q --nologo > "$work/pack.log" 2>&1 || { tail -20 "$work/pack.log" >&2; die "librdkafka.redist could not be packed"; }
}

architecture() { case $(uname -m) in aarch64) echo arm64;; *) echo x64;; esac; }

make_package() {
  local work start=$SECONDS
  check_tools
  log "librdkafka.redist $version does not restore here: compiling it once, from the source in $carrier"
  work=$(mktemp -d); trap "rm -rf $work" EXIT
  compile "$work"
  pack "$work"
  mkdir -p "$kept"
  cp "$work/out/$package" "$kept/.$package.$$" && mv "$kept/.$package.$$" "$kept/$package"
  log "made $kept/$package in $((SECONDS - start)) s"
}

ensure() {
  ! restores || return 0
  [ -e "$kept/$package" ] || make_package
  mkdir -p feed; cp "$kept/$package" feed/
  restores || dotnet restore src/CdcFlow.Kafka -v q --nologo
}

case ${1:-} in
  ensure) ensure;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 2;;
esac
