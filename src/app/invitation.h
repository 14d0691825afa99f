// What a person at the terminal is told at the start: where the page is, and as a QR code for a phone.
#pragma once

#include <string>
#include <vector>

namespace piste::app {

// url: the service's own, "https://0.0.0.0:8080". addresses: this machine's in its networks, as numbers;
// where the service listens on all, the first of them is the one to open.
std::string invitation(const std::string& url, const std::vector<std::string>& addresses);

// IPv4, without loopback.
std::vector<std::string> network_addresses();

// Dark modules as spaces on a terminal's light ones, two rows a line, with the quiet zone that readers need.
std::string qr_code(const std::string& text);

}  // namespace piste::app
