#include "server/trust_route.h"

#include <openssl/evp.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "server/qr_code.h"
#include "session/secret.h"

namespace piste::server {
namespace {

constexpr std::size_t longest_text = 500;  // bytes, of a QR code
constexpr std::string_view page_policy = "default-src 'none'; style-src 'unsafe-inline'";

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else
      out += c;
  }
  return out;
}

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// "AB:CD:...", as the command for certificates shows it.
std::string fingerprint(const std::string& authority) {
  std::string out;
  const std::string digits = base::hex(session::sha256(authority));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 2 == 0) out += ':';
    const char c = digits[i];
    out += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

// The same for the same certificate, so that a phone replaces what it has of it.
std::string uuid(std::string_view digits) {
  std::string out;
  for (const std::size_t length : {8u, 4u, 4u, 4u, 12u}) {
    if (!out.empty()) out += '-';
    out += digits.substr(0, length);
    digits.remove_prefix(length);
  }
  return out;
}

constexpr std::string_view page_begin = R"(<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Piste: trust this service</title>
<style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:0 auto;padding:1em;color:#111;background:#fff}
a.button{display:block;background:#0b3d66;color:#fff;padding:.8em;border-radius:.4em;margin:.6em 0;text-align:center}
svg{width:14em;max-width:100%}code{overflow-wrap:anywhere}</style></head><body><main>
)";
constexpr std::string_view page_end = "</main></body></html>\n";

Reply page_reply(std::string_view content) {
  Reply reply{.content_type = "text/html; charset=utf-8", .body = std::string(page_begin)};
  reply.body.append(content).append(page_end);
  reply.named_fields = {{"Content-Security-Policy", page_policy}, {"Referrer-Policy", "no-referrer"}};
  return reply;
}

Reply no_authority() {
  return error_reply(http::status::not_found,
                     "This service has no certificate of an authority of its own: there is nothing to trust");
}

// A phone's page that lacks the camera leads here: what whoever runs the service can do.
Reply no_authority_page(const std::string& host) {
  const std::string port = host.find(':') == host.npos ? "80" : html(host.substr(host.rfind(':') + 1));
  Reply reply =
      page_reply(R"(<h1>How a phone comes to film</h1>
<p>A browser gives a page the camera only on https with a certificate that it trusts, or on the machine itself. Here there is
nothing to trust yet: this service has no certificate of an authority of its own. Whoever runs it has these ways:</p>
<h2>A certificate of one's own</h2>
<ol><li><code>./dev tls DIR</code></li>
<li>Start the service with <code>REFEREE_TLS_CERT=DIR/certificate.pem REFEREE_TLS_KEY=DIR/key.pem</code>.</li>
<li>Open this page again: it then says what the phone has to do.</li></ol>
<h2>By cable (Android)</h2>
<p><code>adb reverse tcp:)" +
                 port + " tcp:" + port + R"(</code> on the service's machine, then <code>http://localhost:)" +
                 port + R"(</code> on the phone.</p>
<h2>A real name</h2>
<p>A certificate of a public authority, or a proxy that has one.</p>
<p>Looking at phrases and uploading a film work without.</p>
<a class="button" href="/">Back to Piste</a>
)");
  reply.status = http::status::not_found;
  return reply;
}

std::string trust_page(const std::string& host, const std::string& authority) {
  const std::string shown = html(host);
  return R"(<h1>Let this phone film for Piste</h1>
<p>A browser gives a page the camera only where it trusts the page's certificate. This service has one that was made in
this club: tell your phone once that you trust it.</p>
<h2>iPhone, iPad</h2>
<a class="button" href="/trust/ca.mobileconfig">Get the profile</a>
<ol><li>Allow the download.</li><li>Settings, <i>Profile Downloaded</i>: install it.</li>
<li>Settings, General, About, <i>Certificate Trust Settings</i>: switch it on.</li></ol>
<h2>Android</h2>
<a class="button" href="/trust/ca.crt">Get the certificate</a>
<ol><li>Settings, Security, Encryption and credentials, <i>Install a certificate</i>, CA certificate.</li>
<li>Choose the file <i>piste-ca.crt</i>.</li></ol>
<p>Chrome also films after its warning: <i>Advanced</i>, <i>Proceed</i>.</p>
<h2>Then</h2><a class="button" href="https://)" +
         shown + R"(/">Open Piste</a>
<h2>Is it the right one?</h2>
<p>Whoever is in the same net could show you another. The certificate's fingerprint (SHA-256) is <br><code>)" +
         fingerprint(authority) + R"(</code><br>and must be what the machine of the service says:
<code>openssl x509 -in ca.pem -noout -fingerprint -sha256</code></p>
<h2>This page on a phone</h2>)" +
         svg_of(QrCode("http://" + host + "/trust")) + "<p>http://" + shown + "/trust</p>\n";
}

bool is_browser(const Request& request) {
  return request[http::field::accept].find("text/html") != std::string_view::npos;
}

Reply download(std::string type, std::string body, std::string_view name) {
  Reply reply{.content_type = std::move(type), .body = std::move(body)};
  reply.fields.emplace_back(http::field::content_disposition,
                            "attachment; filename=\"" + std::string(name) + "\"");
  return reply;
}

}  // namespace

Reply trust_reply(const Question& asked) {
  const auto authority = asked.service.certificate.authority();
  const std::string host(asked.request[http::field::host]);
  if (authority) return page_reply(trust_page(host, *authority));
  return is_browser(asked.request) ? no_authority_page(host) : no_authority();
}

Reply authority_reply(const Question& asked) {
  const auto authority = asked.service.certificate.authority();
  return authority ? download("application/x-x509-ca-cert", *authority, "piste-ca.crt") : no_authority();
}

Reply mobileconfig_reply(const Question& asked) {
  const auto authority = asked.service.certificate.authority();
  if (!authority) return no_authority();
  const std::string digits = base::hex(session::sha256(*authority));
  const auto entry = [](std::string_view key, const std::string& value) {
    return "<key>" + std::string(key) + "</key><string>" + value + "</string>\n";
  };
  const auto common = [&](const std::string& type, std::string_view id) {
    return entry("PayloadType", type) + entry("PayloadIdentifier", "piste.authority." + std::string(id)) +
           entry("PayloadUUID", uuid(id)) + entry("PayloadDisplayName", "Piste") +
           "<key>PayloadVersion</key><integer>1</integer>\n";
  };
  return download(
      "application/x-apple-aspen-config",
      R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
)" + common("Configuration", digits.substr(0, 32)) +
          entry("PayloadDescription", "Lets this device trust the Piste service of this club.") +
          "<key>PayloadContent</key><array><dict>\n" + common("com.apple.security.root", digits.substr(32)) +
          entry("PayloadCertificateFileName", "piste-ca.crt") + "<key>PayloadContent</key><data>" +
          base64(*authority) + "</data>\n</dict></array>\n</dict></plist>\n",
      "piste.mobileconfig");
}

Reply qr_reply(const Question& asked) {
  const std::string text = parameter_in(asked.target.query, "text");
  const QrCode code(text.size() <= longest_text ? text : std::string());
  if (code.width() == 0)
    return error_reply(http::status::bad_request,
                       "text must be 1 to " + std::to_string(longest_text) + " bytes");
  return {.content_type = "image/svg+xml", .body = svg_of(code)};
}

}  // namespace piste::server
