// The folder of one phrase: a name of our own making, nothing in it from a client. Removed with all it holds
// when the owner dies, unless it was kept.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace piste::session {

// The frame log's file in there.
constexpr const char* frame_log_name = "frames.log";
// The result's, which the engine puts there.
constexpr const char* result_name = "analysis_result.json";

class PhraseDirectory {
 public:
  // Nothing when it cannot be made. parent must exist.
  static std::optional<PhraseDirectory> create(const std::filesystem::path& parent);
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
