// An upload that is judged later: what its folder says of it, so that a service that is started again goes on
// with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace piste::session {

// When an upload is judged: while its client waits, or when there is a place, also by another run.
enum class Judged { now, later };

// Which disk has one that is judged later, where there are several nodes: that of the node that was asked, or
// the store of all.
enum class KeptBy { node, cluster };
// As it is told.
constexpr std::string_view to_string(KeptBy kept_by) {
  return kept_by == KeptBy::node ? "node" : "cluster";
}

struct Job {
  static constexpr int most_attempts = 3;  // a video that ends the service each time must not do so for ever

  std::string owner;
  std::string video;                                         // its file's name
  std::vector<std::pair<std::string, std::string>> options;  // the form's fields, as they were sent
  int attempts = 0;                                          // that have begun
  std::string error;  // why there is no result; empty: it is to be done
};

// Its session's, by the name of its folder.
inline std::string upload_id(const std::string& folder) {
  return "upload-" + folder;
}

std::string print(const Job& job);
// nullopt: it is none.
std::optional<Job> parse_job(const std::string& text);

}  // namespace piste::session
