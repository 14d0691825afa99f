// The folder of one phrase: a name of our own making, nothing in it from a client. Removed with all it holds
// when the owner dies, unless it was kept.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace piste::session {

// Files in there: the session's, ours alone; the scoring log's, which the engine writes too.
constexpr const char* session_file_name = "session.json";
constexpr const char* signal_name = "phrase.txt";
constexpr const char* frame_log_name = "frames.log";
// The result's, which the engine puts there.
constexpr const char* result_name = "analysis_result.json";

class PhraseDirectory {
 public:
  // Nothing when it cannot be made. parent must exist.
  static std::optional<PhraseDirectory> create(const std::filesystem::path& parent);
  // One that an earlier run has left.
  static PhraseDirectory adopt(std::filesystem::path path) { return PhraseDirectory(std::move(path)); }
  // Whether create() makes such names.
  static bool is_name(std::string_view name);
  PhraseDirectory(PhraseDirectory&& other) noexcept
      : path_(std::exchange(other.path_, {})), kept_(other.kept_) {}
  PhraseDirectory& operator=(PhraseDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~PhraseDirectory();

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }
  void keep() { kept_ = true; }

 private:
  explicit PhraseDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace piste::session
