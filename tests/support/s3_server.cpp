#include "support/s3_server.h"

#include <boost/beast/http/verb.hpp>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/http_client.h"

namespace piste::test {
namespace {

Command command(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  Command out{PISTE_PYTHON,
              {PISTE_TESTS_DIR "/support/s3_server.py", S3Server::access_key, S3Server::secret_key},
              {},
              {}};
  if (!certificate.empty()) out.arguments.insert(out.arguments.end(), {certificate.string(), key.string()});
  return out;
}

}  // namespace

S3Server::S3Server(const std::filesystem::path& certificate, const std::filesystem::path& key)
    : process_(command(certificate, key)) {
  if (!process_.await("\n")) throw std::runtime_error("the S3 server does not start: " + process_.err());
  std::istringstream(process_.out()) >> port_ >> door_;
}

boost::json::value S3Server::ask(std::string_view method, const std::string& target, std::string body) const {
  HttpClient client(door_);
  return boost::json::parse(client.send(http::string_to_verb(method), target, std::move(body)).body());
}

}  // namespace piste::test
