#!/usr/bin/env bash
# Draws the sample phrases for the end-to-end tests, small enough for them. usage: render_phrases.sh REFEREE SAMPLES OUT
set -euo pipefail
referee=$1 samples=$2 out=$3
mkdir -p "$out"
for sample in "$samples"/*.json; do
  name=$(basename "$sample" .json)
  "$referee" render "$sample" --out "$out/$name.mkv" --width 640 --height 360 --fps 15 --quality 95
done
# H.264, as cameras and editors write it.
"$referee" render "$samples/attack-from-right.json" --out "$out/attack-from-right.mp4" --width 640 --height 360 --fps 15
"$referee" render "$samples/bouts/sabre.json" --box-events "$out/bout.jsonl" --out "$out/bout.mkv" --width 640 --height 360 --fps 10
"$referee" render "$samples/bouts/short.json" --box-events "$out/short-bout.jsonl" --out "$out/short-bout.mkv" --width 640 --height 360 --fps 10
