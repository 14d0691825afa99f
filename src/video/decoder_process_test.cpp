// One video harms only itself: its decoder is a process that has nothing else, and whatever becomes of it,
// the others notice nothing.
#include "video/decoder_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <random>
#include <set>

#include "video/reader.h"
#include "video/sandbox.h"
#include "video/test_pictures.h"
#include "video/writer.h"

namespace piste::video {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr int pictures = 60;

void write_video(const std::filesystem::path& path) {
  auto writer = H264Writer::create(path, 128, 96, 25).value();
  for (int i = 0; i < pictures; ++i) ASSERT_TRUE(writer->write(ramps(128, 96, i), i / 25.).ok());
  ASSERT_TRUE(writer->finish().ok());
}

std::set<pid_t> children() {
  std::set<pid_t> found;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t pid = 0; list >> pid;) found.insert(pid);
  }
  return found;
}

// A reader, and the process behind it.
struct Running {
  std::unique_ptr<Reader> reader;
  pid_t pid = 0;
};

Running start(const std::filesystem::path& path, std::chrono::milliseconds patience = 60s) {
  const auto before = children();
  Running running{Reader::open_file(path, patience).value(), 0};
  for (const pid_t pid : children()) running.pid = before.contains(pid) ? running.pid : pid;
  return running;
}

int read_to_end(Reader& reader) {
  int count = 0;
  for (;;) {
    const auto frame = reader.next();
    if (!frame.ok() || !*frame) return frame.ok() ? count : -1;
    ++count;
  }
}

// What reading says once something has become of the process.
std::string failure_of(Reader& reader) {
  for (int i = 0; i <= pictures; ++i) {
    const auto frame = reader.next();
    if (!frame) return frame.error().message;
    if (!*frame) return "read to its end";
  }
  return "no end";
}

TEST(DecoderProcess, IsOneOfItsOwnAndGoneWithItsReader) {
  TempDir directory;
  write_video(directory / "a.mp4");
  const auto before = children();
  {
    const auto running = start(directory / "a.mp4");
    EXPECT_NE(running.pid, 0);
    EXPECT_EQ(read_to_end(*running.reader), pictures);
    EXPECT_EQ(read_to_end(*running.reader), 0);
  }
  EXPECT_EQ(children(), before);
}

TEST(DecoderProcess, KilledStoppedOrStarvedIsAnErrorAndNineBesideNoticeNothing) {
  TempDir directory;
  write_video(directory / "a.mp4");
  std::vector<Running> beside;
  for (int i = 0; i < 9; ++i) beside.push_back(start(directory / "a.mp4"));
  for (auto& running : beside) ASSERT_TRUE(running.reader->next().value().has_value());

  auto killed = start(directory / "a.mp4"), crashed = start(directory / "a.mp4");
  ::kill(killed.pid, SIGKILL);
  EXPECT_THAT(failure_of(*killed.reader), HasSubstr("its decoder crashed"));
  EXPECT_THAT(failure_of(*killed.reader), HasSubstr("its decoder crashed"));
  ::kill(crashed.pid, SIGSEGV);
  EXPECT_THAT(failure_of(*crashed.reader), HasSubstr("its decoder crashed"));

  auto stopped = start(directory / "a.mp4", 3s);
  ::kill(stopped.pid, SIGSTOP);
  EXPECT_THAT(failure_of(*stopped.reader), HasSubstr("took too long"));

  auto starved = start(directory / "a.mp4");
  const rlimit little{4096, 4096};
  ASSERT_EQ(::prlimit(starved.pid, RLIMIT_AS, &little, nullptr), 0);
  // It may have all the memory that it needs by then.
  EXPECT_THAT(failure_of(*starved.reader), AnyOf(HasSubstr("its decoder"), "read to its end"));

  for (auto& running : beside) EXPECT_EQ(read_to_end(*running.reader), pictures - 1);
}

