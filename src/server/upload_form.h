// The form of POST /analyze: the parts `video` and `signal` (which may be missing) go to files as they come,
// options are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/multipart.h"
#include "server/net.h"
#include "session/upload.h"

namespace piste::server {

// The code of an error is the status to answer with.
template <class T>
using HttpResult = base::Result<T, http::status>;
using HttpError = base::Error<http::status>;

// include_keypoints, save_overlay (true/1/yes/on, false/0/no/off), weapon (sabre, foil, epee), lamps and hits
// (types/lamp_places.h), piste_corners and fencers (types/marks.h); other names are ignored.
HttpResult<base::Done> set_upload_option(session::UploadOptions& options, std::string_view name,
                                         std::string_view value);
// The same from a URL's query, still percent-encoded.
HttpResult<base::Done> set_upload_options(session::UploadOptions& options, std::string_view query);

class UploadForm {
 public:
  struct Destination {
    std::function<std::filesystem::path(std::string_view extension)> video;
    std::filesystem::path signal;
    std::uint64_t max_signal_bytes = 0;
  };

  UploadForm(std::string_view boundary, Destination destination, session::UploadOptions options);
  UploadForm(const UploadForm&) = delete;
  UploadForm& operator=(const UploadForm&) = delete;

  // The next piece of the body. After an error no more may be fed.
  HttpResult<base::Done> feed(std::string_view piece);
  // The body is over: the files are complete, or an error says what is missing.
  HttpResult<session::UploadOptions> finish();

 private:
  enum class Part { none, video, signal, option, ignored };
  void begin_part(const PartHeader& header);
  void begin_file(Part part, bool& seen, const std::filesystem::path& path);
  void take(std::string_view data);
  void end_part();
  void fail(http::status status, std::string message);

  const Destination destination_;
  MultipartReader reader_;
  session::UploadOptions options_;
  std::optional<HttpError> error_;  // the first one
  Part part_ = Part::none;
  bool video_seen_ = false;
  bool signal_seen_ = false;
  std::uint64_t part_bytes_ = 0;
  std::ofstream file_;  // of the part that is being read
  std::string option_name_;
  std::string option_value_;
};

}  // namespace piste::server
