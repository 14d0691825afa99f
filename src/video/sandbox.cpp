#include "video/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

#include "video/decoder_protocol.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PISTE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PISTE_SANITIZED 1
#endif
#endif

namespace piste::video {
namespace {

#ifdef PISTE_SANITIZED
constexpr bool sanitized = true;  // terabytes of address space, and system calls of their own
#else
constexpr bool sanitized = false;
#endif

constexpr rlim_t most_memory = rlim_t{6}
                               << 30;  // bytes of address space: the largest picture with its references
constexpr rlim_t most_seconds = 600;   // of processor time
constexpr rlim_t most_descriptors = 16;

void limit(int resource, rlim_t most) {
  rlimit both{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) return;
  both.rlim_max = both.rlim_max < most ? both.rlim_max : most;
  both.rlim_cur = both.rlim_max;
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// All rights to files that this kernel's Landlock knows, given up without exception.
bool give_up_files() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const unsigned rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = (std::uint64_t{1} << rights) - 1;
  const long ruleset = ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (ruleset < 0) return false;
  const bool done = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(static_cast<int>(ruleset));
  return done;
}

class Filter {
 public:
  // What is not named ends the process.
  Filter() : context_(seccomp_init(sanitized ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS)) {}
  ~Filter() {
    if (context_) seccomp_release(context_);
  }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void allow(std::initializer_list<int> calls) {
    for (const int call : calls) add(SCMP_ACT_ALLOW, call);
  }
  void refuse(int code, std::initializer_list<int> calls) {
    for (const int call : calls) add(SCMP_ACT_ERRNO(static_cast<std::uint32_t>(code)), call);
  }
  void allow_when(int call, scmp_arg_cmp condition) { add(SCMP_ACT_ALLOW, call, &condition); }
  bool load() { return context_ && sound_ && seccomp_load(context_) == 0; }

 private:
  void add(std::uint32_t action, int call, const scmp_arg_cmp* condition = nullptr) {
    if (!context_) return;
    const int code = seccomp_rule_add_array(context_, action, call, condition ? 1 : 0, condition);
    // Calls that this architecture does not have need no rule.
    if (code != 0 && code != -EDOM) sound_ = false;
  }

  scmp_filter_ctx context_;
  bool sound_ = true;
};

bool give_up_system_calls(int channel) {
  Filter filter;
  // Memory and threads: never code that was not there, never a process.
  filter.allow({SCMP_SYS(brk),
                SCMP_SYS(munmap),
                SCMP_SYS(mremap),
                SCMP_SYS(madvise),
                SCMP_SYS(futex),
                SCMP_SYS(exit),
                SCMP_SYS(exit_group),
                SCMP_SYS(set_robust_list),
                SCMP_SYS(rseq),
                SCMP_SYS(rt_sigprocmask),
                SCMP_SYS(rt_sigreturn),
                SCMP_SYS(rt_sigaction),
                SCMP_SYS(sigaltstack),
                SCMP_SYS(sched_yield),
                SCMP_SYS(sched_getaffinity),
                SCMP_SYS(getpid),
                SCMP_SYS(gettid),
                SCMP_SYS(tgkill),
                SCMP_SYS(restart_syscall),
                SCMP_SYS(getcpu),
                SCMP_SYS(membarrier)});
  filter.allow_when(SCMP_SYS(mmap), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0});
  filter.allow_when(SCMP_SYS(mprotect), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0});
  filter.allow_when(SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
  filter.allow_when(SCMP_SYS(fcntl), {1, SCMP_CMP_EQ, F_GETFL, 0});
  filter.refuse(ENOSYS, {SCMP_SYS(clone3)});  // its flags lie in memory; the C library then takes clone
  // The descriptors that are open, time, chance.
  filter.allow({SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(lseek), SCMP_SYS(fstat),
                SCMP_SYS(newfstatat), SCMP_SYS(close), SCMP_SYS(write), SCMP_SYS(writev),
                SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
                SCMP_SYS(gettimeofday), SCMP_SYS(getrandom)});
  for (const int call : {SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg)})
    filter.allow_when(call, {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(channel), 0});
  // Libraries ask for these in good faith, and do without.
  filter.refuse(
      EACCES, {SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
               SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat), SCMP_SYS(lstat)});
  filter.refuse(
      EPERM, {SCMP_SYS(prctl), SCMP_SYS(prlimit64), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(ioctl),
              SCMP_SYS(sched_setaffinity), SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler),
              SCMP_SYS(sched_setscheduler), SCMP_SYS(set_mempolicy), SCMP_SYS(get_mempolicy), SCMP_SYS(mbind),
              SCMP_SYS(setpriority), SCMP_SYS(getpriority)});
  return filter.load();
}

}  // namespace

std::uint32_t give_up_rights(int channel) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, most_descriptors);
  limit(RLIMIT_CPU, most_seconds);
  if (!sanitized) limit(RLIMIT_AS, most_memory);
  ::prctl(PR_SET_DUMPABLE, 0);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  std::uint32_t protections = 0;
  if (!sanitized && give_up_files()) protections |= Protection::files;
  if (give_up_system_calls(channel)) protections |= Protection::system_calls;
  return protections;
}

}  // namespace piste::video
