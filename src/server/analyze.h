// POST /analyze: the form is streamed to disk, then analysed like a session of its own.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <variant>

#include "server/access.h"
#include "server/reply.h"
#include "server/service.h"
#include "session/upload.h"

namespace piste::server {

using HeadParser = http::request_parser<http::empty_body>;

struct UploadAnswer {
  Reply reply;
  bool body_read = false;  // otherwise the connection cannot be used for another request
  bool peer_gone = false;  // nobody is left to be answered
};

// Both files are on disk.
struct ReceivedUpload {
  std::unique_ptr<session::Upload> upload;
  session::UploadOptions options;
};

// head: the request's headers, already read; buffer: what has come after them. An answer where it goes no
// further.
Task<std::variant<ReceivedUpload, UploadAnswer>> receive_upload(Stream& stream, beast::flat_buffer& buffer,
                                                                HeadParser& head, Service& service,
                                                                const Grant& grant);
// Whether the client asks for an answer before there is a verdict ("Prefer: respond-async").
bool is_later(const Request& request);
// Keeps it, and answers where its result will be.
Task<UploadAnswer> judge_later(ReceivedUpload received, Service& service, const Request& request);
// Waits for a seat, then analyses off the I/O threads; cancelled when the peer goes, its token is revoked or
// the server shuts.
Task<UploadAnswer> analyze_upload(Stream& stream, ReceivedUpload received, Service& service,
                                  const Grant& grant);

}  // namespace piste::server
