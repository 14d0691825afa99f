// A small blocking HTTP client that can misbehave.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/network.h"

namespace piste::test {

namespace http = boost::beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

// One connection, kept open from call to call as the server allows. Throws where there is no answer.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);

  Response get(std::string_view target) { return send(http::verb::get, target); }
  Response send(http::verb method, std::string_view target, std::string body = "",
                std::vector<std::pair<std::string, std::string>> fields = {});
  // Bytes as they are, no answer awaited.
  void send_raw(std::string_view bytes);
  // The next answer. to_head: it has no body, whatever its headers say.
  Response receive(bool to_head = false);
  // Whether the server has closed the connection; waits for it.
  bool closed();
  void close();

 private:
  asio::io_context context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

boost::json::object body_of(const Response& response);

// One part of a form. With a filename it is a file.
struct FormPart {
  std::string name;
  std::string data;
  std::string filename = "";
};

// A multipart/form-data body, and the Content-Type that goes with it.
struct Form {
  explicit Form(const std::vector<FormPart>& parts);
  std::string content_type;
  std::string body;
};

// POST of a form on a connection of its own.
Response post_form(std::uint16_t port, std::string_view target, const std::vector<FormPart>& parts);

}  // namespace piste::test
