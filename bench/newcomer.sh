#!/usr/bin/env bash
# ./dev bench newcomer [--until packages|demo|test|ci] [--root DIR]
# What somebody sees who has just cloned this: the commands in a clean Debian 12 with git, npm and certificates, empty caches,
# and how long each step takes. Without --until: demo, then test. ci: .ci/run alone, as on a fresh machine. The project is the
# working tree. Needs root, debootstrap and a Debian mirror; DIR (a temporary folder; about 6 GB) is kept if it is named, and
# must be empty.
set -euo pipefail
cd "$(dirname "$0")/.."
until=test root=
while [ $# -gt 0 ]; do
  case $1 in
    --until) until=${2:?--until packages, demo, test or ci} ;;
    --root) root=${2:?--root DIR} ;;
    *) echo "newcomer: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
case $until in packages|demo|test|ci) ;; *) echo "newcomer: --until packages, demo, test or ci" >&2; exit 2 ;; esac
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || { echo "newcomer: root and debootstrap are needed" >&2; exit 1; }

keep=yes
[ -n "$root" ] || { keep=no; root=$(mktemp -d); }
mkdir -p "$root"
chmod 755 "$root" # a database and a broker run as users of their own, who must come through it
[ -z "$(ls -A "$root")" ] || { echo "newcomer: $root is not empty" >&2; exit 1; }
clean_up() {
  umount "$root/dev/shm" "$root/dev/pts" "$root/proc" 2>/dev/null || true
  [ $keep = yes ] || rm -rf --one-file-system "$root"
}
trap clean_up EXIT

echo "==> a clean Debian (not measured)"
debootstrap --variant=minbase --include=ca-certificates,git bookworm "$root" >/dev/null
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm" "$root/dev/pts" "$root/piste"
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666
ln -sf pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
# Where a proxy answers for the registries, the machine knows its authority and a fresh Debian does not.
authorities=/etc/ssl/certs/ca-certificates.crt
[ ! -e $authorities ] || cp $authorities "$root/machine-authorities.crt"
git ls-files -z --cached --others --exclude-standard | xargs -0 -I FILE sh -c '[ ! -e "$1" ] || printf "%s\0" "$1"' sh FILE \
  | tar -c --null -T - | tar -x -C "$root/piste"
inside() {
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    NODE_EXTRA_CA_CERTS=/machine-authorities.crt chroot "$root" sh -c "cd /piste && $1"
}
inside 'git init -q . && git add -A' # the tools ask Git for the files
inside 'apt-get update -qq && apt-get install -y -qq --no-install-recommends npm >/dev/null' 2>/dev/null
mkdir -p out
log=out/newcomer.log
: >$log

table=()
measure() { # NAME COMMAND
  echo "==> $1: $2"
  local begin=$SECONDS
  inside "$2" >>$log 2>&1 || { tail -n 40 $log; echo "newcomer: $1 failed; $log says more" >&2; exit 1; }
  local gone=$((SECONDS - begin))
  table+=("$(printf '%-46s %3d min %02d s' "$1" $((gone / 60)) $((gone % 60)))")
  echo "    ${table[-1]}"
}
total() { # NAME BEGIN
  local gone=$((SECONDS - $2))
  table+=("$(printf '%-46s %3d min %02d s' "$1" $((gone / 60)) $((gone % 60)))")
}

programs="referee_service referee_client_streaming referee"
begin=$SECONDS
if [ $until = ci ]; then
  measure "CI: tests, fuzz targets, lint" ".ci/run"
else
  measure "packages and ONNX Runtime" "tools/setup.sh build"
fi
if [ $until = demo ] || [ $until = test ]; then
  measure "building the demo's programs" "./dev build $programs"
  measure "the demo itself" "./dev demo"
  total "./dev demo, from nothing" $begin
fi
if [ $until = test ]; then
  begin=$SECONDS
  measure "packages of the tests" "tools/setup.sh test"
  measure "building the tests" "./dev build"
  measure "the tests themselves" "./dev test"
  total "./dev test, after the demo" $begin
fi
echo
echo "$(nproc) cores, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)"
printf '%s\n' "${table[@]}"
