#!/usr/bin/env bash
# Publishes samples/QuickStart trimmed and compiled ahead of time, and an app on SQLite and PostgreSQL, with a database of places,
# compiled ahead of time; starts what was published and asserts what it does. Every warning of the trim, AOT and single-file analyzers is an error.
# Usage: bash tests/consumer/publish.sh [trimmed|aot|stores]...   (without a word: all)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/consumer/checks.sh
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1

work=$(mktemp -d)
server=
trap 'stop_apps; if [[ -n $server ]]; then kill "$server"; wait "$server" || true; fi; rm -rf "$work"' EXIT
platform=$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)

# The compiler ahead of time needs a linker: clang or gcc, and the headers of the C library.
if ! command -v clang > /dev/null && ! command -v gcc > /dev/null; then
  if [[ $EUID == 0 ]]; then sudo=(); else sudo=(sudo -n); fi
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" apt-get install -y -qq --no-install-recommends gcc libc6-dev zlib1g-dev > /dev/null
fi

# publish NAME PROJECT SETTING...: into $work/NAME, with intermediate files of its own so that nothing of the usual build is touched.
publish() {
  local name=$1 project=$2
  shift 2
  dotnet publish "$project" -c Release -r "$platform" --nologo -v quiet -o "$work/$name" \
    --artifacts-path "$work/artifacts-$name" \
    -p:EnableTrimAnalyzer=true -p:EnableAotAnalyzer=true -p:EnableSingleFileAnalyzer=true \
    -p:TrimmerSingleWarn=false -p:ILLinkTreatWarningsAsErrors=true -p:IlcTreatWarningsAsErrors=true "$@"
}

milliseconds() { date +%s%3N; }

# launch NAME PROGRAM ARGUMENT...: starts it and says what it takes.
launch() {
  local name=$1 program=$2 before
  shift 2
  before=$(milliseconds)
  start "$work/$name" "$work/$name/$program" "$@"
  echo "$name: $(du -sm --apparent-size --exclude '*.db*' "$work/$name" | cut -f 1) MB, listening after $(($(milliseconds) - before)) ms," \
    "$(ps -o rss= -p "${apps[-1]}" | awk '{ print int($1 / 1024) }') MB resident"
}

shop() {
  launch "$1" QuickStart
  check_shop
  stop_apps
  echo "$1: all checks passed"
}

trimmed() {
  publish trimmed samples/QuickStart/QuickStart.csproj --self-contained -p:PublishTrimmed=true -p:TrimMode=full
  shop trimmed
}

aot() {
  publish aot samples/QuickStart/QuickStart.csproj -p:PublishAot=true
  shop aot
}

# A server of PostgreSQL of its own, behind a socket in the working folder; the socket's folder is in $postgres then.
start_postgres() {
  local bin as=()
  bin=$(dirname "$(find /usr/lib/postgresql/*/bin -name initdb 2> /dev/null | tail -n 1 || command -v initdb)")
  postgres=$work/postgres
  mkdir "$postgres"
  if [[ $EUID == 0 ]]; then
    chmod 711 "$work"
    chown postgres "$postgres"
    as=(setpriv --reuid=postgres --regid=nogroup --clear-groups --)
  fi
  (cd / && "${as[@]}" "$bin/initdb" -D "$postgres/data" -U postgres --auth=trust -E UTF8 --locale=C) > "$work/initdb.log"
  (cd / && exec "${as[@]}" "$bin/postgres" -D "$postgres/data" -c listen_addresses= -c "unix_socket_directories=$postgres") \
    > "$work/postgres.log" 2>&1 &
  server=$!
  for _ in {1..300}; do
    if "$bin/pg_isready" -q -h "$postgres"; then return; fi
    sleep 0.1
  done
  cat "$work/postgres.log"
  fail "PostgreSQL did not start"
}

# check_store NAME ARGUMENT...: signs in, lists and ends, and finds all that again after a restart.
check_store() {
  local name=$1 other
  local phone=$work/phone-$1 laptop=$work/laptop-$1
  launch stores stores "${@:2}"
  is "$name is healthy" "$(status GET /health)" 200
  is "the phone signs in" "$(status POST '/login?name=ada' -c "$phone")" 200
  is "the phone lists" "$(status GET /api/account/sessions -b "$phone")" 200
  other=$(field id)
  is "the laptop signs in" "$(status POST '/login?name=ada' -c "$laptop")" 200
  is "an administrator lists" "$(status GET '/api/admin/sessions?view=records' -b "$laptop")" 200
  is "one record" "$(field total)" 1
  holds "a list says where an address is" "$(body)" '"place":"Madrid, Spain"'
  is "the laptop ends the phone" "$(status DELETE "/api/account/sessions/$other" -b "$laptop" -H 'X-Hanzo-Sessions: 1')" 204
  is "the phone is signed out" "$(status GET / -b "$phone")" 401
  stop_apps
  launch stores stores "${@:2}"
  is "the laptop is still signed in" "$(status GET / -b "$laptop")" 200
  is "the phone is still signed out" "$(status GET / -b "$phone")" 401
  is "history" "$(status GET /api/admin/sessions/history -b "$laptop")" 200
  is "history says why" "$(field reason)" TerminatedByUser
  stop_apps
  echo "$name: all checks passed"
}

stores() {
  publish stores tests/consumer/stores/stores.csproj -p:PublishAot=true
  write_places "$work/stores/places.mmdb"
  check_store SQLite --sqlite "$work/stores/sessions.db"
  start_postgres
  check_store PostgreSQL --postgres "Host=$postgres;Username=postgres;Database=postgres"
}

for part in "${@:-all}"; do
  case $part in
    trimmed | aot | stores) "$part" ;;
    all) trimmed; aot; stores ;;
    *) echo "Unknown word: $part" >&2; exit 2 ;;
  esac
done
