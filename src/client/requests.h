// One request to the service, to its end: each call blocks for that.
#pragma once

#include <filesystem>
#include <string>

#include "client/http.h"
#include "client/options.h"

namespace piste::client {

Result<HttpResponse> get(const ServerUrl& server, const std::filesystem::path& ca, const std::string& path);
Result<HttpResponse> remove(const ServerUrl& server, const std::filesystem::path& ca,
                            const std::string& path);
// The form of an upload to POST /analyze; prefer: a header.
Result<HttpResponse> post_upload(const UploadOptions& options, const UploadProgress& progress,
                                 const std::string& prefer = {});

// What the server says of its refusal: the usual names of such a field, else the body's beginning.
std::string refusal(const HttpResponse& response);
// What the refusal means; a status that a proxy or a stranger gives says nothing of the phrase.
Error error_of(const HttpResponse& response);

}  // namespace piste::client
