#include "server/stored_route.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "server/artifact_route.h"
#include "store/artifact_type.h"
#include "store/store.h"

namespace piste::server {
namespace {

constexpr std::uint64_t most_at_once = 2 << 20;  // bytes of an object that are asked for and held

// An object that is read piece by piece.
class FarFile : public Readable {
 public:
  FarFile(const store::Bucket& bucket, std::string key, store::Object object)
      : bucket_(bucket), key_(std::move(key)), object_(std::move(object)) {}

  std::uint64_t size() const override { return object_.size; }
  const std::string& etag() const override { return object_.etag; }
  bool far() const override { return true; }

  std::size_t read(std::uint64_t from, std::span<char> room) const override {
    const std::uint64_t end = std::min<std::uint64_t>(from + room.size(), object_.size);
    if (from >= end) return 0;
    if (from < from_ || end > from_ + held_.size()) {
      const std::uint64_t wanted = std::min(std::max(end - from, most_at_once), object_.size - from);
      auto piece = bucket_.read(key_, object_, from, wanted);
      if (!piece) return 0;
      held_ = std::move(*piece);
      from_ = from;
    }
    std::copy_n(held_.begin() + static_cast<std::ptrdiff_t>(from - from_), end - from, room.begin());
    return end - from;
  }

 private:
  const store::Bucket& bucket_;
  const std::string key_;
  const store::Object object_;
  mutable std::string held_;  // bytes from from_ on
  mutable std::uint64_t from_ = 0;
};

// 404 is for what is not there; of what cannot be asked nobody knows.
std::optional<Reply> failed(const store::Error& error) {
  if (error.code == store::ErrorCode::missing) return std::nullopt;
  return busy_reply("The store of older phrases cannot be asked now");
}

// The name of the file that is asked for; empty: none is.
std::string wanted(const Found& found, const Question& asked) {
  const std::string_view path = found.route->path;
  if (path == "/sessions/{id}/artifacts/{name}") return asked.second;
  if (path == "/sessions/{id}/result") return "analysis_result.json";
  if (path == "/sessions/{id}/keypoints") return "keypoints.json";
  if (path == "/sessions/{id}/curves") return "curves.json";
  return "";
}

// Precondition: it is the name of a file of a phrase.
std::optional<Reply> give(const store::Manifest& manifest, const std::string& name, const Question& asked) {
  const store::Bucket& bucket = asked.service.options.store->bucket();
  if (!manifest.files.contains(name)) return std::nullopt;
  const std::string key = store::file_key(manifest.folder, name);
  auto object = bucket.look(key);
  if (!object) return failed(object.error());
  auto file = std::make_shared<FarFile>(bucket, key, std::move(*object));
  return file_reply(asked.request, std::move(file), manifest.folder, name, *store::artifact_type(name),
                    asked.target.query);
}

Reply remove(const store::Manifest& manifest, const Question& asked) {
  if (!asked.service.options.store->forget(asked.key(), manifest.folder))
    return busy_reply("The server's disk does not take it");
  asked.service.registry.forget(asked.key(), manifest.folder);
  return {.status = http::status::no_content, .body = {}};
}

}  // namespace

std::optional<Reply> stored_reply(const Found& found, const Question& asked) {
  if (!asked.service.options.store) return std::nullopt;
  const std::string name = wanted(found, asked);
  const bool removes = found.route->method == http::verb::delete_ && found.route->path == "/sessions/{id}";
  if (!removes && !store::artifact_type(name)) return std::nullopt;
  // A link opens one phrase, whichever has its id by now.
  const store::Store& store = *asked.service.options.store;
  const std::string& linked = asked.grant.folder;
  const auto manifest = linked.empty() ? store.find(asked.key()) : store.find_folder(linked);
  if (!manifest) return failed(manifest.error());
  // Of a newer phrase here, nothing is the older one's.
  const auto here = asked.service.registry.directory(asked.key());
  if (linked.empty() && here && here->filename() != manifest->folder) return std::nullopt;
  return removes ? remove(*manifest, asked) : give(*manifest, name, asked);
}

}  // namespace piste::server
