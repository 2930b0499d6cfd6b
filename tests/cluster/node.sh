#!/usr/bin/env bash
# One node of a cluster that start.sh set up, in the foreground; its process is the server's.
#
#   tests/cluster/node.sh SERVER CLUSTER NAME
set -euo pipefail
server=$(realpath "$1")
cluster=$(realpath "$2")
name=$3
read -r http transport < <(grep "^$name " "$cluster/ports" | cut -d' ' -f2-)
seeds=$(cut -d' ' -f3 "$cluster/ports" | sed 's/^/127.0.0.1:/' | paste -sd,)
# The first node leads, whatever becomes of the other: a quorum would take three.
roles=$([ "$name" = a ] && echo cluster_manager,data || echo data)
mkdir -p "$cluster/$name/config"
cd "$server"
echo $$ >"$cluster/$name/pid"
exec java -Xms256m -Xmx512m -XX:+UseSerialGC -cp "$(cat classpath)" TestNode "$cluster/$name" \
  node.name="$name" cluster.name="$(basename "$cluster")" network.host=127.0.0.1 \
  http.port="$http" transport.port="$transport" discovery.seed_hosts="$seeds" \
  cluster.initial_cluster_manager_nodes=a node.roles="$roles" \
  path.data="$cluster/$name/data" path.logs="$cluster/$name/logs" \
  cluster.routing.allocation.disk.threshold_enabled=false >>"$cluster/$name/output" 2>&1
