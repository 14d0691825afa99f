#!/usr/bin/env bash
# A self-signed certificate for a club's own network, where nobody can get one from an authority:
#   deploy/make-certificate.sh DIR [NAME|ADDRESS...]
# It is good for localhost, this machine's names and addresses, and what else is named; for ten years.
set -euo pipefail

usage() { sed -n '2,4s/^# \{0,1\}//p' "$0"; }
case ${1:-} in "" | -h | --help) usage; exit 2 ;; esac
command -v openssl >/dev/null || { echo "openssl is missing: apt-get install openssl" >&2; exit 1; }

directory=$1; shift
certificate=$directory/certificate.pem key=$directory/key.pem
for file in "$certificate" "$key"; do
  [ ! -e "$file" ] || { echo "$file is there already; remove it first if it is to be replaced" >&2; exit 1; }
done

is_address() { [[ $1 =~ ^[0-9]+(\.[0-9]+){3}$ || $1 == *:* ]]; }

alternatives() {
  {
    printf '%s\n' localhost 127.0.0.1 ::1 "$@"
    hostname; hostname -f 2>/dev/null || true
    hostname -I 2>/dev/null | tr ' ' '\n' || true
  } | sed '/^$/d' | sort -u | while read -r name; do
    if is_address "$name"; then echo "IP:$name"; else echo "DNS:$name"; fi
  done | paste -sd,
}

mkdir -p "$directory"
names=$(alternatives "$@")
(umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
  -subj "/CN=Piste" -addext "subjectAltName=$names" -addext "basicConstraints=critical,CA:FALSE" \
  -addext "extendedKeyUsage=serverAuth" -keyout "$key" -out "$certificate" 2>/dev/null)
chmod 644 "$certificate"

cat <<TEXT
Made for ${names//,/, }

  the service:  REFEREE_TLS_CERT=$certificate REFEREE_TLS_KEY=$key
  a client:     --ca certificate.pem    (copy this file to it; never the key)
TEXT
