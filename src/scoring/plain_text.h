// A log's bytes, in whatever encoding an editor or a shell has left them, as plain UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace piste::scoring {

// UTF-16 of either byte order with its mark, or told by its zero bytes; else UTF-8, its mark taken off.
// Halves of surrogate pairs become U+FFFD. Bytes that are not UTF-8 stay as they are: they spoil only their
// line. Unicode's spaces (no-break, narrow, figure ...) become plain ones.
std::string plain_text(std::string_view bytes);

}  // namespace piste::scoring
