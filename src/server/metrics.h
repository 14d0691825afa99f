// GET /metrics: what has happened and how things stand, in the text form that Prometheus reads.
#pragma once

#include <string>

#include "server/service.h"

namespace piste::server {

std::string metrics_text(const Service& service);

}  // namespace piste::server
