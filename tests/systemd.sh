#!/usr/bin/env bash
# The unit under a real systemd: booted as process 1 of namespaces of its own, over an overlay that goes away at the end.
#
#   tests/systemd.sh                     on this machine's systemd
#   tests/systemd.sh --root FOLDER       on that of another system, such as one made by debootstrap
#   tests/systemd.sh --shell             the same boot, and a shell in it instead of the checks
#   tests/systemd.sh --checks FILE       the same boot without Rolecall in it, and another file of checks: tests/debian.sh installs it itself
#
# ROLECALL_BIN names the program (default target/debug/rolecall), ROLECALL_RESTARTS how often it is started anew under load (20).
# Where the machine does not allow it, this says so and ends well.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

skip() { echo "skipped, because $*"; exit 0; }

lower=/ shell='' checks=''
while [ "$#" -gt 0 ]; do
    case "$1" in
        --root) lower=$2; shift 2 ;;
        --shell) shell=yes; shift ;;
        --checks) checks=$2; shift 2 ;;
        *) echo "usage: tests/systemd.sh [--root FOLDER] [--shell] [--checks FILE]" >&2; exit 2 ;;
    esac
done
bin=${ROLECALL_BIN:-$here/target/debug/rolecall}
[ -z "$checks" ] || bin=

[ "$(id -u)" = 0 ] || skip "namespaces with a systemd need root"
for tool in unshare nsenter pivot_root mount ip curl systemctl; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ -x "$lower/lib/systemd/systemd" ] || skip "there is no systemd in $lower"
[ -z "$bin" ] || [ -x "$bin" ] || skip "$bin is not built"
cgroups=$(findmnt -n -o TARGET -t cgroup2 | head -1)
[ -n "$cgroups" ] || skip "no cgroup2 is mounted"
group=$cgroups/rolecall-test-$$
mkdir "$group" 2>/dev/null || skip "no group can be made in $cgroups"
work=$(mktemp -d /var/tmp/rolecall-systemd.XXXXXX)

boot=
end() {
    local code=$?
    if [ -n "$boot" ]; then
        kill -KILL "$boot" 2>/dev/null || true
        wait "$boot" 2>/dev/null || true
    fi
    for _ in $(seq 50); do rmdir "$group" 2>/dev/null && break; find "$group" -depth -mindepth 1 -type d -exec rmdir {} + 2>/dev/null || true; sleep 0.1; done
    rm -rf "$work"
    exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

# The boot itself, in a group and namespaces of its own. `--kill-child` takes all of it along when this script ends.
(
    echo "$BASHPID" >"$group/cgroup.procs"
    exec unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child --propagation private \
        bash "$here/tests/systemd/boot.sh" "$lower" "$work" "$bin" "$here/packaging"
) >"$work/boot.log" 2>&1 &
boot=$!
init=
for _ in $(seq 100); do
    init=$(pgrep -P "$boot" 2>/dev/null | head -1) || true
    [ -n "$init" ] && [ "$(cat "/proc/$init/comm" 2>/dev/null)" = systemd ] && break
    kill -0 "$boot" 2>/dev/null || { sed 's/^/  /' "$work/boot.log"; skip "the namespaces cannot be made here"; }
    sleep 0.1
done
[ "$(cat "/proc/$init/comm" 2>/dev/null)" = systemd ] || { sed 's/^/  /' "$work/boot.log"; skip "systemd does not start in namespaces here"; }

if [ -n "$shell" ]; then
    nsenter -t "$init" -a bash || true
    exit 0
fi
export here init work
bash "${checks:-$here/tests/systemd/checks.sh}"
