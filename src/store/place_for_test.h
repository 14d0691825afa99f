// The bucket of a test's own S3 server.
#pragma once

#include <string>

#include "store/bucket.h"
#include "support/s3_server.h"

namespace piste::store {

inline Place place_of(const test::S3Server& server) {
  return {.tls = false,
          .host = "127.0.0.1",
          .port = std::to_string(server.port()),
          .path = "/bucket",
          .region = "us-east-1",
          .access_key = test::S3Server::access_key,
          .secret_key = test::S3Server::secret_key,
          .session_token = ""};
}

}  // namespace piste::store
