// What the page says that leads a phone to trust a service, in each language of the film page.
#pragma once

#include <string_view>
#include <vector>

namespace piste::server {

// HTML as it stands in the page. Names of settings are those that phones show in that language.
struct TrustWords {
  std::string_view language;  // "de"
  // Where there is a certificate to trust:
  std::string_view title, heading, why;
  std::string_view get_profile, allow_download, install_profile, switch_on;    // iPhones
  std::string_view get_certificate, install_certificate, choose_file, chrome;  // Android
  std::string_view then, open;
  std::string_view right_one, fingerprint_is, fingerprint_must;
  std::string_view on_a_phone;
  std::string_view profile;  // what the profile says of itself; plain text
  // Where there is none:
  std::string_view none_heading, none_why;
  std::string_view own, start_with, open_again;
  std::string_view cable, on_the_machine, on_the_phone;
  std::string_view real_name, real_name_how, works_without, back;
};

// That of one of trust_languages().
const TrustWords& trust_words(std::string_view language);
std::vector<std::string_view> trust_languages();

}  // namespace piste::server
