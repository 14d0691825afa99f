#include "store/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <span>

#include "base/hex.h"
#include "base/percent.h"

namespace piste::store {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text).data(), text.size(),
       code.data(), &length);
  return {code.begin(), code.begin() + length};
}

std::string path_of(const Place& place, const Request& request) {
  const std::string path = base::percent_encoded(place.path + request.key, "/");
  return path.empty() ? "/" : path;
}

// In the order in which the signature wants it; that of a request may be any.
std::string query_of(const Request& request) {
  Fields all;
  for (const auto& [name, value] : request.query)
    all.emplace_back(base::percent_encoded(name), base::percent_encoded(value));
  std::sort(all.begin(), all.end());
  std::string out;
  for (const auto& [name, value] : all) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

std::string time_text(std::chrono::system_clock::time_point now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 20> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return text.data();
}

// Where TLS keeps the body whole, it need not be read twice.
std::string payload_of(const Place& place, const Request& request) {
  return place.tls ? "UNSIGNED-PAYLOAD" : sha256(request.body);
}

std::string key_of(const Place& place, std::string_view day) {
  return hmac(hmac(hmac(hmac("AWS4" + place.secret_key, day), place.region), "s3"), "aws4_request");
}

}  // namespace

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return base::hex(std::span(digest).first(length));
}

std::string target_of(const Place& place, const Request& request) {
  const std::string query = query_of(request);
  return path_of(place, request) + (query.empty() ? "" : "?" + query);
}

Fields signature_of(const Place& place, const Request& request, std::chrono::system_clock::time_point now) {
  const std::string time = time_text(now);
  const std::string day = time.substr(0, 8);
  Fields fields{{"x-amz-content-sha256", payload_of(place, request)}, {"x-amz-date", time}};
  if (!place.session_token.empty()) fields.emplace_back("x-amz-security-token", place.session_token);
  std::string headers = "host:" + place.host_field() + "\n", names = "host";
  for (const auto& [name, value] : fields) {
    headers += name + ":" + value + "\n";
    names += ";" + name;
  }
  const std::string canonical = request.method + "\n" + path_of(place, request) + "\n" + query_of(request) +
                                "\n" + headers + "\n" + names + "\n" + fields.front().second;
  const std::string scope = day + "/" + place.region + "/s3/aws4_request";
  const std::string to_sign = std::string(algorithm) + "\n" + time + "\n" + scope + "\n" + sha256(canonical);
  const std::string signature = base::hex(bytes_of(hmac(key_of(place, day), to_sign)));
  fields.emplace_back("Authorization", std::string(algorithm) + " Credential=" + place.access_key + "/" +
                                           scope + ", SignedHeaders=" + names + ", Signature=" + signature);
  return fields;
}

}  // namespace piste::store
