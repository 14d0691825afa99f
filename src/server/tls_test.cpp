// HTTPS and WSS over a real socket.
#include <openssl/ssl.h>

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdlib>

#include "server/server_fixture.h"
#include "support/network.h"

namespace piste::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using test::HttpClient;
using testing::HasSubstr;
using testing::StartsWith;
namespace http = test::http;
namespace ssl = asio::ssl;

// Made by the command that a club uses.
void make_certificate(const std::filesystem::path& folder, const std::string& names) {
  std::filesystem::remove_all(folder);
  const std::string command = std::string(PISTE_SOURCE_DIR) + "/deploy/make-certificate.sh " +
                              folder.string() + " " + names + " >/dev/null";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("no certificate");
}

// One TLS connection, with blocking calls.
class TlsClient {
 public:
  using Layer = beast::ssl_stream<beast::tcp_stream>;

  TlsClient(std::uint16_t port, const std::filesystem::path& ca, const std::string& name = "127.0.0.1",
            int highest_version = TLS1_3_VERSION)
      : context_(ssl::context::tls_client), stream_(io_, context_) {
    context_.load_verify_file(ca.string());
    SSL_set_max_proto_version(stream_.native_handle(), highest_version);
    stream_.set_verify_mode(ssl::verify_peer);
    stream_.set_verify_callback(ssl::host_name_verification(name));
    stream_.next_layer().connect(test::local(port));
    test::error_code failed = test::wait_for(
        io_, [&](auto done) { stream_.async_handshake(ssl::stream_base::client, std::move(done)); });
    if (failed) throw boost::system::system_error(failed);
  }

  test::Response get(const std::string& target, const std::string& host = "127.0.0.1") {
    http::request<http::string_body> request(http::verb::get, target, 11);
    request.set(http::field::host, host);
    test::wait_for(io_, [&](auto done) { http::async_write(stream_, request, std::move(done)); });
    test::Response response;
    test::wait_for(io_, [&](auto done) { http::async_read(stream_, buffer_, response, std::move(done)); });
    return response;
  }
  Layer& stream() { return stream_; }
  asio::io_context& io() { return io_; }
  std::string serial() {
    X509* certificate = SSL_get1_peer_certificate(stream_.native_handle());
    std::string text;
    for (int i = 0; i < X509_get0_serialNumber(certificate)->length; ++i)
      text += std::to_string(X509_get0_serialNumber(certificate)->data[i]) + ".";
    X509_free(certificate);
    return text;
  }

 private:
  asio::io_context io_;
  ssl::context context_;
  Layer stream_;
  beast::flat_buffer buffer_;
};

class TlsTest : public ServerTest {
 protected:
  TlsTest() {
    make_certificate(folder / "tls", "referee.lan");
    options.tls_certificate = folder / "tls" / "certificate.pem";
    options.tls_key = folder / "tls" / "key.pem";
  }
};

TEST_F(TlsTest, ServesHttps) {
  TlsClient client(port(), options.tls_certificate);
  EXPECT_EQ(client.get("/health").result(), http::status::ok);
  EXPECT_EQ(client.get("/health").result(), http::status::ok) << "the connection is kept";
  EXPECT_THAT(server->url(), StartsWith("https://127.0.0.1:"));
}

TEST_F(TlsTest, TheCertificateIsForTheNamesGiven) {
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "localhost"));
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "referee.lan"));
  EXPECT_THROW(TlsClient(port(), options.tls_certificate, "other.lan"), boost::system::system_error);
}

// No browser takes a certificate that was made out to others: with TLS no name can be made to lead here.
TEST_F(TlsTest, TheNamesOfTheCertificateAreTheServices) {
  TlsClient client(port(), options.tls_certificate);
  EXPECT_EQ(client.get("/streaming/stats", "referee.lan").result(), http::status::ok);
  EXPECT_EQ(client.get("/streaming/stats", "Referee.lan:8080").result(), http::status::ok);
  EXPECT_EQ(client.get("/streaming/stats", "evil.example").result(), http::status::forbidden);
}

