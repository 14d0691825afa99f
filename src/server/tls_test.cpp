// HTTPS and WSS over a real socket.
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdlib>
#include <memory>

#include "server/server_fixture.h"
#include "support/raw_websocket.h"

namespace piste::server {
namespace {

using test::HttpClient;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
namespace http = test::http;

// Made by the command that a club uses.
void make_certificate(const std::filesystem::path& folder, const std::string& names) {
  std::filesystem::remove_all(folder);
  const std::string command = std::string(PISTE_SOURCE_DIR) + "/deploy/make-certificate.sh " +
                              folder.string() + " " + names + " >/dev/null";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("no certificate");
}

// One TLS connection with blocking calls, by OpenSSL alone: nothing of what the server is built on.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::filesystem::path& ca, const std::string& name = "127.0.0.1",
            int highest_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
        connection_(BIO_new_ssl_connect(context_.get()), BIO_free_all) {
    SSL_CTX_load_verify_locations(context_.get(), ca.c_str(), nullptr);
    BIO_get_ssl(connection_.get(), &ssl_);
    SSL_set_verify(ssl_, SSL_VERIFY_PEER, nullptr);
    SSL_set_max_proto_version(ssl_, highest_version);
    expect_name(name);
    BIO_set_conn_hostname(connection_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_do_connect(connection_.get()) != 1 || BIO_do_handshake(connection_.get()) != 1)
      throw std::runtime_error("no TLS connection");
    const timeval patience{.tv_sec = test::patience.count(), .tv_usec = 0};
    setsockopt(SSL_get_fd(ssl_), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void send(std::string_view bytes) {
    ASSERT_EQ(BIO_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size())),
              static_cast<int>(bytes.size()));
  }
  // What comes, up to and with `text`; what there is where the server ends before.
  std::string receive_to(std::string_view text) {
    std::size_t at = received_.npos;
    std::array<char, 4096> piece{};
    while ((at = received_.find(text)) == received_.npos) {
      const int size = BIO_read(connection_.get(), piece.data(), piece.size());
      if (size <= 0) return std::exchange(received_, {});
      received_.append(piece.data(), static_cast<std::size_t>(size));
    }
    std::string out = received_.substr(0, at + text.size());
    received_.erase(0, out.size());
    return out;
  }
  // The status line of the answer; its body is read as well, so that the next one may come.
  std::string get(const std::string& target, const std::string& host = "127.0.0.1") {
    send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    const std::string head = receive_to("\r\n\r\n");
    const std::size_t length = head.find("Content-Length: ");
    if (length != head.npos)
      drop(std::stoul(head.substr(length + std::string_view("Content-Length: ").size())));
    return head.substr(0, head.find("\r\n"));
  }
  // Says goodbye, as a client does that does not wait for the rest.
  void leave() { SSL_shutdown(ssl_); }
  std::string serial() {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_), X509_free);
    const ASN1_INTEGER* number = X509_get0_serialNumber(certificate.get());
    return {reinterpret_cast<const char*>(number->data), static_cast<std::size_t>(number->length)};
  }

 private:
  void expect_name(const std::string& name) {
    X509_VERIFY_PARAM* expected = SSL_get0_param(ssl_);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str()) != 1)
      X509_VERIFY_PARAM_set1_host(expected, name.c_str(), name.size());
  }
  void drop(std::size_t count) {
    std::array<char, 4096> piece{};
    while (received_.size() < count) {
      const int size = BIO_read(connection_.get(), piece.data(), piece.size());
      if (size <= 0) break;
      received_.append(piece.data(), static_cast<std::size_t>(size));
    }
    received_.erase(0, count);
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<BIO, decltype(&BIO_free_all)> connection_;
  SSL* ssl_ = nullptr;  // of the connection
  std::string received_;
};

constexpr const char* ok = "HTTP/1.1 200 OK";

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
  EXPECT_EQ(client.get("/health"), ok);
  EXPECT_EQ(client.get("/health"), ok) << "the connection is kept";
  EXPECT_THAT(server->url(), StartsWith("https://127.0.0.1:"));
}

