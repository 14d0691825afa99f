// A folder whose power can be cut: then it is as the disk would have it, going by what the service has
// brought there (power_shim.cpp).
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace piste::bench {

class PowerCut {
 public:
  // shim: the library that notes. folder: the service's output, which need not exist yet; the notes are
  // beside it.
  PowerCut(std::filesystem::path shim, std::filesystem::path folder);

  // For the service.
  std::vector<std::string> environment() const;
  // While no service runs. What was not brought to the disk may be there in part, with its name or without.
  void cut(std::minstd_rand& random);

 private:
  const std::filesystem::path shim_;
  const std::filesystem::path folder_;
  const std::filesystem::path notes_;
};

}  // namespace piste::bench
