#!/usr/bin/env bash
# Starts a PostgreSQL of its own in a temporary folder, for the tests, and prints what to set:
#
#   eval "$(tests/postgres/start.sh)"     # sets DATELINE_TEST_POSTGRES and DATELINE_TEST_POSTGRES_FOLDER
#   cargo test --test store
#   tests/postgres/stop.sh
#
# It needs the programs of PostgreSQL 13 or later (Debian: postgresql-15), listens on the loopback interface
# only, and touches no cluster of the machine.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(pg_config --bindir)

folder=$(mktemp -d)
as_postgres=()
if [ "$(id -u)" = 0 ]; then
  # PostgreSQL refuses to run as root.
  chown postgres "$folder"
  as_postgres=(runuser -u postgres --)
fi
cd "$folder"
"${as_postgres[@]}" "$bin/initdb" --pgdata "$folder/data" --username dateline --auth trust --encoding UTF8 \
  --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }

for _ in $(seq 20); do
  port=$((20000 + RANDOM % 20000))
  options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off"
  if "${as_postgres[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait \
    --options "$options" start >/dev/null 2>&1; then
    echo "export DATELINE_TEST_POSTGRES=postgres://dateline@127.0.0.1:$port/postgres"
    echo "export DATELINE_TEST_POSTGRES_FOLDER=$folder"
    exit 0
  fi
done
cat "$folder/log" >&2
exit 1
