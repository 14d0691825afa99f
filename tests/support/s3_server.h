// An S3 server for tests that believes nobody (s3_server.py), as a child process.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "support/process.h"

namespace piste::test {

class S3Server {
 public:
  static constexpr const char* access_key = "AKIATESTS";
  static constexpr const char* secret_key = "secret/with+odd=characters";

  // With a certificate it speaks TLS. Throws where Python cannot be started.
  explicit S3Server(const std::filesystem::path& certificate = {}, const std::filesystem::path& key = {});

  std::uint16_t port() const { return port_; }
  // By key, with the bucket: {size, sha256, type}.
  boost::json::object objects() const { return ask("GET", "/objects").as_object(); }
  bool has(const std::string& key) const { return objects().contains(key); }
  boost::json::array asked() const { return ask("GET", "/asked").as_array(); }
  std::int64_t uploads() const { return ask("GET", "/uploads").as_int64(); }  // in parts, not ended
  // How: see s3_server.py. method: empty: any.
  void fail(const std::string& how, int times, const std::string& method = "") {
    ask("POST", "/fail?how=" + how + "&times=" + std::to_string(times) + "&method=" + method);
  }
  void be_well() { ask("POST", "/well"); }
  void set_clock_ahead(int seconds) { ask("POST", "/clock?ahead=" + std::to_string(seconds)); }
  void put(const std::string& key, std::string content) {
    ask("POST", "/put?key=" + key, std::move(content));
  }

 private:
  boost::json::value ask(std::string_view method, const std::string& target, std::string body = "") const;

  Process process_;
  std::uint16_t port_ = 0;
  std::uint16_t door_ = 0;
};

}  // namespace piste::test
