#!/usr/bin/env bash
# fuzz/run.sh with targets that only pretend: what it says, and that a finding fails the whole run.
set -euo pipefail
"$(dirname "$0")/run.sh" --ready || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/fuzz" "$folder/build-fuzz/bin" "$folder/path"
cp "$(dirname "$0")/run.sh" "$folder/fuzz"
touch "$folder/build-fuzz/CMakeCache.txt"
for command in "$folder/path/cmake" "$folder"/build-fuzz/bin/fuzz_{good,better,bad,killed}; do
  printf '#!/bin/sh\necho "stat::number_of_executed_units: 17" >&2\n' >"$command"
  chmod +x "$command"
done
echo 'echo "ERROR: a broken promise" >&2; exit 77' >>"$folder/build-fuzz/bin/fuzz_bad"
echo 'kill -SEGV $$' >>"$folder/build-fuzz/bin/fuzz_killed"

# expect CODE TARGET...: runs them all and keeps what is said.
expect() {
  local wanted=$1 code=0; shift
  printf 'piste_fuzz(%s LINKS x)\n' "$@" >"$folder/fuzz/CMakeLists.txt"
  said=$(PATH="$folder/path:$PATH" "$folder/fuzz/run.sh" all 5 2>&1) || code=$?
  [ "$code" = "$wanted" ] || { echo "$*: exit code $code instead of $wanted: $said"; exit 1; }
}
says() { grep -qE "$1" <<<"$said" || { echo "'$1' is not in: $said"; exit 1; }; }

expect 0 good better
says '^good +5s  no finding, inputs: 17$'
says '^better +5s  no finding, inputs: 17$'
expect 1 bad good better
says '^bad +5s  a finding:$'
says '^ERROR: a broken promise$'
says '^better +5s  no finding' # the others run all the same
expect 1 good killed
says '^killed +5s  a finding:$'
