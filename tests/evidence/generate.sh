#!/bin/sh
# Makes the certificates that the tests of chains read: `sh tests/evidence/generate.sh`. They hold from 2020 to 2120, but the one that
# says otherwise. Keys are made anew each time, so all files change together.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

key() { openssl ecparam -name "$2" -genkey -noout -out "$work/$1.key"; }
# certificate NAME ISSUER EXTENSIONS [FROM UNTIL]
certificate() {
    printf '%b' "$3" > "$work/extensions"
    openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr"
    mkdir -p "$work/ca"; : > "$work/ca/index"; printf '%s' "$(openssl rand -hex 8)" > "$work/ca/serial"
    cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = d
[d]
new_certs_dir = $work/ca
database = $work/ca/index
serial = $work/ca/serial
default_md = ${DIGEST:-sha256}
policy = p
unique_subject = no
[p]
commonName = supplied
CNF
    if [ "$1" = "$2" ]; then issuer="-selfsign -keyfile $work/$1.key"; else issuer="-cert $work/$2.pem -keyfile $work/$2.key"; fi
    # shellcheck disable=SC2086
    openssl ca -batch -notext -config "$work/ca.cnf" $issuer -in "$work/$1.csr" -out "$work/$1.pem" \
        -extfile "$work/extensions" -startdate "${4:-20200101000000Z}" -enddate "${5:-21200101000000Z}" 2>/dev/null
    openssl x509 -in "$work/$1.pem" -outform der -out "$1.der"
}
authority='basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n'
leaf='keyUsage=critical,digitalSignature\n'

key root secp384r1; DIGEST=sha384 certificate root root "$authority"
key other-root prime256v1; certificate other-root other-root "$authority"
key authority prime256v1; DIGEST=sha384 certificate authority root 'basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign\n'
key phone prime256v1; certificate phone authority "$leaf"
# What a phone's key signs is nobody's.
key below-phone prime256v1; certificate below-phone phone "$leaf"
# The path below `authority` may have no further authority.
key second-authority prime256v1; certificate second-authority authority "$authority"
key too-deep prime256v1; certificate too-deep second-authority "$leaf"
key expired prime256v1; certificate expired authority "$leaf" 20200101000000Z 20210101000000Z
key critical prime256v1; certificate critical authority "$leaf"'nameConstraints=critical,permitted;DNS:example.org\n'
key signs-certificates prime256v1; certificate signs-certificates authority 'keyUsage=critical,keyCertSign\n'

# What Android says of a key that it attested: `attested CHALLENGE LEVEL ORIGIN`, the level of the key's place and where the key came from.
nonce="a nonce of the server's"
attested() {
    challenge=$(printf %s "$1" | od -An -tx1 | tr -d ' \n')
    cat <<EXTENSION
1.3.6.1.4.1.11129.2.1.17=ASN1:SEQUENCE:description
[description]
version=INTEGER:3
attested_in=ENUMERATED:1
keymint=INTEGER:4
kept_in=ENUMERATED:$2
challenge=FORMAT:HEX,OCTETSTRING:$challenge
unique=FORMAT:ASCII,OCTETSTRING:
software=SEQUENCE:software
hardware=SEQUENCE:hardware
[software]
application=EXPLICIT:709,FORMAT:HEX,OCTETSTRING:00
[hardware]
purpose=EXPLICIT:1,SET:purpose
origin=EXPLICIT:702,INTEGER:$3
[purpose]
sign=INTEGER:2
EXTENSION
}
key attested prime256v1; certificate attested authority "$leaf$(attested "$nonce" 1 0)\n"
key attested-in-software prime256v1; certificate attested-in-software authority "$leaf$(attested "$nonce" 0 0)\n"
key attested-imported prime256v1; certificate attested-imported authority "$leaf$(attested "$nonce" 1 2)\n"
key attested-for-another prime256v1; certificate attested-for-another authority "$leaf$(attested 'another nonce' 1 0)\n"
key attested-badly prime256v1; certificate attested-badly authority "$leaf"'1.3.6.1.4.1.11129.2.1.17=DER:3000\n'
# A key of a phone that may attest others, and one that its holder made up below it.
key attests prime256v1; certificate attests root "$authority$(attested "$nonce" 1 0)\n"
key made-up prime256v1; certificate made-up attests "$leaf$(attested "$nonce" 2 0)\n"

# The phones' secrets, in hex: the tests sign with them.
for name in phone below-phone too-deep expired critical signs-certificates \
    attested attested-in-software attested-imported attested-for-another attested-badly made-up; do
    secret=$(openssl ec -in "$work/$name.key" -outform der 2>/dev/null | openssl asn1parse -inform der | sed -n 's/.*OCTET STRING.*\[HEX DUMP\]://p' | head -1)
    printf '%s %s\n' "$name" "$secret"
done > secrets.txt
