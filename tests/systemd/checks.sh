# The checks: what an operator does to the service, and what it has to show. Run by tests/systemd.sh, which has booted systemd.
set -euo pipefail
: "${init:?}" "${work:?}" "${here:?}"

in_it() { nsenter -t "$init" -a "$@"; }
# Programs of this machine on the network of that one.
net() { nsenter -t "$init" -n "$@"; }
sys() { in_it systemctl "$@"; }
show() { sys show -P "$1" "${2:-rolecall.service}"; }
journal() { in_it journalctl -q -u rolecall.service "$@"; }
get() { net curl -s -o /dev/null -m 20 -w '%{http_code}' "http://127.0.0.1:8080${1:-/healthz}"; }
now_ms() { date +%s%3N; }

checked=0
ok() { checked=$((checked + 1)); echo "ok $checked - $*"; }
broken() {
    echo "FAILED: $*"
    { sys status rolecall.service rolecall.socket --no-pager -l || true; journal -n 60 --no-pager || true; } 2>&1 | sed 's/^/    /'
    exit 1
}
# equal WHAT FOUND WANTED
equal() { [ "$2" = "$3" ] || broken "$1: found ${2@Q}, wanted ${3@Q}"; }
# until_true SECONDS WHAT COMMAND...
until_true() {
    local end=$(($(now_ms) + $1 * 1000)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$(now_ms)" -lt "$end" ] || broken "not in time: $what"
        sleep 0.05
    done
}
active() { [ "$(show ActiveState)" = active ]; }
answers() { [ "$(get)" = 200 ]; }
says() { journal --no-pager | grep -- "$1" >/dev/null; }
fresh_start() { sys reset-failed rolecall.service 2>/dev/null || true; sys restart rolecall.service; }
drop_in() { # NAME LINES...
    in_it mkdir -p /etc/systemd/system/rolecall.service.d
    local name=$1; shift
    printf '%s\n' "[Service]" "$@" | in_it tee "/etc/systemd/system/rolecall.service.d/$name.conf" >/dev/null
    sys daemon-reload
}
no_drop_in() { in_it rm -f "/etc/systemd/system/rolecall.service.d/$1.conf"; sys daemon-reload; }
configure() { # MORE LINES...
    {
        printf '%s\n' '[service]' 'data_dir = "/var/lib/rolecall"' 'secret = { credential = "rolecall.secret" }' \
            '[mail]' 'transport = "file"' "$@"
    } | in_it tee /etc/rolecall/rolecall.toml >/dev/null
}

version=$(in_it systemctl --version | head -1)
until_true 60 "systemd is up" in_it systemctl is-active -q basic.target
configure
printf 'a secret of this test, long enough\n' | in_it tee /etc/credstore/rolecall.secret >/dev/null

the_unit_is_right_and_shut() {
    in_it systemd-analyze verify /etc/systemd/system/rolecall.service /etc/systemd/system/rolecall.socket || broken "systemd-analyze verify"
    ok "systemd-analyze verify has nothing to say ($version)"
    in_it systemd-analyze security --offline=true --threshold=11 /etc/systemd/system/rolecall.service >"$work/security" || {
        grep -v '✓' "$work/security"; broken "exposure above 1.1"; }
    ok "$(grep -o 'Overall exposure level.*: [0-9.]*' "$work/security")"
}

a_visitor_starts_it() {
    sys start rolecall.socket
    equal "nothing runs yet" "$(show ActiveState)" inactive
    equal "the first visitor" "$(get)" 200
    equal "it runs" "$(show ActiveState)" active
    local from to
    from=$(show ExecMainStartTimestampMonotonic) to=$(show ActiveEnterTimestampMonotonic)
    ok "the first visitor starts it through the socket and is served; READY after $(((to - from) / 1000)) ms"
    until_true 10 "a line of status" bash -c "nsenter -t $init -a systemctl show -P StatusText rolecall.service | grep -q 'letter waits'"
    ok "STATUS=$(show StatusText)"
}

it_is_nobody_and_can_nothing() {
    local pid folder
    pid=$(show MainPID)
    local status=/proc/$pid/status
    in_it grep -q '^CapEff:.*0000000000000000$' "$status" || broken "it has capabilities"
    in_it grep -q '^NoNewPrivs:.*1$' "$status" || broken "it may get new privileges"
    in_it grep -q '^Seccomp:.*2$' "$status" || broken "no calls are filtered"
    [ "$(in_it stat -c %u "/proc/$pid")" -ge 61184 ] || broken "its user is no dynamic one"
    folder=$(in_it readlink -f /var/lib/rolecall)
    equal "its folder" "$folder" /var/lib/private/rolecall
    equal "its folder's mode" "$(in_it stat -c %a "$folder")" 700
    in_it test -s "$folder/rolecall.db" || broken "no database in its folder"
    ok "a dynamic user without capabilities, calls filtered, its data in $folder (0700)"
}

secrets_come_as_credentials() {
    in_it test ! -e /var/lib/private/rolecall/secret || broken "a secret was made although one was given"
    printf 'short\n' | in_it tee /etc/credstore/rolecall.secret >/dev/null
    sys restart rolecall.service 2>/dev/null && broken "it started with a secret that is too short"
    equal "exit code" "$(show ExecMainStatus)" 78
    sleep 2
    equal "it is left alone after a configuration error" "$(show NRestarts)/$(show ActiveState)" 0/failed
    says 'service.secret: it is shorter' || broken "the log does not say why"
    printf 'a secret of this test, long enough\n' | in_it tee /etc/credstore/rolecall.secret >/dev/null
    fresh_start
    answers || broken "it does not serve again"
    ok "its secret comes as a credential; one that cannot be used ends it with 78, and it is not started over and over"
}

a_good_reload_changes_what_it_says() {
    local pid
    pid=$(show MainPID)
    configure '[[source]]' 'name = "acme"' 'kind = "file"' 'path = "/etc/rolecall/none.ndjson"'
    sys reload rolecall.service || broken "reload"
    until_true 10 "the reload is told" says 'configuration reloaded.*sources=1'
    until_true 10 "it is active again" active
    equal "the process" "$(show MainPID)" "$pid"
    answers || broken "it does not serve after a reload"
    ok "a reload takes up the new configuration in the same process"
}

a_broken_reload_changes_nothing() {
    local pid
    pid=$(show MainPID)
    configure '[web]' 'lsiten = "127.0.0.1:1"'
    sys reload rolecall.service 2>/dev/null && broken "a broken configuration was reloaded"
    says 'line 7' || broken "the log does not name the line"
    says 'did you mean `listen`' || broken "the log does not name the key"
    # Past the check, straight to the process.
    in_it kill -HUP "$pid"
    until_true 10 "the process says why" says 'the one before stays in force'
    until_true 10 "it is active again" active
    equal "the process" "$(show MainPID)" "$pid"
    answers || broken "it does not serve after a broken reload"
    configure
    sys reload rolecall.service || broken "reload after the mend"
    until_true 10 "it is active again" active
    ok "a broken configuration is named with its line, the reload fails, and the one before stays in force"
}

whoever_hangs_is_started_anew() {
    local pid from
    drop_in watchdog WatchdogSec=3s
    fresh_start
    sleep 4
    equal "it gives signs of life" "$(show NRestarts)" 0
    pid=$(show MainPID)
    in_it kill -STOP "$pid"
    from=$(now_ms)
    until_true 20 "the watchdog" bash -c "[ \$(nsenter -t $init -a systemctl show -P NRestarts rolecall.service) = 1 ]"
    until_true 20 "it serves again" answers
    ok "one that hangs (SIGSTOP, WatchdogSec=3s) was killed and serves again after $(($(now_ms) - from)) ms"
    no_drop_in watchdog
    fresh_start
}

timeouts() { journal --no-pager | grep -c 'Watchdog timeout' || true; }
more_timeouts_than() { [ "$(timeouts)" -gt "$1" ]; }
whose_disk_hangs_is_started_anew() {
    command -v strace >/dev/null || { echo "skipped, because strace is not installed: a disk that hangs"; return; }
    local pid from process before
    drop_in watchdog WatchdogSec=3s
    fresh_start
    # As this machine numbers it, among others of the name.
    pid=
    for process in $(pgrep -x rolecall); do
        [ "$(readlink "/proc/$process/ns/pid")" != "$(readlink "/proc/$init/ns/pid")" ] || pid=$process
    done
    [ -n "$pid" ] || broken "its process is not found"
    before=$(timeouts)
    from=$(now_ms)
    # Every read and write of its files takes a minute from now on; the process itself goes on.
    strace -f -qq -o /dev/null -p "$pid" -e trace=pread64,pwrite64,fsync,fdatasync,fcntl \
        -e inject=pread64,pwrite64,fsync,fdatasync,fcntl:delay_enter=60000000 &
    local tracer=$!
    until_true 30 "the watchdog" more_timeouts_than "$before"
    # Who holds its threads has to let them go, or not even systemd can end it.
    kill -KILL "$tracer" 2>/dev/null || true
    wait "$tracer" 2>/dev/null || true
    until_true 60 "a new start" bash -c "[ \$(nsenter -t $init -a systemctl show -P NRestarts rolecall.service) = 1 ]"
    until_true 20 "it serves again" answers
    ok "one whose disk hangs (every call for a minute, WatchdogSec=3s) was killed and serves again after $(($(now_ms) - from)) ms"
    no_drop_in watchdog
    fresh_start
}

whoever_is_killed_is_started_anew() {
    local pid from
    pid=$(show MainPID)
    from=$(now_ms)
    in_it kill -KILL "$pid"
    # Who comes meanwhile waits at the socket.
    equal "a visitor meanwhile" "$(get)" 200
    [ "$(show MainPID)" != "$pid" ] || broken "it is the same process"
    ok "one that was killed serves again after $(($(now_ms) - from)) ms; who came meanwhile has waited"
}

restarts_cost_no_request() {
    command -v wrk >/dev/null || { echo "skipped, because wrk is not installed: restarts under load"; return; }
    local times=${ROLECALL_RESTARTS:-20} load
    # Each restart takes about a second and a half; who waits through one is no error.
    nsenter -t "$init" -n wrk -t 1 -c 16 -d "$((times * 4 + 10))s" --timeout 20s "http://127.0.0.1:8080/healthz" >"$work/wrk" 2>&1 &
    load=$!
    for _ in $(seq "$times"); do sleep 0.3; sys restart rolecall.service || broken "restart under load"; done
    kill -INT "$load"; wait "$load" || true
    local requests
    requests=$(sed -n 's/^ *\([0-9]*\) requests in.*/\1/p' "$work/wrk")
    [ "${requests:-0}" -gt "$((times * 100))" ] || { cat "$work/wrk"; broken "too little load to prove anything"; }
    if grep -E 'Socket errors|Non-2xx' "$work/wrk"; then cat "$work/wrk"; broken "requests failed"; fi
    ok "$times restarts under load: $requests requests, 0 failed"
}

half_open_connections_do_not_hold_it_up() {
    local from took holders
    net bash -c 'for n in $(seq 10 109); do exec {fd}<>/dev/tcp/127.0.0.1/8080; printf "GET / HTTP/1.1\r\nHost: x\r\nX-Slow" >&$fd; done; sleep 60' &
    holders=$!
    sleep 1
    from=$(now_ms)
    sys stop rolecall.service
    took=$(($(now_ms) - from))
    kill "$holders" 2>/dev/null || true
    equal "how it ended" "$(show Result)" success
    [ "$took" -le 10000 ] || broken "it took $took ms to stop"
    ok "100 half-open connections: stopped in order after $took ms"
    sys start rolecall.service
}

the_log_has_weights_and_fields() {
    equal "lines of weight info" "$(journal -p info..info --no-pager | grep -c 'rolecall serves page=')" "$(journal --no-pager | grep -c 'rolecall serves page=')"
    equal "lines of weight warning for what is none" "$(journal -p warning --no-pager | grep -c 'rolecall serves')" 0
    journal -p warning --no-pager | grep 'connections were cut' >/dev/null || broken "a warning has not the weight of one"
    drop_in log ExecStart= 'ExecStart=/usr/bin/rolecall --log-format json serve'
    sys restart rolecall.service
    journal -o cat --no-pager | grep '^{"timestamp".*"message":"rolecall serves","page":"http://127.0.0.1:8080"' >/dev/null || broken "no JSON in the journal"
    no_drop_in log
    sys restart rolecall.service
    ok "the journal has the service's lines with their weights and fields, as text or as JSON"
}

root_works_beside_it() {
    in_it rolecall subscriber add reader@example.org --confirmed >/dev/null || broken "root cannot add a subscriber"
    in_it rolecall status >/dev/null || broken "root cannot ask"
    sys stop rolecall.service
    in_it rolecall status >/dev/null || broken "root cannot ask while nothing runs"
    sys start rolecall.service
    until_true 10 "it serves after root's work" answers
    equal "it can write after root's work" "$(get /readyz)" 200
    ok "root's commands work beside it and leave nothing that it cannot write"
}

the_unit_is_right_and_shut
a_visitor_starts_it
it_is_nobody_and_can_nothing
secrets_come_as_credentials
a_good_reload_changes_what_it_says
a_broken_reload_changes_nothing
whoever_hangs_is_started_anew
whose_disk_hangs_is_started_anew
whoever_is_killed_is_started_anew
restarts_cost_no_request
half_open_connections_do_not_hold_it_up
the_log_has_weights_and_fields
root_works_beside_it
echo "all $checked checks of the unit hold on $version"
