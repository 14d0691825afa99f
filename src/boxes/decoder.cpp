#include "boxes/decoder.h"

#include <cstdio>

#include "boxes/cyrano.h"
#include "boxes/efp2.h"
#include "boxes/favero.h"
#include "boxes/fpa.h"
#include "boxes/lines.h"
#include "boxes/opp2.h"
#include "boxes/skewered.h"
#include "boxes/stgeorge.h"

namespace piste::boxes {

void Decoder::tell(Reading reading, Moment moment, bool doubtful, double heard, Events& out) {
  quiet(heard, out);
  heard_ = heard;
  ++tally_.messages;
  news_.tell(std::move(reading), moment, doubtful, out);
}

void Decoder::quiet(double now, Events& out) {
  const auto limit = patience();
  if (!limit || !news_.link() || now - heard_ <= *limit) return;
  char why[40];
  std::snprintf(why, sizeof why, "silent for %.1f s", *limit);
  news_.lost({heard_ + *limit, 0}, why, out);
}

void Decoder::lose(double now, std::string why, Events& out) {
  if (news_.link()) news_.lost({now, 0}, std::move(why), out);
}

std::unique_ptr<Decoder> make_decoder(Protocol protocol, const Settings& settings) {
  switch (protocol) {
    case Protocol::skewered:
      return std::make_unique<Skewered>(settings);
    case Protocol::fpa:
      return std::make_unique<Fpa>(settings);
    case Protocol::stgeorge:
      return std::make_unique<StGeorge>(settings);
    case Protocol::favero:
      return std::make_unique<Favero>(settings);
    case Protocol::cyrano:
      return std::make_unique<Cyrano>(settings);
    case Protocol::efp2:
      return std::make_unique<Efp2>(settings);
    case Protocol::opp2:
      return std::make_unique<Opp2>(settings);
    default:
      return std::make_unique<Lines>(settings);
  }
}

}  // namespace piste::boxes
