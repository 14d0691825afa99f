#include "session/picture_lags.h"

#include <boost/json.hpp>
#include <fstream>
#include <string_view>

#include "base/file_text.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/pending_file.h"

namespace piste::session {
namespace {

namespace json = boost::json;

constexpr std::string_view what = "The pistes' picture lags";

std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

double seconds_at(const json::object& object, std::string_view name) {
  return object.at(name).to_number<double>() / 1000;
}

}  // namespace

PictureLags::PictureLags(std::filesystem::path file) : file_(std::move(file)) {
  read();
}

std::optional<types::PictureLag> PictureLags::of(const std::string& owner, const std::string& piste) const {
  const base::Lock lock(mutex_);
  const auto found = lags_.find({owner, piste});
  return found == lags_.end() ? std::nullopt : std::optional(found->second);
}

// Names of pistes come from outside: where there are too many, one makes room, and is measured again.
void PictureLags::measured(const std::string& owner, const std::string& piste, const types::PictureLag& lag) {
  const base::Lock lock(mutex_);
  const Key key{owner, piste};
  if (lags_.size() >= most && !lags_.contains(key)) lags_.erase(lags_.begin());
  lags_[key] = lag;
  write();
}

void PictureLags::read() {
  const auto text = base::file_text(file_);
  if (!text) return;
  const base::Lock lock(mutex_);
  try {
    const json::value document = json::parse(*text);
    for (const auto& value : document.as_array()) {
      const auto& read = value.as_object();
      const types::PictureLag lag{seconds_at(read, "lag_ms"), seconds_at(read, "lag_error_ms")};
      lags_[{text_at(read, "owner"), text_at(read, "piste")}] = lag;
    }
  } catch (const std::exception&) {
    base::log::warning("", std::string(what) + " cannot be read: they are measured anew");
  }
}

void PictureLags::write() const {
  json::array out;
  for (const auto& [key, lag] : lags_) {
    out.push_back(json::object{{"owner", key.first},
                               {"piste", key.second},
                               {"lag_ms", lag.seconds * 1000},
                               {"lag_error_ms", lag.error * 1000}});
  }
  std::error_code failure;
  std::filesystem::create_directories(file_.parent_path(), failure);
  base::PendingFile pending(file_);
  std::ofstream file(pending.path(), std::ios::binary);
  file << base::json_text(out) << "\n";
  file.close();
  if (!file || pending.commit()) base::log::warning("", std::string(what) + " could not be written");
}

}  // namespace piste::session
