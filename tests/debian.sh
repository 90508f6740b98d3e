#!/usr/bin/env bash
# The Debian package on a bare Debian with its own systemd: installed, used, upgraded from an older one, removed, purged.
#
#   tests/debian.sh                     on a Debian that debootstrap fetches
#   tests/debian.sh --root FOLDER       on one that is there already; it is left as it is
#   tests/debian.sh --older FILE        upgraded from that package of an earlier commit, not from this one under a lower version
#
# ROLECALL_BIN names the program (default target/debug/rolecall). Where the machine does not allow it, this says so and ends well.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

skip() { echo "skipped, because $*"; exit 0; }

root='' older=''
while [ "$#" -gt 0 ]; do
    case "$1" in
        --root) root=$2; shift 2 ;;
        --older) older=$2; shift 2 ;;
        *) echo "usage: tests/debian.sh [--root FOLDER] [--older FILE]" >&2; exit 2 ;;
    esac
done
bin=${ROLECALL_BIN:-$here/target/debug/rolecall}

[ "$(id -u)" = 0 ] || skip "a bare Debian needs root"
[ -x "$bin" ] || skip "$bin is not built"
for tool in cargo-deb dpkg-deb strip; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
packages=$(mktemp -d /var/tmp/rolecall-debian.XXXXXX)
trap 'rm -rf "$packages"' EXIT
trap 'exit 130' INT TERM

if [ -z "$root" ]; then
    command -v debootstrap >/dev/null || skip "debootstrap is not installed, and no --root is given"
    root=$packages/root
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates trixie "$root" >"$packages/debootstrap.log" 2>&1 ||
        { tail -3 "$packages/debootstrap.log" | sed 's/^/  /'; skip "debootstrap cannot make a Debian here"; }
fi
[ -x "$root/usr/bin/dpkg" ] || skip "there is no Debian in $root"

# The package of this checkout, and an older one: of a lower version, with other words in its default configuration.
strip -o "$packages/rolecall" "$bin"
"$here/packaging/build-deb" --program "$packages/rolecall" --fast --quiet -o "$packages/new.deb" >"$packages/deb.log" 2>&1 ||
    { cat "$packages/deb.log"; echo "FAILED: the package cannot be made"; exit 1; }
dpkg-deb -R "${older:-$packages/new.deb}" "$packages/old"
sed -i 's/^Version: \(.*\)$/Version: \1~older/' "$packages/old/DEBIAN/control"
echo '# The last line of an older version.' >>"$packages/old/etc/rolecall/rolecall.toml"
dpkg-deb -Zgzip -z1 -b "$packages/old" "$packages/old.deb" >/dev/null

export packages
"$here/tests/systemd.sh" --root "$root" --checks "$here/tests/systemd/debian.sh"
