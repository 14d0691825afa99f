#!/usr/bin/env bash
# ./dev demo: a phrase goes through the real service at its own pace. usage: tools/demo.sh BUILD [options of ./dev demo]
set -euo pipefail
bin=$1/bin; shift
phrase=attack-from-right video= signal=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "demo: $1 needs a value (./dev help)" >&2; exit 2; }
  case $1 in
    --phrase) phrase=$2 ;;
    --video) video=$2 ;;
    --signal) signal=$2 ;;
    *) echo "demo: unknown option $1 (./dev help)" >&2; exit 2 ;;
  esac
  shift 2
done
if [ -n "$video$signal" ] && { [ -z "$video" ] || [ -z "$signal" ]; }; then
  echo "demo: --video and --signal go together" >&2; exit 2
fi

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
mkdir -p out/demo
log=out/demo/service.log

if [ -z "$video" ]; then
  [ -f "samples/$phrase.json" ] || { echo "demo: no sample is called $phrase; there are:" >&2; ls samples/*.json >&2; exit 2; }
  video=out/demo/$phrase.mp4 signal=samples/$phrase.txt
  say "drawing the sample phrase $phrase"
  "$bin/referee" render "samples/$phrase.json" --out "$video" >/dev/null
fi

REFEREE_OUTPUT_DIR=out/demo/artifacts REFEREE_PORT=0 "$bin/referee_service" 2>"$log" >"$log.out" &
service=$!
trap 'kill $service 2>/dev/null; wait $service 2>/dev/null || true' EXIT

url=
for _ in $(seq 100); do
  url=$(cat "$log" "$log.out" 2>/dev/null | grep -o 'http://127.0.0.1:[0-9]*' | head -n 1) && break
  kill -0 $service 2>/dev/null || { echo "the service did not start:" >&2; cat "$log" >&2; exit 1; }
  sleep 0.1
done
[ -n "$url" ] || { echo "the service did not start in time:" >&2; cat "$log" >&2; exit 1; }
say "service at $url, its log in $log"
say "streaming $video at its own pace"
status=0
"$bin/referee_client_streaming" "$url" --video "$video" --signal "$signal" --realtime --output out/demo/result.json || status=$?
echo
say "the whole result is in out/demo/result.json, its files (overlay.mp4: watch it) under out/demo/artifacts"
say "next: ./dev serve, then stream your own phrase to it; ./dev demo --phrase NAME shows another sample:" \
  "$(cd samples && ls *.json | sed 's/\.json//' | tr '\n' ' ')"
exit $status
