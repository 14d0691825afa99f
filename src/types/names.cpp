#include "types/names.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace piste::types {
namespace {

constexpr std::string_view blanks = " \t\r\n";

constexpr std::array<std::pair<std::string_view, Weapon>, 4> weapons{
    {{"sabre", Weapon::sabre}, {"saber", Weapon::sabre}, {"foil", Weapon::foil}, {"epee", Weapon::epee}}};

constexpr std::array<std::pair<std::string_view, Encoding>, 18> encodings{{
    {"jpeg", Encoding::jpeg},
    {"jpg", Encoding::jpeg},
    {"jpe", Encoding::jpeg},
    {"jfif", Encoding::jpeg},
    {"pjpeg", Encoding::jpeg},
    {"mjpeg", Encoding::jpeg},
    {"mjpg", Encoding::jpeg},
    {"png", Encoding::png},
    {"x-png", Encoding::png},
    {"apng", Encoding::png},
    {"raw", Encoding::raw},
    {"rawvideo", Encoding::raw},
    {"bgr", Encoding::raw},
    {"bgr24", Encoding::raw},
    {"h264", Encoding::h264},
    {"h.264", Encoding::h264},
    {"avc", Encoding::h264},
    {"avc1", Encoding::h264},
}};

// Without blanks around it, in small letters.
std::string folded(std::string_view name) {
  const std::size_t first = std::min(name.find_first_not_of(blanks), name.size());
  name.remove_prefix(first);
  name = name.substr(0, name.find_last_not_of(blanks) + 1);
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

template <class Table>
auto find_in(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == name; });
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<Weapon> weapon_named(std::string_view name) {
  std::string plain = folded(name);
  for (const std::string_view accented : {"\u00e9", "\u00c9", "e\u0301"}) replace_all(plain, accented, "e");
  return find_in(weapons, plain);
}

std::optional<Encoding> encoding_named(std::string_view name) {
  const std::string whole = folded(name.substr(0, name.find(';')));  // of "image/jpeg; q=1"
  std::string_view plain = whole;
  for (const std::string_view kind : {"image/", "video/", "."}) {
    if (plain.starts_with(kind)) plain.remove_prefix(kind.size());
  }
  if (plain.starts_with("avc1.")) plain = "avc1";  // with profile and level, as browsers write it
  return find_in(encodings, plain);
}

}  // namespace piste::types
