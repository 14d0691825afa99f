// A bout of hours through a referee_service, as fast as that judges it: a drawn one over and over, on a clock
// of its own.
#pragma once

#include "render/bout.h"
#include "render/renderer.h"
#include "service_run.h"

namespace piste::bench {

struct BoutHours {
  double phrases = 0;     // that were told, all that were fenced
  double before_mb = 0;   // the service's memory, a minute after the beginning
  double after_mb = 0;    // at the end
  double most_mb = 0;     // in between
  double minute_mb = 0;   // what a minute of frames takes
  double between_mb = 0;  // on the disk, beside the phrases' folders, at most
  double seconds = 0;     // that it took
};

// Throws where a phrase is lost or invented.
BoutHours fence_for_hours(const ServiceOptions& options, const render::Bout& bout,
                          const render::Renderer& renderer, double hours);

}  // namespace piste::bench
