// Pieces of a referee's sentences.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "types/side.h"

namespace piste::referee {

std::string say(std::initializer_list<std::string_view> pieces);  // joined as they are
std::string seconds(double time);                                 // "1.20 s"
std::string number(double value, int decimals);                   // "0.85"
std::string name(types::Side side);                               // "left"
std::string capitalised(std::string text);
std::string uncapitalised(std::string text);

}  // namespace piste::referee
