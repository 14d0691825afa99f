#!/usr/bin/env bash
# fuzz/run.sh                    list the targets
# fuzz/run.sh --ready            whether fuzzing works here: clang-19 with its runtime
# fuzz/run.sh TARGET [SECONDS]   run one for so long (60); `all`: each, as many at a time as there are cores (PISTE_JOBS)
# PISTE_FUZZ_SEED: begin with this one instead of another each time.
# A finding is kept in build-fuzz/findings; what was learned, in build-fuzz/corpus. Any finding: exit code 1.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${PISTE_JOBS:-$(nproc)}
# Sessions bring their files to the disk: there they need not wait for one.
if [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi

targets() { sed -n 's/^piste_fuzz(\([a-z0-9_]*\).*/\1/p' fuzz/CMakeLists.txt; }
ready() { compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-*.a' >/dev/null; }

# What it says, it says at once: others run beside it.
run() {
  local target=$1 seconds=$2 learned=build-fuzz/corpus/$1 log=build-fuzz/$1.log said failed=0
  mkdir -p "$learned" build-fuzz/findings
  if "build-fuzz/bin/fuzz_$target" -max_total_time="$seconds" -seed="${PISTE_FUZZ_SEED:-0}" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
      -artifact_prefix="build-fuzz/findings/$target-" -print_final_stats=1 "$learned" "fuzz/corpus/$target" \
      >"$log" 2>&1; then
    said=$(sed -n 's/^stat::number_of_executed_units: */no finding, inputs: /p' "$log")
  else
    failed=1
    said="a finding:"$'\n'$(tail -n 40 "$log")
  fi
  printf '%-16s %ss  %s\n' "$target" "$seconds" "$said"
  return $failed
}
export -f run

case ${1:-} in
  '') echo "targets:"; targets | sed 's/^/  /'; exit 0 ;;
  --ready) ready; exit ;;
  all) chosen=$(targets) ;;
  *) chosen=$(targets | grep -x -- "$1") || { echo "no target is called $1" >&2; exit 2; } ;;
esac
ready || { echo "clang-19 or its runtime is missing: apt-get install clang-19 libclang-rt-19-dev" >&2; exit 1; }
[ -f build-fuzz/CMakeCache.txt ] || cmake --preset fuzz >/dev/null
# shellcheck disable=SC2086
cmake --build build-fuzz --parallel "$jobs" --target $(printf 'fuzz_%s ' $chosen) >build-fuzz/build.log 2>&1 \
  || { tail -n 40 build-fuzz/build.log; exit 1; }
xargs -P "$jobs" -I TARGET bash -c 'run "$@"' run TARGET "${2:-60}" <<<"$chosen" || exit 1
