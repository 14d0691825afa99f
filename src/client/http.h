// HTTP/1.1 requests to the service, one connection each. One io_context thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "client/error.h"
#include "client/multipart.h"
#include "client/server_url.h"

namespace piste::client {

struct ConnectOptions;

struct HttpResponse {
  unsigned status = 0;
  std::string reason;
  std::string body;                                      // at most 128 MB
  std::optional<std::chrono::seconds> retry_after = {};  // where the server says so
};

// sent, total: bytes of the body.
using UploadProgress = std::function<void(std::uint64_t sent, std::uint64_t total)>;

boost::asio::awaitable<Result<HttpResponse>> http_get(boost::asio::any_io_executor executor, ServerUrl url,
                                                      std::string path, ConnectOptions options,
                                                      std::chrono::seconds limit);

boost::asio::awaitable<Result<HttpResponse>> http_delete(boost::asio::any_io_executor executor, ServerUrl url,
                                                         std::string path, ConnectOptions options,
                                                         std::chrono::seconds limit);

// The server may answer before all is sent (too large, not authorised): the rest then stays unsent. There is
// no limit on the time of the answer, which is the analysis's. prefer: the header of this name, if not empty.
boost::asio::awaitable<Result<HttpResponse>> http_post(boost::asio::any_io_executor executor, ServerUrl url,
                                                       std::string path, ConnectOptions options,
                                                       MultipartBody body, UploadProgress progress,
                                                       std::string prefer = {});

}  // namespace piste::client
