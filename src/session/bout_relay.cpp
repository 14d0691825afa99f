#include "session/bout_relay.h"

#include <limits>
#include <utility>

#include "base/log.h"
#include "base/steady.h"
#include "protocol/print.h"

namespace piste::session {

void BoutRelay::prepare(pipeline::PhraseSettings& settings) const {
  const std::string& piste = record_.start.piste;
  if (!piste.empty()) settings.picture_lag = shared_.picture_lags.of(record_.owner, piste);
}

void BoutRelay::listen() {
  if (record_.start.piste.empty()) return;
  {
    const base::Lock lock(mutex_);
    if (listening_ || stopped_) return;
  }
  // Without the lock: what the piste has told so far is heard at once.
  auto listening = shared_.pistes.listen(
      record_.start.piste, [this](const boxes::Event& event) { store_.tell(event, pipeline::Told::by_box); });
  const base::Lock lock(mutex_);
  if (!stopped_) std::swap(listening_, listening);
}

void BoutRelay::stop() {
  Pistes::Subscription listening;  // goes without the lock: it waits for who is just told something
  const base::Lock lock(mutex_);
  stopped_ = true;
  std::swap(listening_, listening);
}

Taken<base::Done> BoutRelay::take(const protocol::Touch& touch, Stage stage) {
  const auto refuse = [](std::string why) { return base::Error<Refusal>{Refusal::refused, std::move(why)}; };
  const protocol::SessionStart& start = record_.start;
  if (!start.bout) return refuse("Touches are for a bout: \"mode\": \"bout\" in session_start");
  if (!start.piste.empty()) return refuse("The box of piste " + start.piste + " tells this bout's hits");
  if (stage == Stage::cleanup) return base::Error<Refusal>{Refusal::gone, "The session has ended"};
  if (stage == Stage::create) return refuse("A touch came before the first frame");
  if (stage != Stage::receiving_frames) return refuse("A touch came after session_end");
  boxes::Lamp lamp;
  lamp.side = touch.side;
  lamp.state = touch.valid ? boxes::LampState::valid : boxes::LampState::off_target;
  const double now = base::steady_seconds();
  store_.tell({lamp, {touch.timestamp.value_or(now), 0}},
              touch.timestamp ? pipeline::Told::by_client : pipeline::Told::by_hand);
  return base::Done{};
}

void BoutRelay::tell_phrases(std::int64_t known) {
  if (!record_.start.bout || known >= std::numeric_limits<int>::max()) return;
  for (const auto& phrase : store_.phrases_from(static_cast<int>(known) + 1))
    attachment_.send(message_of(phrase));
}

void BoutRelay::on_decision(int number, const std::string& decision) {
  shared_.events.phrase_decision(record_.key(), number, decision);
  attachment_.send(protocol::print(protocol::PhraseDecision{id(), number, decision}));
}

void BoutRelay::on_phrase(const pipeline::BoutPhrase& phrase) {
  store_.conclude_part(phrase);
  shared_.counters.verdicts[static_cast<std::size_t>(phrase.outcome.winner)].add();
  shared_.counters.stages.add(phrase.outcome.timings);
  base::log::info(id(), "phrase " + std::to_string(phrase.number) + " judged, winner " +
                            std::string(to_string(phrase.outcome.winner)));
  shared_.events.phrase_complete(record_.key(), phrase.number, phrase.score, phrase.folder);
  attachment_.send(message_of(phrase));
}

void BoutRelay::on_lag(const types::PictureLag& lag) {
  shared_.picture_lags.measured(record_.owner, record_.start.piste, lag);
  base::log::info(id(), to_string(lag));
  attachment_.send(protocol::print(protocol::PictureLag{id(), record_.start.piste, lag}));
}

std::string BoutRelay::message_of(const pipeline::BoutPhrase& phrase) const {
  return protocol::print(protocol::PhraseComplete{id(), phrase.number, phrase.start, phrase.end, phrase.score,
                                                  phrase.folder, phrase.outcome.result_json});
}

}  // namespace piste::session
