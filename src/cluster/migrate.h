// Makes the tables, or brings those of an earlier version to this one.
#pragma once

#include "cluster/connection.h"

namespace piste::cluster {

// One service at a time; the others wait for it.
Result<base::Done> migrate(Connection& connection);

}  // namespace piste::cluster
