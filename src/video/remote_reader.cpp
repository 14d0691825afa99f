#include "video/remote_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/log.h"
#include "base/text.h"
#include "video/decoder_protocol.h"
#include "video/limits.h"

namespace piste::video {
namespace {

using base::Descriptor;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Memory that both processes see. Sealed: who writes to it cannot take it away from who reads.
class SharedMemory {
 public:
  SharedMemory() : file_(::memfd_create("pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {}
  ~SharedMemory() {
    if (bytes_) ::munmap(bytes_, size_);
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  int descriptor() const { return file_.get(); }
  bool size(std::size_t size) {
    constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) return false;
    if (::fcntl(file_.get(), F_ADD_SEALS, seals) != 0) return false;
    void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file_.get(), 0);
    if (bytes == MAP_FAILED) return false;
    bytes_ = static_cast<std::uint8_t*>(bytes);
    size_ = size;
    return true;
  }
  std::size_t size() const { return size_; }
  types::Bytes copy(std::size_t count) const { return {bytes_, bytes_ + count}; }

 private:
  Descriptor file_;
  std::uint8_t* bytes_ = nullptr;
  std::size_t size_ = 0;
};

// Beside the program that runs, or where the package puts it.
std::filesystem::path decoder_program() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  for (const auto& path : {self / "referee_decoder", self / "../lib/piste/referee_decoder"}) {
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

// What libraries and sanitizers read, nothing else: settings may hold secrets.
std::vector<std::string> environment_for_decoder() {
  std::vector<std::string> environment{"LC_ALL=C", "OPENCV_LOG_LEVEL=OFF"};
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
  }
  return environment;
}

// The new process's descriptors are put in place in two steps, so that none overwrites one that is still
// needed.
class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void place(std::initializer_list<std::pair<int, int>> from_to) {
    int aside = decoder_pictures + 1;  // above all that are needed
    for (const auto& [from, to] : from_to) aside = std::max(aside, from + 1);
    for (const auto& [from, to] : from_to) ::posix_spawn_file_actions_adddup2(&actions_, from, aside + to);
    for (const auto& [from, to] : from_to) ::posix_spawn_file_actions_adddup2(&actions_, aside + to, to);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, decoder_pictures + 1);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// With no signal blocked or ignored, whatever the thread that starts it has done.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);  // Ctrl-C at a client is the client's to handle
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// A decoder process and the channel to it. Gone with this object.
class Decoder {
 public:
  ~Decoder() { end(); }
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Result<base::Done> start(const Descriptor& file, const SharedMemory& pictures) {
    const auto program = decoder_program();
    if (program.empty())
      return Error{ErrorCode::io,
                   "the program referee_decoder is missing: it belongs beside this one, or in ../lib/piste"};
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return no_process(errno);
    channel_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    SpawnActions actions;
    actions.place({{file.get(), decoder_file},
                   {theirs.get(), decoder_channel},
                   {pictures.descriptor(), decoder_pictures}});
    const SpawnAttributes attributes;
    std::string name = program.string();
    std::array<char*, 2> arguments{name.data(), nullptr};
    auto variables = environment_for_decoder();
    std::vector<char*> environment;
    for (auto& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    const int code = ::posix_spawn(&pid_, name.c_str(), actions.get(), attributes.get(), arguments.data(),
                                   environment.data());
    if (code != 0) {
      pid_ = -1;
      return no_process(code);
    }
    return base::Done{};
  }

  template <class Message>
  bool send(const Message& message) const {
    return ::send(channel_.get(), &message, sizeof message, MSG_NOSIGNAL) == sizeof message;
  }

  // The next message; an error where the process is gone, or does not answer in time, which ends it.
  template <class Message>
  Result<Message> receive(milliseconds patience) {
    const auto until = steady_clock::now() + patience;
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
      pollfd waiting{channel_.get(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) return failed("took too long for a picture", "did not answer in time");
      Message message;
      if (::recv(channel_.get(), &message, sizeof message, 0) == sizeof message) return message;
      return why_gone();
    }
  }

  Error failed(const std::string& what, const std::string& for_log) {
    base::log::warning("", "referee_decoder " + for_log + "; the video is refused");
    end();
    return {ErrorCode::unreadable, "the video cannot be decoded: its decoder " + what};
  }

 private:
  static Error no_process(int code) {
    return {ErrorCode::io, std::string("the video's decoder cannot be started: ") + std::strerror(code)};
  }

  Error why_gone() {
    channel_ = Descriptor();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (!WIFSIGNALED(status))
      return failed("gave up", "ended with code " + std::to_string(WEXITSTATUS(status)));
    const int signal = WTERMSIG(status);
    const std::string by = "ended by signal " + std::to_string(signal);
    if (signal == SIGSYS)
      return failed("tried what it may not do", by + ", for a system call that it may not make");
    if (signal == SIGXCPU) return failed("took too much time", by + ", for its processor time was used up");
    return failed("crashed", by);
  }

  void end() {
    channel_ = Descriptor();
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }

  Descriptor channel_;
  pid_t pid_ = -1;
};

void warn_once_of_missing(std::uint32_t protections) {
  static const bool said = [protections] {
    if (!(protections & Protection::system_calls))
      base::log::warning("", "this kernel has no seccomp: referee_decoder is bounded by limits alone");
    return true;
  }();
  static_cast<void>(said);
}

std::optional<ErrorCode> code_in(std::int32_t failed) {
  if (failed < 1 || failed > 1 + static_cast<std::int32_t>(ErrorCode::io)) return std::nullopt;
  return static_cast<ErrorCode>(failed - 1);
}

class RemoteReader final : public Reader {
 public:
  explicit RemoteReader(milliseconds patience) : patience_(patience) {}

