#!/usr/bin/env bash
# Builds the page and writes it as C++: each file raw, by brotli and by gzip, with its type and hash. Fails where a part is
# larger than web/budgets allows. usage: web/build.sh ESBUILD NODE_MODULES FOLDER OUT.cpp
set -euo pipefail
esbuild=$1 modules=$2 folder=$3 out=$4
web=$(cd "$(dirname "$0")" && pwd)
rm -rf "$folder"
mkdir -p "$folder/site/assets"

# Chunks and stylesheet have names with their hash. Workers are asked for by name, so theirs have none.
cd "$web"
NODE_PATH=$modules "$esbuild" main=src/main.tsx page=src/page.css --bundle --splitting --format=esm --minify --target=es2022,safari16.4 \
  --jsx=automatic --jsx-import-source=preact --entry-names='[name]-[hash]' --chunk-names='[name]-[hash]' \
  --outdir="$folder/site/assets" --log-level=warning --metafile="$folder/meta.json"
NODE_PATH=$modules "$esbuild" src/capture/track_worker.ts src/capture/jpeg_worker.ts --bundle --minify --target=es2022,safari16.4 \
  --outdir="$folder/site/assets" --log-level=warning
cp -r static/. "$folder/site/"

named() { (cd "$folder/site" && ls assets/$1); }
main=$(named 'main-*.js') style=$(named 'page-*.css')
sed "s|@MAIN@|$main|; s|@STYLE@|$style|" index.html >"$folder/site/index.html"

# The service worker keeps all of these; it changes when one of them does.
files=$(cd "$folder/site" && find . -type f | sed 's|^\./||' | LC_ALL=C sort)
version=$(cd "$folder/site" && sha256sum $files | sha256sum | cut -c 1-16)
"$esbuild" src/service_worker.ts --bundle --minify --target=es2022,safari16.4 --define:VERSION="\"$version\"" \
  --define:FILES="[$(printf '"%s",' $files | sed 's/,$//')]" --outfile="$folder/site/service-worker.js" --log-level=warning

./check_budgets.sh "$folder"

type_of() {
  case $1 in
    *.html) echo "text/html; charset=utf-8" ;;
    *.js) echo "text/javascript; charset=utf-8" ;;
    *.css) echo "text/css; charset=utf-8" ;;
    *.svg) echo "image/svg+xml" ;;
    *.png) echo "image/png" ;;
    *.webmanifest) echo "application/manifest+json" ;;
    *) echo "web/build.sh: no type for $1" >&2; return 1 ;;
  esac
}

names=$(cd "$folder/site" && find . -type f | sed 's|^\.||' | LC_ALL=C sort)
{
  printf '// Made by web/build.sh.\n#include <array>\n\n#include "site/files.h"\n\nasm(".section .rodata\\n"\n'
  number=0
  for name in $names; do
    file=$folder/site$name
    brotli --quality=11 --keep --force "$file"
    gzip --best --keep --force --no-name "$file"
    for part in raw: br:.br gz:.gz; do
      label=piste_site_${number}_${part%%:*}
      printf '    "%s: .incbin \\"%s\\"\\n%s_end:\\n"\n' "$label" "$file${part#*:}" "$label"
    done
    number=$((number + 1))
  done
  printf '    ".previous\\n");\n\nextern "C" {\n'
  for i in $(seq 0 $((number - 1))); do for part in raw br gz; do
    printf 'extern const char piste_site_%s_%s[], piste_site_%s_%s_end[];\n' "$i" $part "$i" $part
  done; done
  printf '}\n\nstd::span<const piste::site::File> piste::site::files() {\n'
  printf '  static const std::array<File, %s> all{{\n' "$number"
  number=0
  for name in $names; do
    hash=$(sha256sum "$folder/site$name" | cut -c 1-16)
    type=$(type_of "$name")
    lasting=false; case $name in /assets/*-????????.*) lasting=true ;; esac
    printf '      {"%s", "%s", "%s", %s' "$name" "$type" "$hash" $lasting
    for part in raw br gz; do
      printf ', {piste_site_%s_%s, piste_site_%s_%s_end}' "$number" $part "$number" $part
    done
    printf '},\n'
    number=$((number + 1))
  done
  printf '  }};\n  return all;\n}\n'
} >"$out.new"
mv "$out.new" "$out"
