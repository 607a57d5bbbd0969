#!/usr/bin/env bash
# Fills the files of this folder again through the packages of 0.1.0: a SQLite file, a dump of PostgreSQL, and what is in each.
# Usage: bash make.sh CONNECTION-URI CONNECTION-STRING     (the same server, as psql and as .NET write it; an empty database)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build worker --nologo -v quiet

dotnet worker/bin/Worker010.dll fill sqlite "$work/sessions.db" > sessions.db.jsonl
gzip -9 -n < "$work/sessions.db" > sessions.db.gz
dotnet worker/bin/Worker010.dll fill postgres "$2" > sessions.sql.jsonl
pg_dump --no-owner --no-privileges --inserts "$1" | grep -v '^\\' | gzip -9 -n > sessions.sql.gz
