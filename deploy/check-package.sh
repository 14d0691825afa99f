#!/usr/bin/env bash
# deploy/check-package.sh PACKAGE.deb [ROOT]
# Installs the package in a clean Debian 12, runs the service there, removes and purges it, and says what is left over.
# Needs root, debootstrap and a Debian mirror. ROOT is kept for the next time, if it is named.
set -euo pipefail
package=$(realpath "$1")
root=${2:-$(mktemp -d)}
clean_up() { umount "$root/proc" 2>/dev/null || true; [ "$keep" = yes ] || rm -rf "$root"; }
keep=no; [ $# -lt 2 ] || keep=yes
trap clean_up EXIT
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$root" >/dev/null
mount -t proc proc "$root/proc"  # the programs find their library relative to themselves through it

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"; }
files() { (cd "$root" && find etc usr var lib opt -not -path 'var/lib/dpkg/*' -not -path 'var/lib/apt/*' \
  -not -path 'var/cache/*' -not -path 'var/log/*' -not -name 'ld.so.cache' -not -name '*-' | sort); }

cp "$package" "$root/piste.deb"
inside apt-get update -qq
# Its dependencies first, so that what is counted is the package's own.
inside apt-get install -y -qq --no-install-recommends $(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/,/ /g; s/|[^ ]* *[^ ]*//g') >/dev/null
before=$(files)
inside dpkg -i /piste.deb >/dev/null
inside referee_service --version
inside getent passwd piste
inside sh -c 'cd /tmp && REFEREE_PORT=0 REFEREE_MIN_FREE_DISK_MB=0 REFEREE_OUTPUT_DIR=/tmp/phrases timeout -s TERM 20 referee_service >/tmp/out 2>&1 &
  for i in $(seq 100); do url=$(sed -n "s/^Listening on //p" /tmp/out 2>/dev/null); [ -n "$url" ] && break; sleep 0.1; done
  referee_client "$url" --health; code=$?; kill %1 2>/dev/null; wait; exit $code'
inside dpkg -r piste >/dev/null
inside dpkg -P piste >/dev/null
inside rm -rf /piste.deb /tmp/out /tmp/phrases
left=$(comm -13 <(echo "$before") <(files) || true)
if [ -n "$left" ]; then echo "left over:"; echo "$left"; exit 1; fi
echo "installs, runs and removes cleanly"
