#!/usr/bin/env bash
# Installs what is missing: Debian packages by name, and from npm into the cache ONNX Runtime and what builds the page.
# usage: tools/setup.sh [build|test|lint|fuzz|package]...
# What was interrupted goes on: apt keeps what it has downloaded, dpkg is asked to finish, a half download is thrown away.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/packages.sh

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then sudo DEBIAN_FRONTEND=noninteractive "$@"
  else fail "root or sudo is needed for: $*"
  fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Never lets apt remove a package that is there: that is for the machine's owner to decide.
install_packages() {
  local missing=() package plan
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "this set-up knows Debian 12 and its apt only (docs/dependencies.md says what is needed)"
  say "installing ${#missing[@]} packages and what they need (a minute or two on a fresh machine): ${missing[*]}"
  [ -z "$(dpkg --audit)" ] || as_root dpkg --configure -a >/dev/null  # an installation before was interrupted
  plan=$(apt-get install --simulate --no-install-recommends "${missing[@]}" 2>&1) || {
    as_root apt-get update -qq
    plan=$(apt-get install --simulate --no-install-recommends "${missing[@]}" 2>&1) || fail "apt cannot install: $plan"
  }
  if grep -q '^Remv' <<<"$plan"; then
    fail "apt would remove packages; please settle this by hand: $(grep '^Remv' <<<"$plan")"
  fi
  # Another apt may be at work, as on a machine that has just started; where nothing is there to be lost, nothing waits for
  # the disk.
  local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0)
  [ -z "${CI:-}" ] && ! [ -e /.dockerenv ] || options+=(-o Dpkg::Options::=--force-unsafe-io)
  # apt closes the status descriptor for dpkg, so that it must not be the standard output, into which packages' scripts write.
  as_root sh -c 'exec apt-get install "$@" 3>&1 >/dev/null' apt "${options[@]}" "${missing[@]}" | tools/progress.sh packages
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/piste

# npm package, version, SHA-256 of its archive. The first holds the C and C++ headers and the x64 library; arm64's
# library is in the second.
headers_package=com.github.asus4.onnxruntime headers_version=0.4.9
headers_sum=e59788788818fdde1b2e522e766a21ba0f7d8391de55737abf81e32cc801785d
arm64_package=onnxruntime-node arm64_version=1.30.0
arm64_sum=6e3390d6b783e7be946fad629292799da28d0b42f84856e50d2c1b0383291e75

