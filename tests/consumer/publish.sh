#!/usr/bin/env bash
# Publishes samples/QuickStart trimmed, and compiled ahead of time where the compiler's package can be had; starts what was
# published and asserts what it does. Every warning of the trim, AOT and single-file analyzers is an error.
# Usage: bash tests/consumer/publish.sh [trimmed|aot]   (without a word: both)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/consumer/checks.sh
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'stop_apps; rm -rf "$work"' EXIT
platform=$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)

# publish NAME SETTING...: into $work/NAME, with intermediate files of its own so that nothing of the usual build is touched.
publish() {
  local name=$1
  shift
  dotnet publish samples/QuickStart/QuickStart.csproj -c Release -r "$platform" --nologo -v quiet -o "$work/$name" \
    --artifacts-path "$work/artifacts-$name" \
    -p:EnableTrimAnalyzer=true -p:EnableAotAnalyzer=true -p:EnableSingleFileAnalyzer=true \
    -p:TrimmerSingleWarn=false -p:ILLinkTreatWarningsAsErrors=true -p:IlcTreatWarningsAsErrors=true "$@"
}

milliseconds() { date +%s%3N; }

try_out() {
  local name=$1 before size
  size=$(du -sm --apparent-size "$work/$name" | cut -f 1)
  before=$(milliseconds)
  start "$work/$name" "$work/$name/QuickStart"
  echo "$name: $size MB in $(find "$work/$name" -type f | wc -l) files, listening after $(($(milliseconds) - before)) ms"
  check_shop
  stop_apps
  echo "$name: all checks passed"
}

trimmed() {
  publish trimmed --self-contained -p:PublishTrimmed=true -p:TrimMode=full
  try_out trimmed
}

# The compiler is a package of its own. Where it is not to be had there is nothing to run, and this says so.
aot() {
  if ! dotnet restore samples/QuickStart/QuickStart.csproj -r "$platform" -p:PublishAot=true \
    --artifacts-path "$work/artifacts-aot" > "$work/restore.log" 2>&1; then
    echo "aot: NOT RUN, because the compiler's package cannot be restored here:"
    grep -m 1 -o 'error NU[0-9]*: .*' "$work/restore.log" || cat "$work/restore.log"
    return 0
  fi
  publish aot -p:PublishAot=true
  try_out aot
}

case ${1:-both} in
  trimmed) trimmed ;;
  aot) aot ;;
  both) trimmed; aot ;;
  *) echo "Unknown word: $1" >&2; exit 2 ;;
esac