TEST(DecoderProcess, HasBoundsOfMemoryTimeFilesAndOutput) {
  TempDir directory;
  write_video(directory / "a.mp4");
  const auto running = start(directory / "a.mp4");
  const auto bound = [&](__rlimit_resource resource) {
    rlimit found{};
    EXPECT_EQ(::prlimit(running.pid, resource, nullptr, &found), 0);
    EXPECT_EQ(found.rlim_cur, found.rlim_max);
    return found.rlim_max;
  };
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(bound(RLIMIT_AS), rlim_t{8} << 30);
#endif
  EXPECT_LE(bound(RLIMIT_CPU), 600u);
  EXPECT_LE(bound(RLIMIT_NOFILE), 16u);
  EXPECT_EQ(bound(RLIMIT_FSIZE), 0u);
}

// They would be in reach of a foreign file, and each video would wait until a hundred libraries are loaded.
TEST(DecoderProcess, HasNoCamerasInIt) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "referee_decoder";
  const std::unique_ptr<FILE, int (*)(FILE*)> list(
      ::popen(("LD_TRACE_LOADED_OBJECTS=1 '" + program.string() + "'").c_str(), "r"), ::pclose);
  std::string loaded;
  for (int byte = 0; (byte = std::fgetc(list.get())) != EOF;) loaded += static_cast<char>(byte);
  EXPECT_THAT(loaded, HasSubstr("libavformat"));
  EXPECT_THAT(loaded, Not(HasSubstr("libavdevice")));
}

TEST(DecoderProcess, DamagedFilesHarmNobody) {
  TempDir directory;
  write_video(directory / "a.mp4");
  const auto whole = read_file(directory / "a.mp4");
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    auto bytes = whole;
    for (int i = 0; i < 30; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    write_file(directory / "b.mp4", bytes);
    if (auto reader = Reader::open_file(directory / "b.mp4")) static_cast<void>(failure_of(**reader));
  }
}

TEST(DecoderProcess, OpensWhatCamerasWriteAndNothingElse) {
  TempDir directory;
  write_video(directory / "a.mp4");
  write_file(directory / "list.m3u8",
             "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\na.mp4\n#EXT-X-ENDLIST\n");
  write_file(directory / "list.ffconcat", "ffconcat version 1.0\nfile a.mp4\n");
  write_file(directory / "a.y4m", "YUV4MPEG2 W16 H16 F25:1 C420\nFRAME\n" + std::string(384, 'x'));
  for (const char* name : {"list.m3u8", "list.ffconcat", "a.y4m"}) {
    const auto reader = Reader::open_file(directory / name);
    ASSERT_FALSE(reader.ok()) << name;
    EXPECT_THAT(reader.error().message, HasSubstr("taken are MP4, MOV")) << name;
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// In a child: give up the rights, try, end with 0 where the trial says so.
template <class Try>
void expect_refused_by_death(const Try& attempt) {
  EXPECT_EXIT(
      {
        give_up_rights(3);
        attempt();
        ::_exit(0);
      },
      testing::KilledBySignal(SIGSYS), "");
}

TEST(Sandbox, ReachesNoNetworkNoProgramNoProcess) {
  expect_refused_by_death([] { ::socket(AF_INET, SOCK_STREAM, 0); });
  expect_refused_by_death([] { ::socket(AF_UNIX, SOCK_STREAM, 0); });
  expect_refused_by_death([] { ::execl("/bin/true", "true", nullptr); });
  expect_refused_by_death([] { ::syscall(SYS_fork); });
  expect_refused_by_death([] { ::syscall(SYS_ptrace, 0, 0, 0, 0); });
  expect_refused_by_death([] { ::kill(::getppid(), SIGTERM); });
  expect_refused_by_death(
      [] { ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); });
  expect_refused_by_death([] { ::unlink("/tmp/no such file"); });
}

TEST(Sandbox, OpensNoFile) {
  EXPECT_EXIT(
      {
        give_up_rights(3);
        const int descriptor = ::open("/etc/passwd", O_RDONLY);
        ::_exit(descriptor < 0 && errno == EACCES ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

#endif

}  // namespace
}  // namespace piste::video
