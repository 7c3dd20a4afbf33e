#!/usr/bin/env bash
# A Slurm of one node on this machine, for the tests: munged, slurmctld and slurmd, without systemd, cgroups or a database.
#
#   tests/slurm-lab/up.sh DIR     starts what is not running; DIR/env.sh then names the cluster for sbatch and its kin
#   tests/slurm-lab/down.sh DIR   ends what was started
#
# Wants root and Debian's slurm-wlm and munge. The node claims eight processors, so that small jobs run side by side anywhere.
set -euo pipefail
lab=${1:?usage: up.sh DIR}
export PATH="$PATH:/usr/sbin:/sbin"
mkdir -p "$lab"/{munge,state,spool,log,pid} && chmod 755 "$lab" "$lab/munge"
lab=$(cd "$lab" && pwd)
node=$(hostname -s)
megabytes=$(awk '/^MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)

cat >"$lab/slurm.conf" <<CONF
ClusterName=lab
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
AuthInfo=socket=$lab/munge/socket
SlurmctldPort=${SLURM_LAB_PORT:-16917}
SlurmdPort=$((${SLURM_LAB_PORT:-16917} + 1))
SlurmctldPidFile=$lab/pid/slurmctld
SlurmdPidFile=$lab/pid/slurmd
SlurmctldLogFile=$lab/log/slurmctld
SlurmdLogFile=$lab/log/slurmd
StateSaveLocation=$lab/state
SlurmdSpoolDir=$lab/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
DefMemPerCPU=256
MaxArraySize=1001
ReturnToService=2
KillWait=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=8 RealMemory=$megabytes State=UNKNOWN
PartitionName=lab Nodes=$node Default=YES MaxTime=1-00:00:00 DefaultTime=00:10:00 State=UP
CONF
printf 'export SLURM_CONF=%q\n' "$lab/slurm.conf" >"$lab/env.sh"
export SLURM_CONF="$lab/slurm.conf"
# Programs that jobs start without our environment look here.
if [ ! -e /etc/slurm/slurm.conf ]; then mkdir -p /etc/slurm && ln -sfn "$SLURM_CONF" /etc/slurm/slurm.conf; fi

runs() { kill -0 "$(cat "$lab/pid/$1" 2>/dev/null)" 2>/dev/null; }
if ! runs munged; then
  [ -s "$lab/munge/key" ] || mungekey --create --keyfile="$lab/munge/key"
  munged --force --key-file="$lab/munge/key" --socket="$lab/munge/socket" --pid-file="$lab/pid/munged" \
    --log-file="$lab/log/munged" --seed-file="$lab/munge/seed" --num-threads=2
fi
runs slurmctld || slurmctld
runs slurmd || slurmd -N "$node"
for _ in $(seq 120); do
  state=$(sinfo -h -N -o %T 2>/dev/null | head -n 1 || true)
  case "$state" in
    idle | mixed | allocated) echo "ready: $SLURM_CONF"; exit 0 ;;
    down* | drain*) scontrol update nodename="$node" state=resume >/dev/null 2>&1 || true ;;
  esac
  sleep 0.25
done
tail -n 20 "$lab"/log/slurm* >&2
exit 1
