// What a session does when it is a bout: whose hits it hears, and how its phrases are told.
#include <chrono>
#include <limits>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/steady.h"
#include "protocol/print.h"
#include "session/pistes.h"
#include "session/session.h"

namespace piste::session {

void Session::begin_bout() {
  pipeline::BoutObserver observer;
  observer.on_decision = [self = weak_from_this()](int number, const std::string& decision) {
    const auto session = self.lock();
    if (!session) return;
    session->shared_.events.phrase_decision({session->owner(), session->id()}, number, decision);
    session->attachment_.send(protocol::print(protocol::PhraseDecision{session->id(), number, decision}));
  };
  observer.on_phrase = [self = weak_from_this()](const pipeline::BoutPhrase& phrase) {
    if (const auto session = self.lock()) session->on_phrase(phrase);
  };
  observer.on_done = [self = weak_from_this()](pipeline::Result<pipeline::Outcome> outcome) {
    if (const auto session = self.lock()) session->on_done(std::move(outcome));
  };
  observer.on_lag = [self = weak_from_this()](const types::PictureLag& lag) {
    if (const auto session = self.lock()) session->on_lag(lag);
  };
  observer.on_sight = [self = weak_from_this()](const types::SeenFencers& sight) {
    if (const auto session = self.lock()) session->on_sight(sight);
  };
  auto asked = settings();
  if (!start_.piste.empty()) asked.picture_lag = shared_.picture_lags.of(owner(), start_.piste);
  store_.begin_bout(std::move(asked), std::move(observer));
  if (start_.piste.empty()) return;
  {
    const base::Lock lock(state_mutex_);
    if (listening_ || stage_ == Stage::cleanup) return;
  }
  auto listening = shared_.pistes.listen(
      start_.piste, [this](const boxes::Event& event) { store_.tell(event, pipeline::Told::by_box); });
  const base::Lock lock(state_mutex_);
  std::swap(listening_, listening);
}

void Session::on_phrase(const pipeline::BoutPhrase& phrase) {
  store_.conclude_part(phrase);
  shared_.counters.verdicts[static_cast<std::size_t>(phrase.outcome.winner)].add();
  shared_.counters.stages.add(phrase.outcome.timings);
  say("phrase " + std::to_string(phrase.number) + " judged, winner " +
      std::string(to_string(phrase.outcome.winner)));
  shared_.events.phrase_complete({owner(), id()}, phrase.number, phrase.score, phrase.folder);
  attachment_.send(message_of(phrase));
}

void Session::on_lag(const types::PictureLag& lag) {
  shared_.picture_lags.measured(owner(), start_.piste, lag);
  say(to_string(lag));
  attachment_.send(protocol::print(protocol::PictureLag{id(), start_.piste, lag}));
}

std::string Session::message_of(const pipeline::BoutPhrase& phrase) const {
  return protocol::print(protocol::PhraseComplete{id(), phrase.number, phrase.start, phrase.end, phrase.score,
                                                  phrase.folder, phrase.outcome.result_json});
}

void Session::tell_phrases(std::int64_t known) {
  if (!start_.bout || known >= std::numeric_limits<int>::max()) return;
  for (const auto& phrase : store_.phrases_from(static_cast<int>(known) + 1))
    attachment_.send(message_of(phrase));
}

Taken<base::Done> Session::take_touch(const protocol::Touch& touch) {
  const auto refuse = [](std::string why) { return base::Error<Refusal>{Refusal::refused, std::move(why)}; };
  if (!start_.bout) return refuse("Touches are for a bout: \"mode\": \"bout\" in session_start");
  if (!start_.piste.empty()) return refuse("The box of piste " + start_.piste + " tells this bout's hits");
  {
    const base::Lock lock(state_mutex_);
    if (stage_ == Stage::cleanup) return base::Error<Refusal>{Refusal::gone, "The session has ended"};
    if (stage_ != Stage::receiving_frames)
      return refuse(stage_ == Stage::create ? "A touch came before the first frame"
                                            : "A touch came after session_end");
  }
  boxes::Lamp lamp;
  lamp.side = touch.side;
  lamp.state = touch.valid ? boxes::LampState::valid : boxes::LampState::off_target;
  const double now = base::steady_seconds();
  store_.tell({lamp, {touch.timestamp.value_or(now), 0}},
              touch.timestamp ? pipeline::Told::by_client : pipeline::Told::by_hand);
  return base::Done{};
}

}  // namespace piste::session
