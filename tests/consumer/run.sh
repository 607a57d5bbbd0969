#!/usr/bin/env bash
# What a developer gets: builds, outside this repository and from the packed packages alone, the programs of the readme and
# of the docs as they stand there, and an app with ASP.NET Core Identity; runs them and asserts what they do.
# Usage: bash tests/consumer/run.sh [FOLDER-WITH-THE-PACKAGES]   (without a folder they are packed first)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/consumer/checks.sh
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'stop_apps; rm -rf "$work"' EXIT
packages=${1:-$work/packages}
if [[ -z ${1:-} ]]; then dotnet pack Hanzo.Sessions.sln -c Release --nologo -v quiet -o "$packages"; fi

# Our packages come from the folder, and are unpacked afresh; all others may come from the machine's own cache.
everybodys=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
if compgen -G "$everybodys/hanzo.sessions*" > /dev/null; then
  fail "$everybodys has packages of ours: they would be taken in place of those to check. Remove them."
fi
export NUGET_PACKAGES=$work/cache NUGET_FALLBACK_PACKAGES=$everybodys
mkdir -p "$work/apps"
cat > "$work/apps/nuget.config" <<END
<configuration>
  <packageSources>
    <add key="checked" value="$(cd "$packages" && pwd)" />
  </packageSources>
</configuration>
END

# --- The pages, from top to bottom ---

write_file() {
  mkdir -p "$work/apps/$(dirname "$1")"
  printf '%s' "$2" > "$work/apps/$1"
}

run_commands() {
  mkdir -p "$work/apps/$1"
  echo "In $1: $2"
  (cd "$work/apps/$1" && bash -euo pipefail -c "$2" < /dev/null) 2>&1 | tee -a "$work/apps/$1.log"
}

read_page() {
  local line word='' name='' block=''
  while IFS= read -r line; do
    if [[ -z $word && $line =~ ^'```'[a-z]+\ (file|in)=(.+)$ ]]; then
      word=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]} block=''
    elif [[ -n $word && $line == '```' ]]; then
      if [[ $word == file ]]; then write_file "$name" "$block"; else run_commands "$name" "$block"; fi
      word=''
    elif [[ -n $word ]]; then
      block+=$line$'\n'
    fi
  done < "$1"
}

echo "== A console and a web app, as the readme says"
(cd "$work/apps" && dotnet new console -o Tour > /dev/null && dotnet new web -o Moved > /dev/null)
(cd "$work/apps/Tour" && dotnet add package Hanzo.Sessions > /dev/null)
read_page README.md

echo "== A store, as docs/WriteAStore.md says"
mkdir -p "$work/apps/store" && cp tests/Hanzo.Sessions.StoreTests/BrokenStores/PlainStore.cs "$work/apps/store"
read_page docs/WriteAStore.md
passed=$(sed -n 's/.*Passed: *\([0-9]*\),.*/\1/p' "$work/apps/store.log")
if [[ ${passed:-0} -le 200 ]]; then fail "the store of the page passed ${passed:-no} tests of the kit"; fi

echo "== An app that moves, as docs/Moving.md says"
read_page docs/Moving.md
cp -r tests/consumer/identity "$work/apps/identity"
cp -r tests/consumer/tools "$work/apps/tools"

# --- What they do ---

build() { (cd "$work/apps/$1" && dotnet build --nologo -v quiet -warnaserror); }
program() { find "$work/apps/$1/bin" -name "$1.dll" -not -path '*/ref*'; }

for app in Tour Shop Moved identity; do
  echo "== Building $app"
  build "$app"
done

echo "== Running Tour"
is "Tour" "$(dotnet "$(program Tour)")" \
  $'acme/ada has 2 active sessions, and the limit is 2.\nphone: Terminated, TerminatedByUser'

echo "== Running Shop"
start "$work/apps/Shop" dotnet "$(program Shop)"
check_shop
stop_apps

echo "== Running Moved"
start "$work/apps/Moved" dotnet "$(program Moved)"
is "nobody is signed in" "$(status GET /)" 302
is "ada" "$(status POST '/login?name=ada' -c "$work/ada")" 200
is "ada again" "$(status POST '/login?name=ada' -c "$work/again")" 200
is "ada is greeted" "$(status GET / -b "$work/ada")" 200
is "ada lists" "$(status GET /api/account/sessions -b "$work/ada")" 200
holds "ada lists" "$(body)" '"quota":{"used":2,"max":10}'
is "ada ends the others" "$(status DELETE /api/account/sessions -b "$work/ada" -H 'X-Hanzo-Sessions: 1')" 200
is "one other was ended" "$(field ended)" 1
is "the other cookie is dead" "$(status GET / -b "$work/again")" 302
is "the own one is not" "$(status GET / -b "$work/ada")" 200
for _ in 2 3 4 5 6 7 8 9 10; do
  is "one more of ten sign-ins" "$(status POST '/login?name=ada')" 200
