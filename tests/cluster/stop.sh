#!/usr/bin/env bash
# Ends the nodes of a cluster that start.sh started, and removes its data.
#
#   tests/cluster/stop.sh CLUSTER
set -uo pipefail
for pid in "$1"/*/pid; do
  [ -e "$pid" ] && kill -9 "$(cat "$pid")" 2>/dev/null
done
# Whoever starts clusters in folders makes the folder's name unlike any other.
[ -e "$1/ports" ] && rm -rf "$1"
exit 0
