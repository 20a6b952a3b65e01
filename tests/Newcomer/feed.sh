# The packages of this checkout in a folder of their own, and the case project made of them. Sourced by run.sh.

use_packages() {
  feed=$work/feed
  dotnet pack "$checkout/CdcFlow.sln" --no-build -c Debug -o "$feed" -v q -nodeReuse:false -p:IncludeSymbols=false > "$work/pack.log" || { cat "$work/pack.log" >&2; exit 1; }
  printf '<configuration><packageSources><clear /><add key="cdcflow" value="%s" /></packageSources></configuration>' "$feed" > "$work/nuget.config"
  # Ours come from the feed alone, whatever an earlier run has left; those of others are there already, as where a registry serves them.
  mkdir "$work/foreign"
  for package in "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/*; do
    case ${package##*/} in cdcflow*) ;; *) ln -s "$package" "$work/foreign/";; esac
  done
  export NUGET_PACKAGES=$work/cache NUGET_FALLBACK_PACKAGES=$work/foreign DOTNET_CLI_HOME=$work/cli
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
}

# The template's project, with the programs of shop/ over it. CDCF004: several of them bear one name, of which each run has one.
make_shop() {
  cd "$work"
  dotnet new install CdcFlow.Templates > "$work/template.log"
  dotnet new cdcflow -n Shop --sink postgres --tests false >> "$work/template.log"
  cd Shop
  dotnet add package CdcFlow.Files >> "$work/template.log"
  cp "$here"/shop/*.cs .
  dotnet build -v q --nologo -p:NoWarn=CDCF004 > "$work/shop.log" || { cat "$work/shop.log" >&2; exit 1; }
  shop=$work/Shop/bin/Debug/net10.0/Shop
  cd "$checkout"
}
