#!/usr/bin/env bash
# Makes sure that a Chromium and a Japanese font are there: Debian's where apt-get may install, else Playwright's own.
set -euo pipefail

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
font() { command -v fc-list >/dev/null && fc-list :lang=ja family | head -n 1; }

if [ -n "$(browser)" ] && [ -n "$(font)" ]; then
  echo "using $(browser)"
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig
else
  "$(dirname "$0")/../../.venv/bin/playwright" install chromium
fi
