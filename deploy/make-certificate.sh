#!/usr/bin/env bash
# An authority and a certificate for a club's own network, where nobody can get one from a public one:
#   deploy/make-certificate.sh DIR [NAME|ADDRESS...]
# The certificate is good for localhost, this machine's names and addresses, and what else is named, for 820 days: phones
# take none that is made for longer. Phones and clients trust the authority (ca.pem), which lasts ten years: once
# certificate.pem and key.pem are removed, the same command makes them anew, and nobody need do anything.
set -euo pipefail

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }
case ${1:-} in "" | -h | --help) usage; exit 2 ;; esac
command -v openssl >/dev/null || { echo "openssl is missing: apt-get install openssl" >&2; exit 1; }

directory=$1; shift
certificate=$directory/certificate.pem key=$directory/key.pem
ca=$directory/ca.pem ca_key=$directory/ca-key.pem
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
new_key() { (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"); }

if [ ! -e "$ca" ]; then
  new_key "$ca_key"
  openssl req -x509 -new -key "$ca_key" -days 3650 -subj "/CN=Piste on $(hostname | cut -c 1-40)" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$ca"
fi
new_key "$key"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf '%s\n' "subjectAltName=$names" basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
  extendedKeyUsage=serverAuth >"$scratch/extensions"
openssl req -new -key "$key" -subj "/CN=Piste" -out "$scratch/request"
openssl x509 -req -in "$scratch/request" -CA "$ca" -CAkey "$ca_key" -set_serial "0x$(openssl rand -hex 16)" -days 820 \
  -extfile "$scratch/extensions" -out "$scratch/leaf" 2>/dev/null
cat "$scratch/leaf" "$ca" >"$certificate"
chmod 644 "$certificate" "$ca"

cat <<TEXT
Made for ${names//,/, }

  the service:  REFEREE_TLS_CERT=$certificate REFEREE_TLS_KEY=$key
  a client:     --ca ca.pem    (copy this file to it; never a key)
  a phone:      http://ADDRESS:PORT/trust of the running service
TEXT
