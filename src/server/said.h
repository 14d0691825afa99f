// What people say of a phrase, as it comes in and goes out.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "server/request_error.h"
#include "session/people.h"

namespace piste::server {

// A change as the body tells it; an error says what is wrong with the body.
using Change = std::function<void(session::People&)>;
Asked<Change> verdict_in(std::string_view body, std::string now);
Asked<Change> patch_in(std::string_view body);

// "human_verdict": {...} or null, "history": [...].
boost::json::object verdict_json(const session::People& people);
// "name", "bout", "fencers", "tags".
boost::json::object names_json(const session::People& people);

}  // namespace piste::server
