#!/usr/bin/env bash
# fuzz/run.sh                    list the targets
# fuzz/run.sh --ready            whether fuzzing works here: clang-19 with its runtime
# fuzz/run.sh TARGET [SECONDS]   run one for so long (60); `all`: one after the other
# A finding is kept in build-fuzz/findings; what was learned, in build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

targets() { sed -n 's/^piste_fuzz(\([a-z0-9_]*\).*/\1/p' fuzz/CMakeLists.txt; }
ready() { compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-*.a' >/dev/null; }

run() {
  local target=$1 seconds=$2 learned=build-fuzz/corpus/$1
  mkdir -p "$learned" build-fuzz/findings
  printf '%-12s %ss  ' "$target" "$seconds"
  if "build-fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
      -artifact_prefix="build-fuzz/findings/$target-" -print_final_stats=1 "$learned" "fuzz/corpus/$target" \
      >"build-fuzz/$target.log" 2>&1; then
    sed -n 's/^stat::number_of_executed_units: */no finding, inputs: /p' "build-fuzz/$target.log"
  else
    echo "a finding:"; tail -n 40 "build-fuzz/$target.log"; return 1
  fi
}

case ${1:-} in
  '') echo "targets:"; targets | sed 's/^/  /'; exit 0 ;;
  --ready) ready; exit ;;
  all) chosen=$(targets) ;;
  *) chosen=$(targets | grep -x -- "$1") || { echo "no target is called $1" >&2; exit 2; } ;;
esac
ready || { echo "clang-19 or its runtime is missing: apt-get install clang-19 libclang-rt-19-dev" >&2; exit 1; }
[ -f build-fuzz/CMakeCache.txt ] || cmake --preset fuzz >/dev/null
# shellcheck disable=SC2086
cmake --build build-fuzz --target $(printf 'fuzz_%s ' $chosen) >build-fuzz/build.log 2>&1 \
  || { tail -n 40 build-fuzz/build.log; exit 1; }
failed=0
for target in $chosen; do run "$target" "${2:-60}" || failed=1; done
exit $failed
