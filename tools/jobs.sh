#!/usr/bin/env bash
# How many compilers may run at a time here: one a core, and one a gigabyte of memory, of which the dearest file takes one.
# PISTE_JOBS says another number.
set -euo pipefail
if [ -n "${PISTE_JOBS:-}" ]; then echo "$PISTE_JOBS"; exit; fi
kilobytes=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)  # a container's, in bytes
if [ "$limit" != max ] && [ $((limit / 1024)) -lt "$kilobytes" ]; then kilobytes=$((limit / 1024)); fi
jobs=$(nproc) by_memory=$(((kilobytes + 512 * 1024) / 1024 / 1024))
[ "$jobs" -le "$by_memory" ] || jobs=$by_memory
[ "$jobs" -ge 1 ] || jobs=1
echo "$jobs"
