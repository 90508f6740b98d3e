#!/usr/bin/env bash
# The API against its own description: starts a real server with some listings and people, and lets schemathesis try every operation with
# what the description allows and with what it forbids. Fails on an answer 5xx and on any answer that the description does not foretell.
#
# By itself it tries what the description asks for: its examples, the edges of every value and one step beyond, each absence, each wrong
# type. That is the same in every run. ROLECALL_API_EXAMPLES=N adds N examples drawn by chance for each operation, and walks from one
# operation to the next; ROLECALL_API_SEED says where chance begins (1). ROLECALL_API_CALLS: a file for every call and its answer;
# ROLECALL_BIN: the program (target/debug/rolecall). Where schemathesis is not there and cannot be installed, this says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "SKIPPED: the API was not fuzzed, because $*"; exit 0; }

bin=$(realpath "${ROLECALL_BIN:-target/debug/rolecall}")
[ -x "$bin" ] || skip "$bin is not built"
for tool in python3 curl; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done

# An environment of its own; run by its python, for the scripts of one that was moved name a place that is no more.
wanted=tests/api_fuzz.requirements.txt
tools=target/tools/schemathesis
runner=(env PYTHONWARNINGS=ignore "$tools/bin/python" -m schemathesis.cli)
if ! cmp -s "$wanted" "$tools/installed"; then
    rm -rf "$tools"
    mkdir -p target/tools
    { python3 -m venv "$tools" && "$tools/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"; } \
        >/dev/null 2>&1 || skip "schemathesis could not be installed"
    cp "$wanted" "$tools/installed"
fi

work=$(mktemp -d)
server=
end() {
    local code=$?
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
    exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
at=http://127.0.0.1:$port
pushed=a-token-for-this-run-alone-$RANDOM$RANDOM
# The pace of callers is another test's matter; here it would only hide answers.
cat >"$work/rolecall.toml" <<TOML
[service]
base_url = "$at"
data_dir = "$work/data"
[database]
url = "sqlite:$work/data/rolecall.db"
[web]
listen = "127.0.0.1:$port"
api_requests_per_minute = 1000000
[mail]
transport = "file"
[webhooks]
ports = [1]
[[source]]
name = "acme"
kind = "file"
path = "$work/postings.ndjson"
[[source]]
name = "sent"
kind = "push"
token = "$pushed"
TOML
python3 - "$work" <<'PYTHON'
import json, sys

towns = ["Bengaluru, India", "Berlin, Germany", "Remote (Europe)", "Austin, TX", None]
pay = ["₹24-34 LPA", "€70,000 - €90,000 a year", None, "$150k", "£600 per day"]
titles = ["Senior Backend Engineer", "Database Administrator", "Solutions Architect"]
with open(f"{sys.argv[1]}/postings.ndjson", "w") as out:
    for n in range(20):
        out.write(json.dumps({
            "id": str(n), "title": titles[n % 3], "company": f"Company {n % 7}", "location": towns[n % 5], "salary_text": pay[n % 5],
            "url": f"https://jobs.example/{n}", "description": "<p>Rust, Go and PostgreSQL. 5+ years.</p>",
            "employment_type": "Full-time", "posted_at": "2026-01-01T00:00:00Z"}) + "\n")
with open(f"{sys.argv[1]}/people.ndjson", "w") as out:
    for n in range(60):
        out.write(json.dumps({"id": str(n), "email": f"reader{n}@example.org", "preferences": {"skills": {"any": ["rust"]}}}) + "\n")
PYTHON
mkdir "$work/data"
rolecall() { "$bin" --config "$work/rolecall.toml" --quiet "$@"; }
rolecall run >/dev/null
rolecall subscriber import "$work/people.ndjson" >/dev/null 2>&1
scopes=()
for scope in listings:read subscribers:read subscribers:write sources:read status:read; do scopes+=(--scope "$scope"); done
token=$(rolecall token add fuzz "${scopes[@]}" 2>/dev/null)
"$bin" --config "$work/rolecall.toml" --quiet serve >"$work/log" 2>&1 &
server=$!
for _ in $(seq 150); do
    curl -fs -o /dev/null "$at/readyz" && break
    kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.2
done

# What is valid by the description is taken, except where JSON Schema cannot say what is: that a moment lies ahead, that a query can be
# parsed, that an address can be mailed or posted to, that a parameter holds wishes, that lines are postings. There a 422 is as good an answer; it is
# described as well. The door for postings has a token of its own, and takes text: what is no text in a trial is no text on the way either.
{
    for operation in add_subscriber add_alert change_alert forecast_wishes pause_subscriber browse_listings list_subscribers \
        look_up_suppression add_suppression push_postings keep_webhook; do
        echo '[[operations]]'
        echo "include-operation-id = \"$operation\""
        echo 'checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 422]'
        [ "$operation" != push_postings ] ||
            printf '%s\n' "headers = { Authorization = \"Bearer $pushed\" }" 'parameters = { name = "sent" }'
    done
} >"$work/schemathesis.toml"
cat >"$work/lines.py" <<'PYTHON'
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace") if isinstance(value, str) else b"\xff"
PYTHON
phases=(--phases examples,coverage)
[ -z "${ROLECALL_API_EXAMPLES:-}" ] || phases=(--max-examples "$ROLECALL_API_EXAMPLES")
code=0
SCHEMATHESIS_HOOKS="$work/lines.py" "${runner[@]}" --config-file "$work/schemathesis.toml" run "$at/api/openapi.json" --checks all \
    --workers 1 "${phases[@]}" --seed "${ROLECALL_API_SEED:-1}" --continue-on-failure \
    --generation-database none --no-color -H "Authorization: Bearer $token" \
    --report ndjson --report-ndjson-path "$work/calls.ndjson" >"$work/said" 2>&1 || code=$?
[ -z "${ROLECALL_API_CALLS:-}" ] || cp "$work/calls.ndjson" "$ROLECALL_API_CALLS"
python3 - "$work/calls.ndjson" <<'PYTHON'
import collections, json, re, sys

answers = collections.Counter()
with open(sys.argv[1]) as lines:
    for line in lines:
        answers.update(re.findall(r'"status_code": ?(\d)', line))
print("api_fuzz:", sum(answers.values()), "answers:", ", ".join(f"{kind}xx {count}" for kind, count in sorted(answers.items())))
PYTHON
curl -fs -o /dev/null "$at/readyz" || { echo "the server did not outlive it"; code=1; }
if [ "$code" != 0 ]; then
    cat "$work/said"
    tail -n 20 "$work/log"
else
    grep -E '^  [0-9]+ generated' "$work/said"
fi
exit "$code"
