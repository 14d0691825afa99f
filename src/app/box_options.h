// What a person says of a piste's box, in the file of REFEREE_BOXES and to referee_box.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inlets/listener.h"

namespace piste::app {

enum class BoxError { wrong };
base::Error<BoxError> wrong_box(std::string message);

std::vector<std::string> protocol_names();
base::Result<boxes::Protocol, BoxError> protocol_named(std::string_view name);

// Sets what `name` says (swap-sides, white-order, box-piste, camera-offset, hello) of the box.
base::Result<base::Done, BoxError> set_option(inlets::Box& box, std::string_view name,
                                              std::string_view value);

// What cannot be together.
base::Result<base::Done, BoxError> check_box(const inlets::Box& box);

}  // namespace piste::app
