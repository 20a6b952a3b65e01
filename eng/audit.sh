#!/usr/bin/env bash
# eng/audit.sh [PROJECT]: fails when a package that is used, directly or by another, has a published advisory.
# A step of its own, and no part of a build: an advisory of tonight must not break what compiled yesterday.
# Where the package sources have no advisory data, nothing can be known; it says so and passes.
set -euo pipefail

project=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../CdcFlow.sln}")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# NuGet tells a source without advisory data only where it is named as an audit source; without this every package would pass in silence.
audit_sources() {
  dotnet nuget config get all --working-directory "$(dirname "$project")" | awk -v quote="'" '
    /^[^\t]/ { section = $1 }
    /^\tadd / && section == "auditSources:" { audit = audit $0 " />\n" }
    /^\tadd / && section == "packageSources:" { packages = packages $0 " />\n" }
    END { gsub(/\tadd/, "<add", audit); gsub(/\tadd/, "<add", packages); printf "%s", audit == "" ? packages : audit }'
}
printf '<configuration><auditSources>\n%s\n</auditSources></configuration>\n' "$(audit_sources)" > "$work/nuget.config"

# Its own output folder: what a build has restored stays as it is, and nothing of an earlier audit is taken for today's.
code=0
dotnet restore "$project" --nologo -v q -p:RestoreRootConfigDirectory="$work" -p:ArtifactsPath="$work/artifacts" \
  -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low \
  -p:TreatWarningsAsErrors=false -p:WarningsAsErrors='NU1901%3BNU1902%3BNU1903%3BNU1904' > "$work/log" 2>&1 || code=$?

found() { grep -oE "$1.*" "$work/log" | sort -u; }
if [ $code != 0 ]; then
  found 'error (NU|MSB|NETSDK)[0-9]+' >&2 || cat "$work/log" >&2
  echo "error: a package has an advisory, or could not be restored: raise its version in Directory.Packages.props, or, where the advisory does not concern us, name it there as <NuGetAuditSuppress> with the reason" >&2
elif found 'warning NU190[05]' >&2; then
  echo "NOT AUDITED: a package source has no advisory data, so an advisory may exist that nobody was told of" >&2
else
  echo "no package that is used has an advisory"
fi
exit $code
