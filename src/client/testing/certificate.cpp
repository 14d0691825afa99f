#include "client/testing/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

namespace piste::client::testing {
namespace {

constexpr long lifetime = 3600;  // s

struct File {
  explicit File(const std::filesystem::path& path) : handle(std::fopen(path.c_str(), "w")) {}
  ~File() { std::fclose(handle); }
  std::FILE* handle;
};

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Certificate::Certificate(const std::filesystem::path& directory, const std::string& address)
    : chain(directory / "certificate.pem"), key(directory / "key.pem") {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -lifetime);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), lifetime);
  X509_set_pubkey(certificate.get(), pair.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>("test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_subject_alt_name, "IP:" + address);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate.get(), pair.get(), EVP_sha256());
  PEM_write_X509(File(chain).handle, certificate.get());
  PEM_write_PrivateKey(File(key).handle, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace piste::client::testing
