#include "bout/lag.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/median.h"

namespace piste::bout {
namespace {

constexpr double least = -.5;  // s that a picture may be ahead: an offset that was set is too large
constexpr double most = 3;     // s that cameras and links are late
constexpr double alike = .12;  // s by which hits may differ: Favero's error, and a frame
constexpr std::size_t fewest = 3;
constexpr std::size_t most_lights = 16;

bool counts(const types::box::Lamp& lamp) {
  return lamp.state == types::box::LampState::valid && !lamp.onset_unknown;
}

}  // namespace

void LagMeter::told(const types::box::Lamp& lamp, const types::box::Moment& moment) {
  if (!counts(lamp)) return;
  keep(told_, {lamp.side, moment.at, moment.error});
  pair_up();
}

void LagMeter::seen(const types::box::Lamp& lamp, const types::box::Moment& moment) {
  if (!counts(lamp)) return;
  keep(seen_, {lamp.side, moment.at - moment.error / 2, moment.error / 2});
  pair_up();
}

void LagMeter::keep(Lights& lights, const Light& light) {
  lights.push_back(light);
  if (lights.size() > most_lights) lights.pop_front();
}

// The nearest, where a fencer has hit more than once.
void LagMeter::pair_up() {
  auto one = told_.end(), other = seen_.end();
  for (auto box = told_.begin(); box != told_.end(); ++box) {
    for (auto picture = seen_.begin(); picture != seen_.end(); ++picture) {
      const double lag = picture->at - box->at;
      if (picture->side != box->side || lag < least || lag > most) continue;
      if (one == told_.end() || std::abs(lag) < std::abs(other->at - one->at)) one = box, other = picture;
    }
  }
  if (one == told_.end()) return;
  pairs_.push_back({other->at - one->at, one->error + other->error});
  if (pairs_.size() > most_pairs) pairs_.pop_front();
  told_.erase(one);
  seen_.erase(other);
}

std::optional<types::PictureLag> LagMeter::lag() const {
  if (pairs_.size() < fewest) return std::nullopt;
  std::vector<double> lags;
  for (const auto& pair : pairs_) lags.push_back(pair.seconds);
  const double middle = base::median(lags);
  types::PictureLag mean;
  double count = 0;
  for (const auto& pair : pairs_) {
    if (std::abs(pair.seconds - middle) > alike) continue;
    mean.seconds += pair.seconds;
    mean.error = std::max(mean.error, pair.error);
    ++count;
  }
  if (count < static_cast<double>(fewest) || 3 * count < 2 * static_cast<double>(pairs_.size()))
    return std::nullopt;
  return types::PictureLag{mean.seconds / count, mean.error / std::sqrt(count)};
}

}  // namespace piste::bout