TEST_F(TlsTest, TheCertificateIsForTheNamesGiven) {
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "localhost"));
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "referee.lan"));
  EXPECT_THROW(TlsClient(port(), options.tls_certificate, "other.lan"), std::runtime_error);
}

// No browser takes a certificate that was made out to others: with TLS no name can be made to lead here.
TEST_F(TlsTest, TheNamesOfTheCertificateAreTheServices) {
  TlsClient client(port(), options.tls_certificate);
  EXPECT_EQ(client.get("/streaming/stats", "referee.lan"), ok);
  EXPECT_EQ(client.get("/streaming/stats", "Referee.lan:8080"), ok);
  EXPECT_THAT(client.get("/streaming/stats", "evil.example"), HasSubstr("403"));
}

TEST_F(TlsTest, CarriesAPhraseOverAWebSocket) {
  TlsClient client(port(), options.tls_certificate);
  client.send(
      "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_THAT(client.receive_to("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  client.send(test::bytes_of(
      {.payload = R"({"type":"session_start","session_id":"s","fps":30,"width":640,"height":480})"}));
  EXPECT_THAT(client.receive_to("session_started"), HasSubstr("session_started"));
  client.send(test::bytes_of({.payload = R"({"type":"frame","frame_number":0,"encoding":"jpeg"})"}));
  client.send(test::bytes_of({.opcode = test::binary, .payload = std::string(1'000'000, 'x')}));
  EXPECT_THAT(client.receive_to("received"), HasSubstr("received"));
  client.send(test::bytes_of({.opcode = test::close, .payload = test::close_payload(1000)}));
  EXPECT_THAT(client.receive_to(test::close_payload(1000)), HasSubstr("\x88\x02"));
}

TEST_F(TlsTest, AnUploadGoesThroughAndAClientThatLeavesIsNoticed) {
  const test::Form form({{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  const std::string request =
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
      "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" + form.body;
  engine.hold = true;
  {
    TlsClient client(port(), options.tls_certificate);
    client.send(request);
    until([&] { return engine.running == 1; });
    client.leave();
  }
  until([&] { return engine.was_cancelled.load(); });
}

TEST_F(TlsTest, OldVersionsAreRefused) {
  EXPECT_NO_THROW(TlsClient(port(), options.tls_certificate, "127.0.0.1", TLS1_2_VERSION));
  EXPECT_THROW(TlsClient(port(), options.tls_certificate, "127.0.0.1", TLS1_1_VERSION), std::runtime_error);
}

TEST_F(TlsTest, PlainHttpIsToldSo) {
  HttpClient client(port());
  const auto answer = client.get("/health");
  EXPECT_EQ(answer.result(), http::status::bad_request);
  EXPECT_THAT(answer.body(), HasSubstr("https://"));
  EXPECT_TRUE(client.closed());
}

// Who does not trust the certificate yet cannot ask over TLS how to.
TEST_F(TlsTest, HowToTrustItIsSaidOverPlainHttp) {
  const auto page = HttpClient(port()).send(http::verb::get, "/trust", "", {{"Host", "10.0.0.7:8080"}});
  EXPECT_EQ(page.result(), http::status::ok);
  for (const char* part : {"https://10.0.0.7:8080/", "/trust/ca.mobileconfig", "/trust/ca.crt", "<svg"})
    EXPECT_THAT(page.body(), HasSubstr(part));
  const auto profile = HttpClient(port()).get("/trust/ca.mobileconfig");
  EXPECT_EQ(profile["Content-Type"], "application/x-apple-aspen-config");
  EXPECT_THAT(profile.body(), HasSubstr("<string>com.apple.security.root</string>"));
  const auto der = HttpClient(port()).get("/trust/ca.crt");
  EXPECT_EQ(der["Content-Type"], "application/x-x509-ca-cert");
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.body().data());
  const std::unique_ptr<X509, decltype(&X509_free)> authority(
      d2i_X509(nullptr, &bytes, static_cast<long>(der.body().size())), X509_free);
  ASSERT_TRUE(authority);
  const std::filesystem::path trusted = folder / "trusted.pem";
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(BIO_new_file(trusted.c_str(), "w"), BIO_free_all);
  PEM_write_bio_X509(file.get(), authority.get());
  BIO_flush(file.get());
  EXPECT_EQ(TlsClient(port(), trusted).get("/trust"), ok) << "who trusts it comes in";
}

TEST_F(TlsTest, ItIsSaidInTheLanguageOfThePhone) {
  const auto asked = [this](const char* target, const char* languages) {
    return HttpClient(port()).send(http::verb::get, target, "", {{"Accept-Language", languages}});
  };
  const auto german = asked("/trust", "de-CH,de;q=0.9,en;q=0.8");
  EXPECT_THAT(german.body(),
              AllOf(HasSubstr("<html lang=\"de\">"), HasSubstr("Zertifikatsvertrauenseinstellungen"),
                    HasSubstr("/trust/ca.mobileconfig?lang=de")));
  EXPECT_EQ(german["Content-Language"], "de");
  EXPECT_THAT(std::string(german["Vary"]), HasSubstr("Accept-Language"));
  EXPECT_THAT(asked("/trust?lang=fr", "de").body(), HasSubstr("Profil téléchargé"))
      << "what was chosen in the page";
  EXPECT_THAT(asked("/trust/ca.mobileconfig?lang=it", "de").body(),
              HasSubstr("Permette a questo dispositivo"));
  for (const char* neither : {"", "pt-BR", "*;q=x"})
    EXPECT_THAT(asked("/trust", neither).body(), HasSubstr("Certificate Trust Settings")) << neither;
}

TEST_F(TlsTest, ABrowserIsLedThere) {
  const auto answer = HttpClient(port()).send(http::verb::get, "/", "", {{"Accept", "text/html"}});
  EXPECT_EQ(answer.result(), http::status::found);
  EXPECT_EQ(answer["Location"], "/trust");
  EXPECT_EQ(HttpClient(port()).get("/sessions?token=x").result(), http::status::bad_request)
      << "nothing else is answered without TLS";
}

// Phones trust the authority: what it signs next is trusted already.
TEST_F(TlsTest, ACertificateThatIsMadeAnewIsOfTheSameAuthority) {
  const auto before = HttpClient(port()).get("/trust/ca.crt").body();
  std::filesystem::remove(options.tls_certificate);
  std::filesystem::remove(options.tls_key);
  const std::string command = std::string(PISTE_SOURCE_DIR) + "/deploy/make-certificate.sh " +
                              (folder / "tls").string() + " >/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  server->reload();
  until([&] { return TlsClient(port(), folder / "tls" / "ca.pem").get("/health") == ok; });
  EXPECT_EQ(HttpClient(port()).get("/trust/ca.crt").body(), before);
}

TEST_F(TlsTest, AHandshakeThatDoesNotComeIsCutOff) {
  options.header_timeout = std::chrono::milliseconds(100);
  HttpClient silent(port());
  EXPECT_TRUE(silent.closed());
  HttpClient halfway(port());
  halfway.send_raw(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_TRUE(halfway.closed());
  EXPECT_EQ(TlsClient(port(), options.tls_certificate).get("/health"), ok);
}

TEST_F(TlsTest, ANewCertificateIsTakenOnReload) {
  TlsClient before(port(), options.tls_certificate);
  make_certificate(folder / "tls", "");
  server->reload();
  std::string serial;
  until([&] {
    try {
      serial = TlsClient(port(), options.tls_certificate).serial();
    } catch (const std::runtime_error&) {
      return false;  // still the old one, which is no longer trusted
    }
    return true;
  });
  EXPECT_NE(serial, before.serial());
  EXPECT_EQ(before.get("/health"), ok) << "an open connection goes on";
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
