#pragma once

namespace piste::cluster {

// Who has not been heard for so long does not live any more.
#define PISTE_LEASE "interval '3 s'"

}  // namespace piste::cluster
