// Weapons and encodings by the names that people and programs give them, in any case.
#pragma once

#include <optional>
#include <string_view>

#include "types/frame.h"
#include "types/phrase.h"

namespace piste::types {

// "sabre" (or "saber"), "foil", "epee" (or "épée"); nullopt for another name.
std::optional<Weapon> weapon_named(std::string_view name);

// "jpeg", "png", "raw", "h264" and their usual other names: "jpg", "mjpeg", ".jpg", "image/jpeg", "bgr24",
// "avc1", "video/h264" ...; nullopt for another name.
std::optional<Encoding> encoding_named(std::string_view name);

}  // namespace piste::types
