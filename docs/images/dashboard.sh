#!/usr/bin/env bash
# Takes the picture of the dashboard that the README shows, docs/images/dashboard.png, from a run of ./demo with eight members. It
# needs Chromium, as DashboardInBrowserTest does, and takes three minutes, so that there is a past to be seen.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
port=${1:-8080}
seconds=${2:-150}
log=$(mktemp "${TMPDIR:-/tmp}/camure-picture.XXXXXX")

for browser in chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null; then break; fi
done

"$root/demo" --members 8 --dashboard="$port" >"$log" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" || true; rm -f "$log"' EXIT
until grep -q '^dashboard: ' "$log"; do
    if ! kill -0 "$demo" 2>/dev/null; then
        cat "$log" >&2
        exit 1
    fi
    sleep 1
done
sleep "$seconds"
"$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1010 --virtual-time-budget=4000 \
    --screenshot="$root/docs/images/dashboard.png" "http://127.0.0.1:$port/actuator/camure/dashboard" 2>/dev/null
