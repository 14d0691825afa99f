#!/usr/bin/env bash
# ./dev demo: a phrase goes through the real service at its own pace. usage: tools/demo.sh BUILD [options of ./dev demo]
set -euo pipefail
bin=$1/bin; shift
phrase=attack-from-right video= signal= bout=

samples() { (cd samples && printf '%s ' *.json | sed 's/\.json//g'); }
refuse() { echo "demo: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
  if [ "$1" = --bout ]; then bout=1; shift; continue; fi
  [ $# -ge 2 ] || refuse "$1 needs a value (./dev help)"
  case $1 in
    --phrase) phrase=$2 ;;
    --video) video=$2 ;;
    --signal) signal=$2 ;;
    *) refuse "unknown option $1 (./dev help)" ;;
  esac
  shift 2
done
if [ -n "$video$signal" ] && { [ -z "$video" ] || [ -z "$signal" ]; }; then refuse "--video and --signal go together"; fi
for file in $video $signal; do [ -f "$file" ] || refuse "there is no file $file"; done
[ -n "$video" ] || [ -f "samples/$phrase.json" ] || refuse "no sample is called $phrase; there are: $(samples)"

say() { printf '\n\033[1m==> %s\033[0m\n' "$*"; }
row() { printf '    %-21s %s\n' "$1" "$2"; }
# A text field of a sample's description.
field() { sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "samples/$phrase.json" | head -n 1; }

folder=out/demo
mkdir -p "$folder"
log=$folder/service.log
right=

if [ -n "$bout" ]; then
  [ -z "$video" ] || refuse "--bout draws a bout of its own"
  video=$folder/bout.mkv
  say "Drawing a short bout (no footage of real people ships with Piste)"
  "$bin/referee" render samples/bouts/short.json --box-events "$folder/bout.jsonl" --out "$video" --width 800 --height 450 \
    --quality 90 2>"$folder/render.log" || { cat "$folder/render.log" >&2; exit 1; }
elif [ -z "$video" ]; then
  video=$folder/$phrase.mp4 signal=samples/$phrase.txt right=$(field verdict)
  if ! [ "$video" -nt "samples/$phrase.json" ] || ! [ "$video" -nt "$bin/referee" ]; then
    say "Drawing the sample phrase $phrase (no footage of real people ships with Piste)"
    "$bin/referee" render "samples/$phrase.json" --out "$video" 2>"$folder/render.log" ||
      { cat "$folder/render.log" >&2; exit 1; }
  fi
fi

REFEREE_OUTPUT_DIR=$folder/artifacts REFEREE_PORT=0 "$bin/referee_service" >"$log" 2>&1 &
service=$!
stop() { kill $service 2>/dev/null && wait $service 2>/dev/null || true; }
trap stop EXIT
for _ in $(seq 300); do
  url=$(sed -n 's/^Listening on \(http:.*\)$/\1/p' "$log")
  [ -z "$url" ] || break
  kill -0 $service 2>/dev/null || { echo "demo: the service did not start:" >&2; cat "$log" >&2; exit 1; }
  sleep 0.1
done
[ -n "$url" ] || { echo "demo: the service did not start in time; $log says:" >&2; cat "$log" >&2; exit 1; }

# A text in a log, once it is there; nothing after 5 s.
logged() {
  for _ in $(seq 100); do
    if sed -n "s|.*$2.*|\\1|p" "$1" | grep -m 1 .; then return; fi
    sleep 0.05
  done
}

# A simulated Favero box on a line of its own, and the program that tells the service what it says. The pictures begin a
# moment behind the box: the lamps in them show by how much.
show_bout() {
  local line status=0
  say "A bout is fenced: its frames go to the service at their own pace, and a simulated Favero box tells the hits"
  trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
  "$bin/referee" box simulate favero "$folder/bout.jsonl" --to pty --tail 60 >"$folder/box.log" 2>&1 &
  line=$(logged "$folder/box.log" 'the box is at \(/dev/[^ ]*\)')
  [ -n "$line" ] || { echo "demo: the simulated box did not start:" >&2; cat "$folder/box.log" >&2; exit 1; }
  "$bin/referee_client_streaming" "$url" --video "$video" --realtime --bout --piste A --output "$folder/bout.json" &
  local client=$!
  "$bin/referee_box" --piste A --box "serial:$line" --protocol favero "$url" >"$folder/referee_box.log" 2>&1 &
  row "the box is heard by" "referee_box --piste A --box serial:$line --protocol favero $url"
  wait $client || status=$?
  kill $(jobs -p) 2>/dev/null && wait || true
  trap - EXIT
  [ $status = 0 ] || { say "The bout has no end. $log says more"; exit $status; }
}

if [ -n "$bout" ]; then
  show_bout
  artifacts=$(ls -td "$folder"/artifacts/*/ | head -n 1)
  say "The service has stopped. What it leaves, in $artifacts"
  row bout.json "all phrases, the score, hits that are no phrase's; also in $folder/bout.json"
  row box.jsonl "what the box said (docs/boxes.md)"
  row phrase-01/overlay.mp4 "watch this: skeletons, actions, lamps, the verdict; plays in any browser"
  row phrase-01/ "and phrase-02/ ...: each phrase's video, log, keypoints and verdict (docs/bouts.md)"
  say "Next"
  row "with a camera" "referee_client_streaming http://SERVER --bout --camera 0 --piste A"
  row "with your box" "referee_box --piste A --box serial:/dev/ttyUSB0 --protocol favero http://SERVER"
  exit 0
fi
say "A phrase is fenced: its frames go to the service at their own pace, then the scoring box's log"
[ -z "$right" ] || row phrase "$(field title)"
row video "$video"
row "box's log" "$signal"
row service "$url (its log: $log)"
echo
status=0
"$bin/referee_client_streaming" "$url" --video "$video" --signal "$signal" --realtime --output "$folder/result.json" ||
  status=$?
[ $status = 0 ] || { say "No verdict. $log says more"; exit $status; }
[ -z "$right" ] || printf 'Right is:    %s, by the author of the sample\n' "$right"

artifacts=$(sed 's/.*"artifact_dir": \{0,1\}"\([^"]*\)".*/\1/' "$folder/result.json")
say "What it leaves, in $artifacts"
row overlay.mp4 "watch this: skeletons, actions, lamps, the verdict; plays in any browser"
row phrase.mkv "the frames as they were received"
row phrase.txt "the scoring box's log"
row keypoints.xlsx "both fencers' keypoints in each frame"
row analysis_result.json "everything as JSON, also in $folder/result.json"
command -v xdg-open >/dev/null && row "" "xdg-open $artifacts/overlay.mp4"

say "Next"
row "./dev demo --phrase" "another sample: $(samples)"
row "./dev demo --video V.mp4 --signal LOG.txt" ""
row "" "a phrase of your own"
row "./dev serve" "the service with its page (docs/page.md), and for your clients (docs/protocol.md)"

id=$(sed 's/.*"session_id": \{0,1\}"\([^"]*\)".*/\1/' "$folder/result.json")
say "Look at it in a browser: what decided it, and what would change it"
if [ -t 0 ] && [ -t 1 ]; then
  row "this phrase" "$url/#/phrase/$id"
  row "" "Enter ends the service"
  read -r _ || true
else
  row serve "REFEREE_OUTPUT_DIR=$folder/artifacts ./dev serve"
  row then "http://127.0.0.1:8080/#/phrase/$id"
fi
