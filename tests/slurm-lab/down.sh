#!/usr/bin/env bash
# Ends the cluster that up.sh started in DIR, by the numbers that its programs wrote down, and deletes DIR.
set -u
lab=$(cd "${1:?usage: down.sh DIR}" && pwd) || exit 0
SLURM_CONF="$lab/slurm.conf" scancel --quiet --partition=lab 2>/dev/null
for program in slurmd slurmctld munged; do
  id=$(cat "$lab/pid/$program" 2>/dev/null) || continue
  [ "$(cat "/proc/$id/comm" 2>/dev/null)" = "$program" ] || continue
  kill "$id"
  for _ in $(seq 40); do kill -0 "$id" 2>/dev/null || break; sleep 0.25; done
done
[ "$(readlink /etc/slurm/slurm.conf)" != "$lab/slurm.conf" ] || rm -f /etc/slurm/slurm.conf
rm -rf "$lab"
