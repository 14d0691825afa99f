#include "app/phrase_files.h"

#include <boost/json.hpp>
#include <cstdint>
#include <stdexcept>

#include "base/file_text.h"
#include "session/people.h"

namespace piste::app {

std::string text_of(const std::filesystem::path& path) {
  constexpr std::uintmax_t most_bytes = 64u << 20;
  if (std::filesystem::file_size(path) > most_bytes) throw std::runtime_error("too large");
  return base::file_text(path).value();
}

boost::json::object object_in(const std::filesystem::path& path) {
  return boost::json::parse(text_of(path)).as_object();
}

std::string persons_verdict(const std::filesystem::path& folder, const boost::json::object& result) {
  if (std::filesystem::exists(folder / "people.json")) {
    const session::People people = session::parse_people(text_of(folder / "people.json")).value();
    if (const auto* said = people.verdict()) return said->winner;
  }
  const boost::json::value& pressed = result.at("decision").at("human_verdict");
  return pressed.is_string() ? std::string(pressed.get_string()) : "";
}

}  // namespace piste::app
