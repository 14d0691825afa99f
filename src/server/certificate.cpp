#include "server/certificate.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace piste::server {
namespace {

// Of TLS 1.2: those with forward secrecy and authenticated encryption. TLS 1.3 has no others.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::shared_ptr<asio::ssl::context> make_context() {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context->native_handle(), ciphers);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Idle connections hold no buffers: 34 KB each.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Error unusable(const char* what, const error_code& reason) {
  return {ErrorCode::certificate, std::string(what) + ": " + reason.message()};
}

}  // namespace

Result<base::Done> Certificate::load() {
  if (!in_use()) return base::Done{};
  if (chain_.empty() || key_.empty()) {
    return Error{ErrorCode::certificate, "TLS needs both REFEREE_TLS_CERT and REFEREE_TLS_KEY"};
  }
  auto context = make_context();
  error_code failed;
  context->use_certificate_chain_file(chain_.string(), failed);
  if (failed) return unusable("REFEREE_TLS_CERT is no certificate in PEM form that can be read", failed);
  context->use_private_key_file(key_.string(), asio::ssl::context::pem, failed);
  if (failed) return unusable("REFEREE_TLS_KEY is no key of this certificate in PEM form", failed);
  const base::Lock lock(mutex_);
  context_ = std::move(context);
  return base::Done{};
}

bool Certificate::names(const std::string& host) const {
  const auto current = context();
  X509* const shown = current ? SSL_CTX_get0_certificate(current->native_handle()) : nullptr;
  return shown && X509_check_host(shown, host.data(), host.size(), 0, nullptr) == 1;
}

std::optional<std::string> Certificate::authority() const {
  const auto current = context();
  STACK_OF(X509)* chain = nullptr;
  if (!current || SSL_CTX_get0_chain_certs(current->native_handle(), &chain) != 1) return std::nullopt;
  const int count = sk_X509_num(chain);  // -1: there is none
  X509* const last = count > 0 ? sk_X509_value(chain, count - 1) : nullptr;
  if (!last || X509_check_ca(last) != 1 || X509_self_signed(last, 1) != 1) return std::nullopt;
  unsigned char* bytes = nullptr;
  const int length = i2d_X509(last, &bytes);
  if (length <= 0) return std::nullopt;
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

std::shared_ptr<asio::ssl::context> Certificate::context() const {
  const base::Lock lock(mutex_);
  return context_;
}

}  // namespace piste::server
