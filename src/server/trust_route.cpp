#include "server/trust_route.h"

#include <openssl/evp.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "server/language.h"
#include "server/qr_code.h"
#include "server/trust_words.h"
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

constexpr std::string_view style =
    R"(<style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:0 auto;padding:1em;color:#111;background:#fff}
a.button{display:block;background:#0b3d66;color:#fff;padding:.8em;border-radius:.4em;margin:.6em 0;text-align:center}
svg{width:14em;max-width:100%;background:#fff}code{overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}</style>)";

std::string said(std::string_view words) {
  return std::string(words);
}

std::string element(std::string_view name, std::string_view content) {
  return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">\n";
}

std::string button(const std::string& address, std::string_view text) {
  return R"(<a class="button" href=")" + address + "\">" + std::string(text) + "</a>\n";
}

std::string steps(std::initializer_list<std::string> each) {
  std::string items;
  for (const std::string& step : each) items += element("li", step);
  return element("ol", items);
}

// `lang` in the address, where the page is asked for in a language; else what the browser speaks.
const TrustWords& words_for(const Question& asked) {
  std::string wanted = parameter_in(asked.target.query, "lang");
  if (wanted.empty()) wanted = asked.request[http::field::accept_language];
  return trust_words(language_for(wanted, trust_languages()));
}

Reply page_reply(const TrustWords& words, std::string_view content) {
  const std::string language(words.language);
  Reply reply;
  reply.content_type = "text/html; charset=utf-8";
  reply.body = "<!DOCTYPE html><html lang=\"" + language +
               "\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">";
  reply.body += element("title", words.title);
  reply.body.append(style)
      .append("</head><body>")
      .append(element("main", content))
      .append("</body></html>\n");
  reply.fields = {{http::field::content_language, language},
                  {http::field::vary, "Origin, Accept, Accept-Language"}};
  reply.named_fields = {{"Content-Security-Policy", page_policy}, {"Referrer-Policy", "no-referrer"}};
  return reply;
}

Reply no_authority() {
  return error_reply(http::status::not_found,
                     "This service has no certificate of an authority of its own: there is nothing to trust");
}

// A phone's page that lacks the camera leads here: what whoever runs the service can do.
Reply no_authority_page(const TrustWords& words, const std::string& host) {
  const std::string port = host.find(':') == host.npos ? "80" : html(host.substr(host.rfind(':') + 1));
  std::string page = element("h1", words.none_heading) + element("p", words.none_why);
  page += element("h2", words.own);
  page += steps({"<code>./dev tls DIR</code>",
                 said(words.start_with) +
                     " <code>REFEREE_TLS_CERT=DIR/certificate.pem REFEREE_TLS_KEY=DIR/key.pem</code>",
                 said(words.open_again)});
  page += element("h2", words.cable);
  page += element("p", "<code>adb reverse tcp:" + port + " tcp:" + port + "</code> " +
                           said(words.on_the_machine) + " <code>http://localhost:" + port + "</code> " +
                           said(words.on_the_phone));
  page += element("h2", words.real_name) + element("p", words.real_name_how);
  page += element("p", words.works_without) + button("/", words.back);
  Reply reply = page_reply(words, page);
  reply.status = http::status::not_found;
  return reply;
}

std::string trust_page(const TrustWords& words, const std::string& host, const std::string& authority) {
  const std::string shown = html(host);
  std::string page = element("h1", words.heading) + element("p", words.why);
  page += element("h2", "iPhone, iPad") +
          button("/trust/ca.mobileconfig?lang=" + said(words.language), words.get_profile);
  page += steps({said(words.allow_download), said(words.install_profile), said(words.switch_on)});
  page += element("h2", "Android") + button("/trust/ca.crt", words.get_certificate);
  page += steps({said(words.install_certificate), said(words.choose_file)}) + element("p", words.chrome);
  page += element("h2", words.then) + button("https://" + shown + "/", words.open);
  page += element("h2", words.right_one);
  page += element("p", said(words.fingerprint_is) + "<br><code>" + fingerprint(authority) + "</code><br>" +
                           said(words.fingerprint_must) +
                           " <code>openssl x509 -in ca.pem -noout -fingerprint -sha256</code>");
  page += element("h2", words.on_a_phone) + svg_of(QrCode("http://" + host + "/trust"));
  return page + element("p", "http://" + shown + "/trust");
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
  const TrustWords& words = words_for(asked);
  if (authority) return page_reply(words, trust_page(words, host, *authority));
  return is_browser(asked.request) ? no_authority_page(words, host) : no_authority();
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
          entry("PayloadDescription", said(words_for(asked).profile)) +
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
