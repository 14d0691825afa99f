#include "server/devices.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/file_text.h"
#include "base/hex.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/stored_file.h"

namespace piste::server {
namespace {

namespace json = boost::json;

constexpr std::size_t id_digits = 12;

std::string text_at(const json::object& object, std::string_view field) {
  return std::string(object.at(field).as_string());
}

// Its token as a line of the file of tokens, so that there is one way to write and to read one.
json::object print(const Device& device) {
  return {{"token", token_line(device.token)}, {"device", device.description}, {"paired", device.paired}};
}

Device device_at(const json::object& object) {
  const auto list = TokenList::parse(text_at(object, "token"));
  if (!list || list->tokens().size() != 1) throw std::invalid_argument("no line of a token");
  return {list->tokens().front(), text_at(object, "device"), text_at(object, "paired")};
}

// Nothing: it is none of ours.
std::optional<std::vector<Device>> parse(const std::string& text) {
  try {
    std::vector<Device> devices;
    const json::value stored = json::parse(text);
    for (const json::value& one : stored.at("devices").as_array())
      devices.push_back(device_at(one.as_object()));
    return devices;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// What cannot be read is not known.
std::map<std::string, std::time_t> parse_seen(const std::string& text) {
  boost::system::error_code wrong;
  const json::value stored = json::parse(text, wrong);
  std::map<std::string, std::time_t> seen;
  const auto* object = wrong ? nullptr : stored.if_object();
  if (!object) return seen;
  for (const auto& [digits, time] : *object)
    if (const auto* seconds = time.if_int64()) seen[std::string(digits)] = *seconds;
  return seen;
}

}  // namespace

std::string Device::id() const {
  return base::hex(token.hash).substr(0, id_digits);
}

Devices::Devices(std::filesystem::path file, std::filesystem::path seen_file)
    : file_(std::move(file)), seen_file_(std::move(seen_file)) {
  {
    const base::Lock lock(mutex_);
    seen_ = parse_seen(base::file_text(seen_file_).value_or("{}"));
  }
  const auto text = base::file_text(file_);
  if (!text) return;
  auto devices = parse(*text);
  const base::Lock lock(mutex_);
  if (devices)
    devices_ = std::move(*devices);
  else
    readable_ = false;
  if (!readable_) base::log::error("", "the file of paired devices cannot be read: they are shut out");
}

std::optional<Token> Devices::find(const TokenHash& hash) const {
  const base::Lock lock(mutex_);
  std::optional<Token> found;  // all are looked at: how long it takes tells nothing
  for (const Device& device : devices_) {
    if (CRYPTO_memcmp(device.token.hash.data(), hash.data(), hash.size()) == 0) found = device.token;
  }
  return found;
}

std::vector<Device> Devices::of(const std::string& name) const {
  auto devices = all();
  std::erase_if(devices, [&](const Device& device) { return device.token.name != name; });
  const base::Lock lock(mutex_);
  for (Device& device : devices) {
    const auto seen = seen_.find(base::hex(device.token.hash));
    if (seen != seen_.end()) device.seen = seen->second;
  }
  return devices;
}

void Devices::saw(const TokenHash& hash, std::time_t now) {
  const std::string digits = base::hex(hash);
  const base::Lock lock(mutex_);
  seen_[digits] = now;
  seen_anew_ = true;
}

void Devices::keep_seen() {
  json::object times;
  {
    const base::Lock lock(mutex_);
    if (!std::exchange(seen_anew_, false)) return;
    for (const auto& [digits, time] : seen_) times[digits] = static_cast<std::int64_t>(time);
  }
  if (!base::store_file(seen_file_, base::json_text(times)))
    base::log::warning("", "when devices were here last is not kept: the disk does not take it");
}

Devices::Change Devices::add(Device device) {
  return change([&](std::vector<Device>& devices) {
    devices.push_back(std::move(device));
    return true;
  });
}

Devices::Change Devices::remove(const std::string& name, const std::string& id) {
  return change([&](std::vector<Device>& devices) {
    return std::erase_if(devices, [&](const Device& device) {
             return device.token.name == name && device.id() == id;
           }) > 0;
  });
}

// Who looks for a token meanwhile does not wait for the disk.
Devices::Change Devices::change(const std::function<bool(std::vector<Device>&)>& make) {
  const base::Lock changing(changing_);
  auto devices = all();
  if (!readable_) return Change::not_stored;
  if (!make(devices)) return Change::unknown;
  if (!store(devices)) return Change::not_stored;
  const base::Lock lock(mutex_);
  std::erase_if(seen_, [&](const auto& seen) {
    return std::ranges::none_of(
        devices, [&](const Device& device) { return base::hex(device.token.hash) == seen.first; });
  });
  devices_ = std::move(devices);
  return Change::stored;
}

std::vector<Device> Devices::all() const {
  const base::Lock lock(mutex_);
  return devices_;
}

bool Devices::store(const std::vector<Device>& devices) const {
  json::array list;
  for (const Device& device : devices) list.push_back(print(device));
  return base::store_file(file_, base::json_text(json::object{{"devices", std::move(list)}}));
}

}  // namespace piste::server
