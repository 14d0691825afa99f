// Takes a video apart for the other programs, which start it; of no use by itself.
#include "video/decoder_process.h"

int main() {
  return piste::video::run_decoder_process();
}
