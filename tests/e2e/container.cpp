#include "container.h"

#include <regex>
#include <stdexcept>

#include "support/process.h"
#include "video/reader.h"

namespace piste::e2e {

std::size_t count_frames(const std::filesystem::path& video) {
  auto reader = video::Reader::open_file(video);
  if (!reader) throw std::runtime_error(reader.error().message);
  std::size_t count = 0;
  for (;;) {
    const auto frame = (*reader)->next();
    if (!frame) throw std::runtime_error(frame.error().message);
    if (!*frame) break;
    ++count;
  }
  if ((*reader)->damaged() > 0) throw std::runtime_error("the video has damaged pictures");
  return count;
}

bool is_faststart(const std::string& mp4) {
  // Boxes: four bytes of length, four of a name.
  for (std::size_t at = 0; at + 8 <= mp4.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(mp4[at + i]);
    const std::string name = mp4.substr(at + 4, 4);
    if (name == "moov") return true;
    if (name == "mdat" || length < 8) return false;
    at += length;
  }
  return false;
}

std::vector<std::string> sheets(const std::filesystem::path& workbook) {
  const auto unzipped = test::run({"unzip", {"-p", workbook.string(), "xl/workbook.xml"}, {}, {}});
  if (unzipped.code != 0) throw std::runtime_error("unzip: " + unzipped.err);
  std::vector<std::string> names;
  const std::regex sheet("<sheet name=\"([^\"]*)\"");
  for (std::sregex_iterator at(unzipped.out.begin(), unzipped.out.end(), sheet), end; at != end; ++at) {
    names.push_back((*at)[1]);
  }
  return names;
}

}  // namespace piste::e2e
