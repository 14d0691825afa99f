#include "pipeline/clean_film.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "base/descriptor.h"
#include "base/pending_file.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::pipeline {
namespace {

constexpr int key_interval = 15;  // frames

Error film_error(const video::Error& error) {
  return {ErrorCode::video, "the film without drawings is not made: " + error.message};
}

Error not_written() {
  return film_error({video::ErrorCode::io, "the disk does not take it"});
}

bool is_on_disk(const std::filesystem::path& file) {
  const base::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  return opened.ok() && ::fdatasync(opened.get()) == 0;
}

// Half a film is none: it has its name once all of it is on the disk.
Result<base::Done> encode_all(video::Reader& reader, const std::filesystem::path& film,
                              const std::function<bool()>& cancelled) {
  base::PendingFile pending(film);
  const auto& info = reader.info();
  auto writer = video::H264Writer::create(pending.path(), info.width, info.height, info.fps,
                                          {.key_interval = key_interval});
  if (!writer) return film_error(writer.error());
  for (;;) {
    if (cancelled()) return Error{ErrorCode::cancelled, "the film without drawings was cancelled"};
    const auto frame = reader.next();
    if (!frame) return film_error(frame.error());
    if (!*frame) break;
    if (auto written = (*writer)->write((*frame)->image, (*frame)->time); !written)
      return film_error(written.error());
  }
  if (auto finished = (*writer)->finish(); !finished) return film_error(finished.error());
  if (!is_on_disk(pending.path()) || pending.commit()) return not_written();
  return base::Done{};
}

}  // namespace

Result<base::Done> make_clean_film(const std::filesystem::path& directory,
                                   const std::function<bool()>& cancelled) {
  const auto pictures = directory / "phrase.mkv", film = directory / "clean.mp4";
  std::error_code failure;
  if (!std::filesystem::exists(pictures, failure) || std::filesystem::exists(film, failure))
    return base::Done{};
  auto reader = video::Reader::open_file(pictures);
  if (!reader) return film_error(reader.error());
  return encode_all(**reader, film, cancelled);
}

}  // namespace piste::pipeline
