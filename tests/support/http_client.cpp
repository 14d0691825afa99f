#include "support/http_client.h"

#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>

namespace piste::test {
namespace {

void check(error_code ec) {
  if (ec) throw boost::system::system_error(ec);
}

}  // namespace

HttpClient::HttpClient(std::uint16_t port) : stream_(context_) {
  check(wait_for(context_, [&](auto done) { stream_.async_connect(local(port), std::move(done)); }));
}

Response HttpClient::send(http::verb method, std::string_view target, std::string body,
                          std::vector<std::pair<std::string, std::string>> fields) {
  Request request(method, target, 11);
  request.set(http::field::host, "127.0.0.1");
  for (const auto& [name, value] : fields) request.set(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  // A server may answer and close before it has read the whole body: the answer counts.
  wait_for(context_, [&](auto done) { http::async_write(stream_, request, std::move(done)); });
  return receive(method == http::verb::head);
}

void HttpClient::send_raw(std::string_view bytes) {
  check(wait_for(context_,
                 [&](auto done) { asio::async_write(stream_, asio::buffer(bytes), std::move(done)); }));
}

Response HttpClient::receive(bool to_head) {
  http::response_parser<http::string_body> parser;
  parser.skip(to_head);
  parser.body_limit(1ull << 30);
  check(wait_for(context_, [&](auto done) { http::async_read(stream_, buffer_, parser, std::move(done)); }));
  return parser.release();
}

bool HttpClient::closed() {
  char byte = 0;
  const auto ec = wait_for(
      context_, [&](auto done) { stream_.async_read_some(asio::buffer(&byte, 1), std::move(done)); });
  return bool(ec);
}

void HttpClient::close() {
  stream_.close();
}

boost::json::object body_of(const Response& response) {
  return boost::json::parse(response.body()).as_object();
}

Form::Form(const std::vector<FormPart>& parts)
    : content_type("multipart/form-data; boundary=piste-test-boundary") {
  for (const auto& part : parts) {
    body += "--piste-test-boundary\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
    if (!part.filename.empty()) body += "; filename=\"" + part.filename + "\"";
    body += "\r\n\r\n" + part.data + "\r\n";
  }
  body += "--piste-test-boundary--\r\n";
}

Response post_form(std::uint16_t port, std::string_view target, const std::vector<FormPart>& parts) {
  const Form form(parts);
  return HttpClient(port).send(http::verb::post, target, form.body, {{"Content-Type", form.content_type}});
}

}  // namespace piste::test
