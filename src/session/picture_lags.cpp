#include "session/picture_lags.h"

#include <boost/json.hpp>
#include <utility>

#include "base/file_text.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/stored_file.h"

namespace piste::session {
namespace {

namespace json = boost::json;

constexpr const char* lags_text = "The pistes' picture lags";

// Throws where the entry is none of ours: the one caller catches.
std::pair<PictureLags::Key, types::PictureLag> entry_of(const json::object& read) {
  const auto seconds = [&](const char* name) { return read.at(name).to_number<double>() / 1000; };
  return {{std::string(read.at("owner").as_string()), std::string(read.at("piste").as_string())},
          {seconds("lag_ms"), seconds("lag_error_ms")}};
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
    for (const auto& value : document.as_array()) lags_.insert(entry_of(value.as_object()));
  } catch (const std::exception&) {
    base::log::warning("", std::string(lags_text) + " cannot be read: they are measured anew");
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
  if (!base::store_file(file_, base::json_text(out) + "\n"))
    base::log::warning("", std::string(lags_text) + " could not be written");
}

}  // namespace piste::session
