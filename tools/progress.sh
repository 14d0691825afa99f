#!/usr/bin/env bash
# Shows how far a command is that says so on its standard output: Ninja's [12/204], or apt's status lines with a percentage.
# One line that moves on a terminal, a line each tenth elsewhere. usage: COMMAND | tools/progress.sh WHAT
set -euo pipefail
what=$1 begin=$SECONDS tenth=0
clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

show() { # of 1000
  local gone=$((SECONDS - begin)) left=''
  if [ "$1" -ge 50 ] && [ $gone -ge 5 ]; then left=", about $(clock $((gone * (1000 - $1) / $1))) to go"; fi
  if [ -t 1 ]; then printf '\r\033[K    %s: %d %%, %s%s' "$what" $(($1 / 10)) "$(clock $gone)" "$left"
  elif [ $(($1 / 100)) -gt $tenth ]; then tenth=$(($1 / 100)); printf '    %s: %d %%, %s%s\n' "$what" $((tenth * 10)) "$(clock $gone)" "$left"
  fi
}

while IFS= read -r line; do
  if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then show $((1000 * BASH_REMATCH[1] / BASH_REMATCH[2]))
  # The download is the first third of apt's work, as it says itself of each part.
  elif [[ $line =~ ^dlstatus:[^:]*:([0-9]+) ]]; then show $((BASH_REMATCH[1] * 333 / 100))
  elif [[ $line =~ ^pmstatus:[^:]*:([0-9]+) ]]; then show $((333 + BASH_REMATCH[1] * 667 / 100))
  fi
done
[ ! -t 1 ] || printf '\r\033[K'
printf '    %s: done, %s\n' "$what" "$(clock $((SECONDS - begin)))"