done
is "the eleventh sign-in" "$(status POST '/login?name=ada')" 409
stop_apps
start "$work/apps/Moved" dotnet "$(program Moved)"
is "a session outlasts a restart" "$(status GET / -b "$work/ada")" 200
is "and so does the end of one" "$(status GET / -b "$work/again")" 302
stop_apps

echo "== Running the app with Identity"
start "$work/apps/identity" dotnet "$(program identity)"
secret='password=correct%20horse%20battery%20staple'
is "a short password" "$(status POST '/register?name=ada&password=elevenchars')" 400
holds "a short password" "$(body)" PasswordTooShort
is "ada registers" "$(status POST "/register?name=ada&$secret")" 200
is "a wrong password" "$(status POST '/login?name=ada&password=wrong')" 401
is "ada signs in" "$(status POST "/login?name=ada&$secret" -c "$work/identity")" 200
is "ada is greeted" "$(status GET / -b "$work/identity")" 200
is "ada is greeted" "$(body)" ada
stop_apps
start "$work/apps/identity" dotnet "$(program identity)"
is "the session outlasts a restart" "$(status GET / -b "$work/identity")" 200
is "an administrator lists" "$(status GET /api/admin/sessions -b "$work/identity")" 200
is "an administrator lists" "$(field total)" 1
is "ada signs out" "$(status POST /logout -b "$work/identity")" 200
is "ada is signed out" "$(status GET / -b "$work/identity")" 401
stop_apps

# The build starts the app's host in a program of its own to write the OpenAPI document, and dotnet ef loads the app.
echo "== Building an app that tools load"
no_store() {
  if compgen -G "$work/apps/tools/sessions.db*" > /dev/null; then fail "$1 has made a session file"; fi
}
forget_document() { rm "$work/apps/tools/tools.json" && touch "$work/apps/tools/Program.cs"; }
document() { holds "$1 writes the document" "$(cat "$work/apps/tools/tools.json")" /api/admin/sessions; }
build tools
no_store "the build"
document "the build"
forget_document
(export SessionServer="Host=127.0.0.1;Port=1;Username=app" && build tools)
document "the build without a server"
dotnet tool install dotnet-ef --version 10.0.15 --tool-path "$work/ef" > /dev/null
(cd "$work/apps/tools" && "$work/ef/dotnet-ef" migrations add First --no-build > /dev/null)
no_store "dotnet ef"
compgen -G "$work/apps/tools/Migrations/*_First.cs" > /dev/null || fail "dotnet ef has written no migration"
start "$work/apps/tools" dotnet "$(program tools)"
is "the app runs" "$(status GET /)" 200
[[ -f $work/apps/tools/sessions.db ]] || fail "the app that runs has made no session file"
forget_document
(cd "$work/apps/tools" && dotnet build --nologo -v quiet -warnaserror -o "$work/beside")
document "a build beside the app that runs"
stop_apps

echo "== What the packages hold"
for package in hanzo.sessions hanzo.sessions.aspnetcore hanzo.sessions.postgres hanzo.sessions.sqlite hanzo.sessions.testing; do
  held=$(echo "$work/cache/$package"/*)
  for file in README.md icon.png "lib/net10.0/*.dll" "lib/net10.0/*.xml"; do
    compgen -G "$held/$file" > /dev/null || fail "$package has no $file"
  done
  holds "$package names its licence" "$(cat "$held/$package.nuspec")" '<license type="expression">Apache-2.0</license>'
  compgen -G "$packages/*.$(basename "$held").snupkg" > /dev/null || fail "there are no symbol packages"
done

for package in hanzo.sessions.postgres hanzo.sessions.sqlite; do
  for file in Schema.sql Upgrades/001-place.sql; do
    compgen -G "$work/cache/$package/*/sql/$file" > /dev/null || fail "$package has no script sql/$file"
  done
done

echo "The packages work: console, web, cookie, Identity, and a store with $passed tests of the kit."
