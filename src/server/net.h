// The names of Asio and Beast that the server's files share.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "net/stream.h"

namespace piste::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using net::Stream;
using error_code = beast::error_code;
using Request = http::request<http::empty_body>;  // the body, if any, is read apart

template <class T = void>
using Task = asio::awaitable<T>;

// co_await x(as_value) gives the error code first instead of throwing it: network errors are expected.
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

}  // namespace piste::server
