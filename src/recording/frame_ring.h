// The last frames of something that goes on for hours: a folder of frame logs, of which the oldest goes as
// soon as the others hold enough. To its readers it is one log, whose indexes go on growing; what has gone
// is not among its entries and cannot be read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "recording/frame_log.h"

namespace piste::recording {

// At most so many frames stay, and some fewer when a piece has just gone.
Result<std::unique_ptr<FrameLog>> create_ring(const std::filesystem::path& folder,
                                              const Description& description, std::size_t most_frames,
                                              Durable each_frame = Durable::no, Disk& disk = system_disk());
// Its indexes begin at 0 again.
Result<std::unique_ptr<FrameLog>> open_ring(const std::filesystem::path& folder, std::size_t most_frames,
                                            Durable each_frame = Durable::no, Disk& disk = system_disk());

// A log or a ring, with all that is in it.
void remove_log(const std::filesystem::path& path, Disk& disk);

}  // namespace piste::recording
