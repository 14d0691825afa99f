#include "app/piste_boxes.h"

#include <set>
#include <sstream>
#include <system_error>

#include "base/file_text.h"
#include "base/log.h"
#include "base/text.h"
#include "protocol/session_id.h"

namespace piste::app {
namespace {

using std::chrono::steady_clock;
constexpr std::string_view line_form = "PISTE PLACE PROTOCOL [OPTIONS]";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line.substr(0, line.find('#')));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

base::Result<PisteBox, BoxError> parse_line(const std::vector<std::string>& words) {
  if (words.size() < 3) return wrong_box("a line is " + std::string(line_form));
  PisteBox found;
  found.piste = words[0];
  if (!protocol::is_valid_session_id(found.piste))
    return wrong_box("\"" + base::escaped(found.piste) + "\" is no name of a piste");
  auto address = inlets::parse_address(words[1]);
  if (!address) return wrong_box(address.error().message);
  if (std::holds_alternative<inlets::StandardInput>(*address))
    return wrong_box("a service has no standard input");
  found.box.address = *std::move(address);
  const auto protocol = protocol_named(words[2]);
  if (!protocol) return protocol.error();
  found.box.protocol = *protocol;
  for (std::size_t i = 3; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const auto value = equals == std::string::npos ? "" : words[i].substr(equals + 1);
    if (const auto set = set_option(found.box, words[i].substr(0, equals), value); !set) return set.error();
  }
  if (found.box.greeting) found.box.greeting->piste = found.box.settings.piste;
  if (const auto checked = check_box(found.box); !checked) return checked.error();
  return found;
}

}  // namespace

base::Result<std::vector<PisteBox>, BoxError> parse_piste_boxes(std::string_view text) {
  std::vector<PisteBox> found;
  std::set<std::string> pistes;
  std::istringstream in{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string where = "line " + std::to_string(number) + ": ";
    const auto words = words_of(line);
    if (words.empty()) continue;
    auto box = parse_line(words);
    if (!box) return wrong_box(where + box.error().message);
    if (!pistes.insert(box->piste).second)
      return wrong_box(where + "piste " + base::escaped(box->piste) + " has a box already");
    found.push_back(*std::move(box));
  }
  return found;
}

base::Result<base::Done, BoxError> PisteBoxes::load() {
  const auto text = base::file_text(file_);
  if (!text) return wrong_box("REFEREE_BOXES: " + base::escaped(file_.string()) + " cannot be read");
  const auto boxes = parse_piste_boxes(*text);
  if (!boxes)
    return wrong_box("REFEREE_BOXES: " + base::escaped(file_.string()) + ", " + boxes.error().message);
  const base::Lock lock(mutex_);
  std::map<std::string, Heard> before;
  before.swap(heard_);
  for (const PisteBox& box : *boxes) {
    const auto known = before.find(box.piste);
    if (known != before.end() && known->second.box == box.box) heard_.insert(before.extract(known));
  }
  // Those that changed let go of their lines before others take them.
  for (const auto& [piste, heard] : before) tellers_.leave(piste);
  before.clear();
  for (const PisteBox& box : *boxes) {
    if (!heard_.contains(box.piste)) hear(box);
  }
  return base::Done{};
}

// A machine that has no thread left for this box goes on with the others.
void PisteBoxes::hear(const PisteBox& box) {
  try {
    heard_.emplace(box.piste, Heard{box.box, listen(box)});
  } catch (const std::system_error& failure) {
    tellers_.leave(box.piste);
    base::log::warning("", "The box of piste " + box.piste +
                               " is not heard until the file is read again: " + failure.code().message());
  }
}

std::unique_ptr<inlets::Listener> PisteBoxes::listen(const PisteBox& box) {
  std::string protocol;
  for (const auto& [name, known] : boxes::protocols) {
    if (known == box.box.protocol) protocol = name;
  }
  tellers_.hear(box.piste, protocol, steady_clock::now());
  const std::string piste = box.piste;
  const auto say = [piste](const std::string& text) {
    base::log::warning("", "The box of piste " + piste + ": " + text);
  };
  return std::make_unique<inlets::Listener>(
      box.box,
      inlets::Listener::Hearer{
          .event = [this,
                    piste](const boxes::Event& event) { tellers_.tell(piste, event, steady_clock::now()); },
          .notice = say,
          .over = [say] { say("it is not heard any more; its line is wrong, or cannot be used here"); }});
}

}  // namespace piste::app
