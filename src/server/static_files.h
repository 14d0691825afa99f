// The page: its files are in the program (site/files.h), so no path leads anywhere else.
#pragma once

#include <optional>
#include <string_view>

#include "server/reply.h"
#include "site/files.h"

namespace piste::server {

// GET or HEAD of one of the page's files; "/" is the page for who asks for HTML. nullopt: there is no such
// file.
std::optional<Reply> answer_static(const Request& request, std::string_view path);

// How the content may be written for this Accept-Encoding, the smallest first.
enum class Coding { brotli, gzip, identity };
Coding best_coding(std::string_view accept_encoding);

}  // namespace piste::server