TEST_F(TlsTest, CarriesAPhraseOverAWebSocket) {
  TlsClient client(port(), options.tls_certificate);
  beast::websocket::stream<TlsClient::Layer&> socket(client.stream());
  const auto run = [&](auto start) { return test::wait_for(client.io(), start); };
  ASSERT_FALSE(run([&](auto done) { socket.async_handshake("127.0.0.1", "/stream", std::move(done)); }));
  const std::string start = R"({"type":"session_start","session_id":"s","fps":30,"width":640,"height":480})";
  ASSERT_FALSE(run([&](auto done) { socket.async_write(asio::buffer(start), std::move(done)); }));
  beast::flat_buffer answer;
  ASSERT_FALSE(run([&](auto done) { socket.async_read(answer, std::move(done)); }));
  EXPECT_THAT(beast::buffers_to_string(answer.data()), HasSubstr("session_started"));
  const std::string header = R"({"type":"frame","frame_number":0,"encoding":"jpeg"})";
  const std::string picture(1'000'000, 'x');
  ASSERT_FALSE(run([&](auto done) { socket.async_write(asio::buffer(header), std::move(done)); }));
  socket.binary(true);
  ASSERT_FALSE(run([&](auto done) { socket.async_write(asio::buffer(picture), std::move(done)); }));
  answer.clear();
  ASSERT_FALSE(run([&](auto done) { socket.async_read(answer, std::move(done)); }));
  EXPECT_THAT(beast::buffers_to_string(answer.data()), HasSubstr("received"));
  ASSERT_FALSE(
      run([&](auto done) { socket.async_close(beast::websocket::close_code::normal, std::move(done)); }));
}

TEST_F(TlsTest, AnUploadGoesThroughAndAClientThatLeavesIsNoticed) {
  const test::Form form({{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  const std::string request =
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
      "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" + form.body;
  engine.hold = true;
  {
    TlsClient client(port(), options.tls_certificate);
    test::wait_for(client.io(), [&](auto done) {
      asio::async_write(client.stream(), asio::buffer(request), std::move(done));
    });
    until([&] { return engine.running == 1; });
    test::wait_for(
        client.io(), [&](auto done) { client.stream().async_shutdown(std::move(done)); },
        std::chrono::milliseconds(200));
  }
  until([&] { return engine.was_cancelled.load(); });
}

TEST_F(TlsTest, OldVersionsAreRefused) {
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "127.0.0.1", TLS1_2_VERSION));
  EXPECT_THROW(TlsClient(port(), options.tls_certificate, "127.0.0.1", TLS1_1_VERSION),
               boost::system::system_error);
}

TEST_F(TlsTest, PlainHttpIsToldSo) {
  HttpClient client(port());
  const auto answer = client.get("/health");
  EXPECT_EQ(answer.result(), http::status::bad_request);
  EXPECT_THAT(answer.body(), HasSubstr("https://"));
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsTest, AHandshakeThatDoesNotComeIsCutOff) {
  options.header_timeout = std::chrono::milliseconds(100);
  HttpClient silent(port());
  EXPECT_TRUE(silent.closed());
  HttpClient halfway(port());
  halfway.send_raw(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_TRUE(halfway.closed());
  EXPECT_EQ(TlsClient(port(), options.tls_certificate).get("/health").result(), http::status::ok);
}

TEST_F(TlsTest, ANewCertificateIsTakenOnReload) {
  TlsClient before(port(), options.tls_certificate);
  make_certificate(folder / "tls", "");
  server->reload();
  std::string serial;
  until([&] {
    try {
      serial = TlsClient(port(), options.tls_certificate).serial();
    } catch (const boost::system::system_error&) {
      return false;  // still the old one, which is no longer trusted
    }
    return true;
  });
  EXPECT_NE(serial, before.serial());
  EXPECT_EQ(before.get("/health").result(), http::status::ok) << "an open connection goes on";
}

TEST_F(TlsTest, WhatIsNoCertificateIsAnErrorAtTheStart) {
  registry.emplace(engine, limits);
  auto wrong = options;
  wrong.tls_key.clear();
  EXPECT_THAT(Server::listen(wrong, *registry).error().message, HasSubstr("both"));
  wrong.tls_key = options.tls_certificate;
  EXPECT_THAT(Server::listen(wrong, *registry).error().message, HasSubstr("REFEREE_TLS_KEY"));
  wrong = options;
  wrong.tls_certificate = folder / "missing.pem";
  EXPECT_THAT(Server::listen(wrong, *registry).error().message, HasSubstr("REFEREE_TLS_CERT"));
  make_certificate(folder / "other", "");
  wrong = options;
  wrong.tls_key = folder / "other" / "key.pem";
  EXPECT_THAT(Server::listen(wrong, *registry).error().message, HasSubstr("REFEREE_TLS_KEY"));
}

}  // namespace
}  // namespace piste::server
