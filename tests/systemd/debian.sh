# The life of the Debian package, by dpkg and systemd of a booted Debian. Run by tests/systemd.sh for tests/debian.sh.
set -euo pipefail
: "${init:?}" "${packages:?}"

in_it() { nsenter -t "$init" -a "$@"; }
show() { in_it systemctl show -P "$1" "${2:-rolecall.service}"; }
get() { nsenter -t "$init" -n curl -s -o /dev/null -m 20 -w '%{http_code}' "http://127.0.0.1:8080/readyz"; }

checked=0
ok() { checked=$((checked + 1)); echo "ok $checked - $*"; }
broken() {
    echo "FAILED: $*"
    { in_it systemctl status rolecall.service rolecall.socket --no-pager -l || true; in_it journalctl -q -n 40 --no-pager || true; } 2>&1 | sed 's/^/    /'
    exit 1
}
# equal WHAT FOUND WANTED
equal() { [ "$2" = "$3" ] || broken "$1: found ${2@Q}, wanted ${3@Q}"; }
there() { in_it test -e "$1" || broken "$1 is missing"; }
gone() { in_it test -e "$1" && broken "$1 is still there"; in_it test -L "$1" && broken "$1 is still there, a link to nothing"; return 0; }
dpkg_says() { in_it env DEBIAN_FRONTEND=noninteractive dpkg "$@" >"$packages/dpkg.log" 2>&1 </dev/null || { cat "$packages/dpkg.log"; broken "dpkg $*"; }; }
install_deb() { # FILE
    in_it tee /tmp/rolecall.deb >/dev/null <"$packages/$1"
    # As apt without a terminal: what the operator changed stays.
    dpkg_says --force-confdef --force-confold -i /tmp/rolecall.deb
}
serves() {
    equal "the socket is open" "$(show ActiveState rolecall.socket)" active
    equal "the service runs" "$(show ActiveState)" active
    equal "/readyz" "$(get)" 200
}
subscribers() { in_it rolecall --json subscriber list | grep -c '"a@example.org"'; }

for _ in $(seq 600); do in_it systemctl is-active -q basic.target 2>/dev/null && break; sleep 0.1; done
in_it systemctl is-active -q basic.target || broken "systemd is not up"

it_is_installed_and_runs() {
    local before
    install_deb old.deb
    serves
    equal "it starts with the machine" "$(show UnitFileState) $(show UnitFileState rolecall.socket)" "enabled enabled"
    for file in /usr/share/man/man1/rolecall.1.gz /usr/share/bash-completion/completions/rolecall /usr/share/doc/rolecall/OPERATIONS.md \
        /usr/share/doc/rolecall/copyright; do
        there "$file"
    done
    equal "files that are not as packaged" "$(in_it dpkg -V rolecall)" ""
    in_it rolecall subscriber add a@example.org --confirmed >/dev/null
    equal "data" "$(subscribers)" 1
    there /var/lib/rolecall/rolecall.db
    before=$(show MainPID)
    in_it systemctl reload rolecall.service || broken "reload"
    equal "the process after a reload" "$(show MainPID)" "$before"
    in_it journalctl -q -u rolecall --no-pager | grep -q 'configuration reloaded' || broken "the reload is not told"
    ok "installed on a bare $(in_it cat /etc/debian_version), $(in_it systemctl --version | head -1): enabled, running, ready"
}

it_is_upgraded_with_its_data() {
    in_it sed -i 's/^name = "Rolecall"/name = "Jobs of ours"/' /etc/rolecall/rolecall.toml
    local before socket
    before=$(show MainPID) socket=$(show ActiveEnterTimestampMonotonic rolecall.socket)
    install_deb new.deb
    serves
    [ "$(show MainPID)" != "$before" ] || broken "the old program still runs"
    equal "the socket was open all the while" "$(show ActiveEnterTimestampMonotonic rolecall.socket)" "$socket"
    in_it grep -q '^name = "Jobs of ours"' /etc/rolecall/rolecall.toml || broken "the operator's configuration was lost"
    equal "data" "$(subscribers)" 1
    ok "upgraded: the new program runs, the socket stayed open, configuration and data are as they were"
}

what_was_switched_off_stays_off() {
    in_it systemctl -q disable --now rolecall.socket rolecall.service
    install_deb new.deb
    equal "after an upgrade" "$(show UnitFileState) $(show ActiveState)" "disabled inactive"
    in_it systemctl -q enable --now rolecall.socket rolecall.service
    serves
    ok "what the operator had switched off stayed off over an upgrade"
}

it_is_removed_and_its_data_stays() {
    dpkg_says -r rolecall
    [ "$(show ActiveState)" != active ] || broken "it still runs"
    gone /usr/bin/rolecall
    there /var/lib/rolecall/rolecall.db
    there /etc/rolecall/rolecall.toml
    install_deb new.deb
    serves
    equal "data" "$(subscribers)" 1
    in_it grep -q '^name = "Jobs of ours"' /etc/rolecall/rolecall.toml || broken "the operator's configuration was lost"
    ok "removed: stopped, configuration and data stayed; installed again it goes on with them"
}

it_is_purged_and_nothing_stays() {
    dpkg_says -P rolecall
    for path in /usr/bin/rolecall /usr/lib/systemd/system/rolecall.service /etc/rolecall /var/lib/rolecall /var/lib/private/rolecall \
        /etc/systemd/system/multi-user.target.wants/rolecall.service /etc/systemd/system/sockets.target.wants/rolecall.socket \
        /etc/systemd/system/rolecall.service /etc/systemd/system/rolecall.socket; do
        gone "$path"
    done
    equal "what dpkg knows" "$(in_it dpkg-query -W rolecall 2>/dev/null || true)" ""
    ok "purged: no program, no configuration, no data, no unit"
}

it_is_installed_and_runs
it_is_upgraded_with_its_data
what_was_switched_off_stays_off
it_is_removed_and_its_data_stays
it_is_purged_and_nothing_stays
echo "all $checked checks of the Debian package passed"
