# Starting an app and looking at it with curl. Sourced by run.sh and publish.sh.

fail() {
  echo "FAILED: $*" >&2
  return 1
}

# is "what" actual expected
is() {
  if [[ $2 != "$3" ]]; then fail "$1: got '$2' instead of '$3'"; fi
}

holds() {
  if [[ $2 != *"$3"* ]]; then fail "$1: '$2' does not contain '$3'"; fi
}

apps=()
stop_apps() {
  if [[ ${#apps[@]} -gt 0 ]]; then kill "${apps[@]}" 2> /dev/null || true; wait "${apps[@]}" 2> /dev/null || true; fi
  apps=()
}

# Starts a program in its folder and waits until it says where it listens: that is in $address then.
start() {
  local folder=$1 log pid
  shift
  log=$(mktemp "$work/log.XXXXXX")
  (cd "$folder" && exec env ASPNETCORE_ENVIRONMENT="${environment:-Development}" "$@" --urls http://127.0.0.1:0) > "$log" 2>&1 &
  pid=$!
  apps+=("$pid")
  address=$(grep -m 1 -o 'http://127\.0\.0\.1:[0-9]*' < <(timeout 60 tail -n +1 -F --pid="$pid" "$log" 2> /dev/null)) || {
    cat "$log"
    fail "$* did not start"
  }
}

# write_places FILE: a database in MaxMind's format that says of 0.0.0.0/1, so of loopback too: Madrid, Spain.
write_places() {
  base64 -d > "$1" <<END
AAAAEQAAAAEAAAAAAAAAAAAAAAAAAAAA4kRjaXR54UVuYW1lc+FCZW5GTWFkcmlkR2NvdW50cnnhRW5hbWVz4UJlbkVTcGFpbqvN701heE1pbmQuY29t6Upu
b2RlX2NvdW50xAAAAAFLcmVjb3JkX3NpemWiACBKaXBfdmVyc2lvbqIABE1kYXRhYmFzZV90eXBlTUdlb0xpdGUyLUNpdHlJbGFuZ3VhZ2VzAQRCZW5bYmlu
YXJ5X2Zvcm1hdF9tYWpvcl92ZXJzaW9uogACW2JpbmFyeV9mb3JtYXRfbWlub3JfdmVyc2lvbqIAAEtidWlsZF9lcG9jaAgCAAAAAGlVuQBLZGVzY3JpcHRp
b27g
END
}

# status METHOD PATH [curl's options]: the status of the answer; its body is in $work/body.
status() {
  local method=$1 path=$2
  shift 2
  curl -sS --max-time 60 -o "$work/body" -w '%{http_code}' -X "$method" "$@" "$address$path"
}

body() { cat "$work/body"; }

# field NAME: the first value of that property in the last answer.
field() { grep -o "\"$1\":[^,}]*" "$work/body" | head -n 1 | cut -d: -f2- | tr -d '"'; }

# What the readme promises of the program that it shows. Takes the jars from a folder of their own.
check_shop() {
  local jars other
  jars=$(mktemp -d "$work/jars.XXXXXX")
  is "nobody is signed in" "$(status GET /)" 401
  is "a visitor is led to the sign-in" "$(status GET /account/sessions -H 'Accept: text/html')" 302
  is "the sign-in page" "$(status GET /login)" 200
  is "a stranger" "$(status POST '/login?name=eve')" 401
  is "an empty name" "$(status POST '/login?name=')" 401
  is "ada's phone" "$(status POST '/login?name=ada' -c "$jars/phone")" 302
  is "ada's phone lists" "$(status GET /api/account/sessions -b "$jars/phone")" 200
  other=$(field id)
  is "ada's laptop" "$(status POST '/login?name=ada' -c "$jars/laptop")" 302
  is "ben" "$(status POST '/login?name=ben' -c "$jars/ben")" 302
  is "ada is greeted" "$(status GET / -b "$jars/laptop")" 200
  holds "ada is greeted" "$(body)" "Hello ada, session "
  is "ada lists" "$(status GET /api/account/sessions -b "$jars/laptop")" 200
  holds "ada lists" "$(body)" '"quota":{"used":2,"max":10}'
  is "the page of an administrator" "$(status GET /admin/sessions -b "$jars/laptop")" 200
  is "an administrator lists" "$(status GET '/api/admin/sessions?view=records' -b "$jars/laptop")" 200
  is "an administrator sees two records" "$(field total)" 2
  is "ben is no administrator" "$(status GET /api/admin/sessions -b "$jars/ben")" 403
  is "another site cannot end the phone" "$(status DELETE "/api/account/sessions/$other" -b "$jars/laptop" -H 'Sec-Fetch-Site: cross-site')" 403
  is "ada ends the phone" "$(status DELETE "/api/account/sessions/$other" -b "$jars/laptop" -H 'X-Hanzo-Sessions: 1')" 204
  is "the phone is signed out" "$(status GET / -b "$jars/phone")" 401
  is "history" "$(status GET '/api/admin/sessions/history' -b "$jars/laptop")" 200
  is "history says why" "$(field reason)" TerminatedByUser
  for _ in 2 3 4 5 6 7 8 9 10; do
    is "one more of ten sign-ins" "$(status POST '/login?name=ada')" 302
  done
  is "the eleventh sign-in" "$(status POST '/login?name=ada')" 409
  is "ada signs out" "$(status POST /logout -b "$jars/laptop")" 200
  is "ada is signed out" "$(status GET / -b "$jars/laptop")" 401
}
