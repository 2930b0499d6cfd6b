#!/usr/bin/env bash
# Starts a cluster of two nodes on free ports of the loopback and prints their addresses, with a comma between.
#
#   tests/cluster/start.sh SERVER CLUSTER      SERVER: where install.sh put it; CLUSTER: a new folder for the data
#   tests/cluster/stop.sh CLUSTER
set -euo pipefail
here=$(realpath "$(dirname "$0")")
mkdir -p "$2"
cluster=$(realpath "$2")
python3 - >"$cluster/ports" <<'PYTHON'
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
ports = [one.getsockname()[1] for one in held]
print("a", *ports[:2])
print("b", *ports[2:])
PYTHON
for name in a b; do
  setsid "$here/node.sh" "$1" "$cluster" "$name" </dev/null >/dev/null 2>&1 &
done
if ! python3 - "$cluster/ports" <<'PYTHON'
import json, sys, time, urllib.request
ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ports = [line.split()[1] for line in open(sys.argv[1])]
for _ in range(240):
    try:
        states = [json.load(ask.open(f"http://127.0.0.1:{port}/_cluster/health", timeout=2)) for port in ports]
        if all(state["number_of_nodes"] == 2 and state["status"] == "green" for state in states):
            sys.exit(0)
    except OSError:
        pass
    time.sleep(0.5)
sys.exit("the cluster did not start")
PYTHON
then
  tail -n 5 "$cluster"/*/output >&2 || true
  "$here/stop.sh" "$cluster"
  exit 1
fi
cut -d' ' -f2 "$cluster/ports" | sed 's|^|http://127.0.0.1:|' | paste -sd,
