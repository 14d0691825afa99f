// The program referee_decoder: a file taken apart in a process that has nothing but that file.
#pragma once

namespace piste::video {

// What its main() does. Descriptors as in decoder_protocol.h; returns the exit code when the other side is
// gone.
int run_decoder_process();

}  // namespace piste::video