# package version sum: leaves the checked archive in the cache and prints its path.
fetch_npm() {
  local archive="$cache/downloads/${1//\//-}-$2.tgz"
  mkdir -p "$cache/downloads"
  rm -rf "$cache"/downloads/??????  # of one that was interrupted
  if ! [ -f "$archive" ]; then
    command -v npm >/dev/null || install_packages npm >&2
    local folder; folder=$(mktemp -d "$cache/downloads/XXXXXX")
    (cd "$folder" && npm pack --silent "$1@$2" >/dev/null) || { rm -rf "$folder"; fail "npm could not fetch $1@$2"; }
    mv "$folder"/*.tgz "$archive" && rmdir "$folder"
  fi
  echo "$3  $archive" | sha256sum --check --status || { rm -f "$archive"; fail "$1@$2 has the wrong checksum"; }
  echo "$archive"
}

install_onnxruntime() {
  [ -z "${ONNXRUNTIME_ROOT:-}" ] || return 0
  local target="$cache/onnxruntime-$headers_version"
  if ! [ -f "$target/complete" ]; then
    say "fetching ONNX Runtime (once, into the cache)"
    rm -rf "$cache"/onnxruntime.??????  # of one that was interrupted
    local archive partial
    archive=$(fetch_npm $headers_package $headers_version $headers_sum)
    partial=$(mktemp -d "$cache/onnxruntime.XXXXXX")
    mkdir -p "$partial/include" "$partial/lib"
    tar xzf "$archive" -C "$partial/include" --strip-components=7 \
      "package/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers"
    case $(uname -m) in
      x86_64) tar xzf "$archive" -C "$partial/lib" --strip-components=4 package/Plugins/Linux/x64/libonnxruntime.so ;;
      aarch64)
        archive=$(fetch_npm $arm64_package $arm64_version $arm64_sum)
        tar xzf "$archive" -C "$partial/lib" --strip-components=5 package/bin/napi-v6/linux/arm64/libonnxruntime.so.1
        mv "$partial/lib/libonnxruntime.so.1" "$partial/lib/libonnxruntime.so" ;;
      *) fail "no ONNX Runtime for $(uname -m) in npm: install one and set ONNXRUNTIME_ROOT" ;;
    esac
    ln -s libonnxruntime.so "$partial/lib/libonnxruntime.so.1"
    touch "$partial/complete"
    rm -f "$cache"/downloads/*.tgz
    rm -rf "$target" && mv "$partial" "$target"
  fi
  ln -sfn "onnxruntime-$headers_version" "$cache/onnxruntime"
}

# npm package, version, sum of each thing in $2...: unpacked side by side as $1/node_modules has them.
unpack_npm() {
  local target=$1 package version sum archive; shift
  while [ $# -gt 0 ]; do
    read -r package version sum <<<"$1"; shift
    archive=$(fetch_npm "$package" "$version" "$sum") || return 1
    mkdir -p "$target/node_modules/$package"
    tar xzf "$archive" -C "$target/node_modules/$package" --strip-components=1 --no-same-owner || return 1
    rm -f "$archive"
  done
}

# What the page is built with; without it the service shows a plain page, so nothing here ends the set-up.
# $1: name of the set, $2...: its packages. A set is made anew where its list has changed.
install_web() {
  local name=$1 wanted; shift
  wanted=$(printf '%s\n' "$@")
  [ "$(cat "$cache/$name/complete" 2>/dev/null)" != "$wanted" ] || return 0
  say "fetching what the page is ${name#web-} with (once, into the cache)"
  rm -rf "$cache/$name".??????  # of one that was interrupted
  local partial; partial=$(mktemp -d "$cache/$name.XXXXXX")
  if (unpack_npm "$partial" "$@"); then
    printf '%s\n' "$wanted" >"$partial/complete"
    rm -rf "${cache:?}/$name" && mv "$partial" "$cache/$name"
  else
    rm -rf "$partial"
    say "the page cannot be built: the service will show a plain one instead"
  fi
}

fetch_all() {
  install_onnxruntime
  install_web web-built "${WEB_BUILD_PACKAGES[@]}"
  [ -z "${lint_web:-}" ] || install_web web-checked "${WEB_LINT_PACKAGES[@]}"
  [ -z "${test_web:-}" ] || install_web web-tested "${WEB_TEST_PACKAGES[@]}"
}

# In one go with what apt has to do, which takes longer; npm must be there for that.
fetch_beside() {
  command -v npm >/dev/null
}

packages=("${BUILD_PACKAGES[@]}")
for what in "$@"; do
  case $what in
    build) ;;
    test) packages+=("${TEST_PACKAGES[@]}"); test_web=yes ;;
    lint) packages+=("${LINT_PACKAGES[@]}"); lint_web=yes ;;
    fuzz) packages+=("${FUZZ_PACKAGES[@]}") ;;
    package) packages+=("${PACKAGE_PACKAGES[@]}") ;;
    *) fail "usage: tools/setup.sh [build|test|lint|fuzz|package]..." ;;
  esac
done
mkdir -p "$cache"
exec 8>"$cache/lock"
# Two set-ups at a time would fetch the same twice.
flock --nonblock 8 || { say "another set-up is still at work, waiting for it"; flock 8; }
if fetch_beside; then
  fetch_all &
  install_packages "${packages[@]}"
  wait $!
else
  install_packages "${packages[@]}"
  fetch_all
fi
