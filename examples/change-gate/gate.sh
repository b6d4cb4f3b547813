#!/usr/bin/env bash
# Whether the configurations of a folder may be rolled out, node by node and in whatever order.
#
#   gate.sh NETWORK FOLDER [OPTION...]     NODE.cfg in the folder is the stellar-core.cfg of NODE, by its key or its name; options are those of `plan`
#
# Ends as `stellar-fbas plan --check` does: 0 safe in any order, 1 not so, 2 something is wrong in the configurations, 3 not proven.
set -euo pipefail
network=$1
folder=$2
shift 2

shopt -s nullglob
changes=()
for configuration in "$folder"/*.cfg; do
  changes+=(--set "$(basename "$configuration" .cfg)=$configuration")
done
if [ ${#changes[@]} -eq 0 ]; then
  echo "$folder: no NODE.cfg in it" >&2
  exit 2
fi

exec ${STELLAR_FBAS:-npx stellar-fbas} plan "$network" "${changes[@]}" --unit node --check "$@"
