// What a process that takes foreign bytes apart gives up before it looks at them. Internal to the module.
#pragma once

#include <cstdint>

namespace piste::video {

// Of the whole process, for good: memory, processor time and files are bounded, no file can be opened, no
// program started, no network reached. Descriptors that are open stay usable: `channel` to send and receive,
// the others to read and to map. Returns which Protections the kernel has (decoder_protocol.h). One thread
// only may be running.
std::uint32_t give_up_rights(int channel);

}  // namespace piste::video
