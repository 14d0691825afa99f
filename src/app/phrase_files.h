// The files of a phrase's folder as commands read them. They are ours, but whoever has the folder may have
// changed them: what is not as it should be throws.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

namespace piste::app {

std::string text_of(const std::filesystem::path& path);
boost::json::object object_in(const std::filesystem::path& path);

// What people said later counts more than what was pressed at the box. Empty: nobody has said anything.
std::string persons_verdict(const std::filesystem::path& folder, const boost::json::object& result);

}  // namespace piste::app
