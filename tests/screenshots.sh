#!/usr/bin/env bash
# Makes the pictures of the README from a running demo: needs chromium and curl. Writes docs/images/{page,letter,jobs}.png.
# Every page and letter, at two widths, light and dark, for whoever wants to look at them all:
#   ROLECALL_PICTURES=1 ./test web::looks    (target/screenshots/looks)
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo "SKIPPED: chromium is not installed"; exit 0; }
cargo build --locked --quiet
state=$(mktemp -d)
at=127.0.0.1:18180
target/debug/rolecall --quiet demo --data-dir "$state" --listen "$at" &
demo=$!
trap 'kill -INT $demo 2>/dev/null; wait $demo 2>/dev/null; rm -rf "$state"' EXIT
until curl -fs -o /dev/null "http://$at/healthz"; do sleep 0.2; done
sleep 5
# As a person does it: the page gives a stamp, and it takes some seconds to fill the form.
stamp=$(curl -fs "http://$at/" | grep -oE 'name="stamp" value="[^"]+' | cut -d'"' -f4)
sleep 3
curl -fs -o /dev/null "http://$at/subscribe" -d "stamp=$stamp" -d email=asha@example.org -d name='Backend in India' -d roles=backend_engineer \
    -d roles=database_administrator -d places=India -d home_country=India -d frequency=instant -d at=08:00 -d time_zone=Asia/Kolkata
until token=$(grep -hoE 'confirm/[A-Za-z0-9_-]+' "$state"/mail/*.eml 2>/dev/null | head -n 1); do sleep 0.2; done
curl -fs -o /dev/null -X POST "http://$at/$token"
until [ "$(find "$state/mail" -name '*.eml' | wc -l)" -ge 2 ]; do sleep 0.2; done
letter=$(find "$state/mail" -name '*.eml' -printf '%f\n' | sort | sed -n 2p)
picture() {
    chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars --virtual-time-budget=3000 \
        --user-data-dir="$state/browser" --window-size="$2" --screenshot="$PWD/docs/images/$1.png" "http://$at$3" >/dev/null 2>&1
    echo "docs/images/$1.png"
}
mkdir -p docs/images
picture page 900,1000 '/?roles=backend_engineer&roles=database_administrator&skills_any=rust,+go,+postgresql&places=India&time_zone=Asia/Kolkata'
picture letter 680,1000 "/mailbox/$letter/html"
picture jobs 900,900 /jobs
