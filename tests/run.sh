#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test project.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'END'
Usage: bash tests/run.sh [--no-install] [--soak]

  --no-install  install nothing; say what is missing (tests that need it are skipped, or fail when CI=true)
  --soak        also run the long tests (sets HANZO_SESSIONS_SOAK=1)
  --help        show this text

HANZO_SESSIONS_POSTGRES  connection string of a PostgreSQL server to use instead of one the tests start
HANZO_SESSIONS_SEED      seed of the random suites, as a failure names it; without it every run has another one
END
}

install=true
for option in "$@"; do
  case $option in
    --no-install) install=false ;;
    --soak) export HANZO_SESSIONS_SOAK=1 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "Unknown option: $option" >&2; usage >&2; exit 2 ;;
  esac
done

exec < /dev/null
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # no build server outlives this script
passed=0 failed=0 skipped=0 complete=false

finish() {
  status=$?
  if [[ $complete == false && $failed == 0 ]]; then failed=1; fi
  if [[ $failed != 0 && $status == 0 ]]; then status=1; fi
  if [[ -s ${HANZO_SESSIONS_FIGURES:-} ]]; then
    echo
    cat "$HANZO_SESSIONS_FIGURES"
  fi
  echo
  echo "Took $((SECONDS / 60)) min $((SECONDS % 60)) s."
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- What the tests need ---

has_command() { command -v "$@" > /dev/null; }
has_postgresql() { [[ -n ${HANZO_SESSIONS_POSTGRES:-} ]] || has_command initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; }
has_pgbouncer() { has_command pgbouncer || [[ -x /usr/sbin/pgbouncer ]]; }
has_chromium() { has_command chromium || has_command chromium-browser || has_command google-chrome; }
has_curl() { has_command curl; }
has_nodejs() { has_command node; }
has_npm() { has_command npm; }
has_faketime() { has_command faketime; }

missing() {
  local need
  for need in curl postgresql pgbouncer chromium nodejs npm faketime; do
    "has_$need" || echo "$need"
  done
}

as_root() {
  if [[ $EUID == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  has_command apt-get && { [[ $EUID == 0 ]] || { has_command sudo && sudo -n true 2> /dev/null; }; }
}

install_package() {
  echo "Installing $1"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" > /dev/null
}

# The tests start a server of their own, so Debian is told not to make and start one.
install_postgresql() {
  local folder=/etc/postgresql-common/createcluster.d
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = off' | as_root tee "$folder/hanzo-sessions-tests.conf" > /dev/null
  install_package postgresql || true # whether it worked is asked afterwards
  as_root rm -f "$folder/hanzo-sessions-tests.conf"
}
# The same for its pooler, on a machine that starts services.
install_pgbouncer() {
  local services=false
  if [[ -d /run/systemd/system ]]; then services=true; fi
  if [[ $services == true ]]; then as_root systemctl mask --runtime --quiet pgbouncer || true; fi
  install_package pgbouncer || true
  if [[ $services == true ]]; then as_root systemctl unmask --runtime --quiet pgbouncer || true; fi
}
install_chromium() { install_package chromium || install_package chromium-browser; }
install_curl() { install_package curl; }
install_nodejs() { install_package nodejs; }
install_npm() { install_package npm; }
install_faketime() { install_package faketime; }

needs=$(missing)
if [[ -n $needs && $install == true ]]; then
  if can_install; then
    as_root apt-get update -qq || echo "apt-get update failed; trying with the package lists at hand."
    for need in $needs; do
      "has_$need" || "install_$need" || true
    done
    needs=$(missing)
  else
    echo "Cannot install anything here: that takes apt-get (Debian, Ubuntu) and root or a sudo that asks nothing."
  fi
fi
for need in $needs; do
  echo "Missing: $need. Tests that need it are skipped, or fail when CI=true."
done

# The packages that tests drive through Node.js, exactly as their lock files say.
if has_npm; then
  for lock in $(find tests -name package-lock.json -not -path '*/node_modules/*'); do
    folder=$(dirname "$lock")
    if [[ ! -d $folder/node_modules || $lock -nt $folder/node_modules ]]; then
      npm ci --silent --prefix "$folder" || echo "npm ci failed in $folder. Tests that need its packages fail."
    fi
  done
fi

# --- Build and test ---

echo "Building"
dotnet build Hanzo.Sessions.sln -c Release --nologo -v quiet

# Adds the counts of one .trx file; a project that ran nothing or died counts as one failure.
add_counts() {
  local counters=() name value total=0 good=0 bad=0
  if [[ -f $1 ]]; then
    while IFS='=' read -r name value; do
      case $name in
        total) total=$value ;;
        passed) good=$value ;;
        failed | error | timeout | aborted) bad=$((bad + value)) ;;
      esac
    done < <(grep -o '<Counters [^>]*' "$1" | grep -o '[a-zA-Z]*="[0-9]*"' | tr -d '"')
  fi
  if [[ $((good + bad)) == 0 && $total == 0 ]]; then
    echo "$2 ran no test (exit code $3)."
    bad=1
  elif [[ $3 != 0 && $bad == 0 ]]; then
    echo "$2 ended with exit code $3 although no test failed."
    bad=1
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  if [[ $total -gt $((good + bad)) ]]; then skipped=$((skipped + total - good - bad)); fi
}

results=artifacts/tests
rm -rf "$results"
mkdir -p "$results"
export HANZO_SESSIONS_FIGURES="$PWD/$results/figures.txt" # one line per suite of the proof tests
for project in tests/*Tests/*Tests.csproj; do
  name=$(basename "$project" .csproj)
  echo
  echo "Testing $name"
  code=0
  dotnet test "$project" --no-build -c Release --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" || code=$?
  add_counts "$results/$name.trx" "$name" "$code"
done
complete=true
