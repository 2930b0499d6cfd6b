#!/usr/bin/env bash
# Stops the PostgreSQL that start.sh started, and removes its folder.
set -euo pipefail

folder=${DATELINE_TEST_POSTGRES_FOLDER:?start.sh says what to set}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(pg_config --bindir)
as_postgres=()
[ "$(id -u)" != 0 ] || as_postgres=(runuser -u postgres --)
cd /
"${as_postgres[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate stop >/dev/null
rm -rf "$folder"