  Result<base::Done> open(const Descriptor& file) {
    if (auto started = decoder_.start(file, pictures_); !started) return started;
    auto opened = decoder_.receive<DecoderOpened>(patience_);
    if (!opened) return opened.error();
    if (const auto code = code_in(opened->failed)) return Error{*code, base::escaped(text_of(opened->text))};
    if (!is_reasonable_size(opened->width, opened->height) || !(opened->fps > 0 && opened->fps <= 1e6) ||
        opened->frame_count < 0)
      return nonsense();
    warn_once_of_missing(opened->protections);
    info_ = {opened->width,       opened->height,    opened->fps,
             opened->frame_count, opened->jpeg != 0, opened->has_times != 0};
    if (!pictures_.size(shared_size(info_.width, info_.height)))
      return Error{ErrorCode::io, "no memory for the video's pictures"};
    return base::Done{};
  }

  const StreamInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return damaged_; }
  void go_to(double time) override { go_.from = time; }

  Result<std::optional<types::Frame>> next() override {
    const auto answer = ask(DecoderRequest::next);
    if (!answer) return answer.error();
    if (answer->end) return std::optional<types::Frame>();
    const auto pixels = static_cast<std::size_t>(info_.width) * static_cast<std::size_t>(info_.height) * 3;
    if (answer->size != pixels) return nonsense();
    types::Frame frame;
    frame.number = answer->number;
    frame.time = answer->time;
    frame.image = {info_.width, info_.height, pictures_.copy(pixels)};
    return std::optional(std::move(frame));
  }

  Result<std::optional<types::EncodedFrame>> next_encoded() override {
    const auto answer = ask(DecoderRequest::next_encoded);
    if (!answer) return answer.error();
    if (answer->end) return std::optional<types::EncodedFrame>();
    types::EncodedFrame frame;
    frame.number = answer->number;
    if (answer->has_time) frame.timestamp = answer->time;
    frame.width = info_.width;
    frame.height = info_.height;
    frame.bytes = std::make_shared<const types::Bytes>(pictures_.copy(answer->size));
    return std::optional(std::move(frame));
  }

 private:
  // Checked as far as it is the same for both kinds.
  Result<DecoderAnswer> ask(DecoderRequest request) {
    if (gone_) return Error{ErrorCode::unreadable, *gone_};
    // Where nobody listens, nobody answers.
    if (!std::exchange(gone_on_, true)) static_cast<void>(decoder_.send(go_));
    static_cast<void>(decoder_.send(request));
    auto answer = decoder_.receive<DecoderAnswer>(patience_);
    if (!answer) {
      gone_ = answer.error().message;
      return answer;
    }
    damaged_ = std::max(damaged_, answer->damaged);
    if (const auto code = code_in(answer->failed)) return Error{*code, base::escaped(text_of(answer->text))};
    const bool sound = answer->number >= 0 && std::isfinite(answer->time) && answer->size <= pictures_.size();
    if (!sound) return nonsense();
    return answer;
  }

  Error nonsense() {
    auto error = decoder_.failed("gave an answer that makes no sense", "gave an answer that makes no sense");
    gone_ = error.message;
    return error;
  }

  const milliseconds patience_;
  SharedMemory pictures_;
  Decoder decoder_;
  StreamInfo info_;
  DecoderGo go_;
  bool gone_on_ = false;  // go_ was sent
  std::int64_t damaged_ = 0;
  std::optional<std::string> gone_;  // why there is no process any more
};

}  // namespace

Result<std::unique_ptr<Reader>> open_in_decoder(const std::filesystem::path& path, milliseconds patience) {
  // Not blocking: a pipe is no file, and is not waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file.ok() || ::fstat(file.get(), &status) != 0)
    return Error{ErrorCode::io, "the video file cannot be opened"};
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::io, "the video is not a file"};
  auto reader = std::make_unique<RemoteReader>(patience);
  if (auto opened = reader->open(file); !opened) return opened.error();
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace piste::video
