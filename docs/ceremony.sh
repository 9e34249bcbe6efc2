#!/usr/bin/env bash
# The ceremony of docs/policy-repository.md, from an empty folder: `docs/ceremony.sh FOLDER`. OCTROI names the command, built with
# `--features publish`. The tests run it.
set -euo pipefail

octroi="${OCTROI:-octroi}"
here="$(cd "$(dirname "$0")/.." && pwd)"
mkdir -p "$1"
cd "$1"
step=0
say() { step=$((step + 1)); echo "── step $step: $1"; }
# A step that has to be refused: the reason is shown.
refused() { if "$@"; then echo "NOT REFUSED: $*"; exit 1; fi; }

# The Brussels pack under another version, as its issuer would write it.
shipped="$(sed -n 's/^version = //p' "$here/policies/be-brussels-local/policy.toml")"
next=$((shipped + 1))
version() {
  cp "$here/policies/catalogue.toml" .
  cp -r "$here/policies/be-brussels-local" "version-$1"
  sed "s/^version = .*/version = $1/" "$here/policies/be-brussels-local/policy.toml" > "version-$1/policy.toml"
}

say "each holder makes a key on a machine of its own, with a passphrase of its own"
export OCTROI_PASSPHRASE
for name in root-a root-b root-c root-d targets brussels brussels-2 mdm; do
  OCTROI_PASSPHRASE="the passphrase of $name"
  "$octroi" repo key "$name.pem"
done
grep -q "BEGIN ENCRYPTED PRIVATE KEY" root-a.pem
as() { OCTROI_PASSPHRASE="the passphrase of $1"; shift; "$octroi" repo "$@"; }

say "the machine that publishes has a key that nobody types a passphrase for"
OCTROI_PASSPHRASE="" && "$octroi" repo key online.pem && "$octroi" repo key online-2.pem

say "the root: two of three must sign"
"$octroi" repo init repository \
  --root root-a.pub.pem --root root-b.pub.pem --root root-c.pub.pem --root-threshold 2 \
  --targets targets.pub.pem --snapshot online.pub.pem --timestamp online.pub.pem

say "one signs in the folder, one on a machine that is never online"
as root-a sign repository --key root-a.pem
refused "$octroi" repo refresh repository --key online.pem
mkdir stick && cp repository/pending/1.root.json stick/
as root-b sign stick/1.root.json --key root-b.pem
"$octroi" repo sign repository --merge stick/1.root.json

say "who may sign what"
as targets delegate repository brussels --holder brussels.pub.pem --policy be-brussels-local --key targets.pem
as targets delegate repository mdm --holder mdm.pub.pem --deployments --key targets.pem
as brussels sign repository --key brussels.pem
as mdm sign repository --key mdm.pem

say "the first publication, and what a phone makes of it"
"$octroi" repo refresh repository --key online.pem
"$octroi" repo verify repository
cp repository/metadata/1.root.json app-root.json

say "a new version of the policy, signed by its issuer, and a deployment"
version "$next"
as brussels add repository "version-$next" --key brussels.pem
echo '{ "policies": ["be-brussels-local"] }' > deployment.json
as mdm add repository deployment.json --deployment evere --key mdm.pem
"$octroi" repo refresh repository --key online.pem
"$octroi" repo verify repository --root app-root.json | tee seen
grep -q "a phone takes version $next of be-brussels-local" seen

say "what phones would refuse is refused, and nothing changes"
cp -r repository before
refused as brussels add repository "version-$next" --key brussels.pem
version "$((next + 1))" && rm "version-$((next + 1))/scenarios.toml"
refused as brussels add repository "version-$((next + 1))" --key brussels.pem
diff -r before repository

say "a holder of the root leaves: signed by two of the old and two of the new"
as root-a rotate repository --root root-a.pub.pem --root root-b.pub.pem --root root-d.pub.pem --root-threshold 2 \
  --key root-a.pem
as root-d sign repository --key root-d.pem
"$octroi" repo refresh repository --key online.pem
test ! -e repository/metadata/2.root.json
as root-b sign repository --key root-b.pem
"$octroi" repo refresh repository --key online.pem
test -e repository/metadata/2.root.json
"$octroi" repo verify repository --root app-root.json

say "the key that is online was stolen: another takes its place, and phones believe the old one no more"
as root-b rotate repository --snapshot online-2.pub.pem --timestamp online-2.pub.pem --key root-b.pem
as root-d sign repository --key root-d.pem
"$octroi" repo refresh repository --key online-2.pem
refused "$octroi" repo refresh repository --key online.pem
"$octroi" repo verify repository --root app-root.json

say "an issuer's key was stolen: it gets another, and signs with it what it signed before"
as targets delegate repository brussels --holder brussels-2.pub.pem --policy be-brussels-local --key targets.pem
as brussels-2 sign repository --key brussels-2.pem
"$octroi" repo refresh repository --key online-2.pem
"$octroi" repo verify repository --root app-root.json | tee seen
grep -q "a phone takes version $next of be-brussels-local" seen

say "a year on: what would end is signed for another"
as brussels-2 refresh repository --renew brussels --key brussels-2.pem --key online-2.pem
"$octroi" repo verify repository --root app-root.json
test ! -e repository/pending
