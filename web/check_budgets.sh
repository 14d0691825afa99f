#!/usr/bin/env bash
# What a screen makes a phone fetch, by brotli, against web/budgets: its chunks and all that they import at once.
# usage: web/check_budgets.sh FOLDER, as web/build.sh has filled it
set -euo pipefail
folder=$1

# Chunks that FILE needs before it can begin, itself with them: "import" and "from" name files beside it.
needs() {
  local known=" " next="$*" file
  while [ -n "$next" ]; do
    set -- $next; file=$1; shift; next="$*"
    case $known in *" $file "*) continue ;; esac
    known="$known$file "
    next="$next $(grep -oE '(import|from) ?"\./[^"]+"' "$folder/site/assets/$file" | sed -E 's/.*"\.\/(.*)"/\1/' | tr '\n' ' ')"
  done
  echo "$known"
}

size() { local total=0 file; for file; do total=$((total + $(brotli --quality=11 --stdout "$folder/site/assets/$file" | wc -c))); done; echo $total; }

failed=0
while read -r what limit patterns; do
  [ -n "$what" ] && [ "${what#\#}" = "$what" ] || continue
  files=$(cd "$folder/site/assets" && ls $patterns)
  [ "${what%style}" != "$what" ] || files=$(needs $files)
  bytes=$(size $files)
  if [ "$bytes" -gt "$limit" ]; then
    echo "the page: $what is $bytes bytes by brotli, of $limit that web/budgets allows" >&2; failed=1
  fi
  printf '%s %s of %s\n' "$what" "$bytes" "$limit" >>"$folder/sizes"
done <budgets
exit $failed
