// The words of a text as they are compared where a database's own rules depend on how it was set up: in small
// letters, those of Latin languages without accents, one space before each.
#pragma once

#include <string>
#include <string_view>

namespace piste::library {

// "L'arrêt, Étienne!" -> " l arret etienne". Other scripts stay as they are.
std::string folded_words(std::string_view utf8);

}  // namespace piste::library
