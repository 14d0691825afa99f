// The wiring behind a Registry: its parts, each given what it needs. Seen by the registry, and by those of
// its friends that are made with some of them.
#pragma once

#include <optional>

#include "base/byte_budget.h"
#include "recording/disk.h"
#include "session/accounts.h"
#include "session/admission.h"
#include "session/allowance.h"
#include "session/archive.h"
#include "session/backlog.h"
#include "session/box_tellers.h"
#include "session/catalogue.h"
#include "session/clean_films.h"
#include "session/counters.h"
#include "session/directory.h"
#include "session/events.h"
#include "session/every_second.h"
#include "session/phrase_folder.h"
#include "session/phrase_sequence.h"
#include "session/picture_lags.h"
#include "session/pistes.h"
#include "session/reaper.h"
#include "session/recovery.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/session.h"
#include "session/unfinished.h"
#include "session/upkeep.h"

namespace piste::session {

struct RegistryParts {
  RegistryParts(pipeline::Engine& used, const Limits& chosen, const Shares& shares, recording::Disk& written,
                Directory* shared_with_others = nullptr)
      : engine(used),
        directory(shared_with_others),
        limits(chosen),
        shelf{written, limits.output_dir, limits.fsync, limits.min_free_disk_bytes, limits.bout_kept},
        memory(limits.max_memory_bytes),
        allowance(limits.sessions_per_hour),
        accounts(shares),
        seating(accounts),
        unfinished(used),
        clean_films(used),
        shared{{engine, memory, shelf, unfinished, clean_films},
               limits,
               counters,
               accounts,
               archive,
               backlog,
               reaper,
               events,
               {counters, events, pistes, picture_lags},
               directory},
        recovery(shared, seating, sequence),
        admission(shared, seating, allowance, recovery, sequence),
        upkeep(limits, shelf, seating, recovery, unfinished) {
    if (directory)
      sharing.emplace([this] { directory->share(accounts.held_by_owner(Holding::seat), totals()); });
  }
  // Nothing new is begun; what there is stays on disk for the next start.
  ~RegistryParts() {
    sharing.reset();
    upkeep.stop();
    backlog.stop();
    for (const auto& session : seating.sessions()) session->suspend();
  }
  Totals totals() const { return {limits.max_sessions, memory.used(), memory.limit()}; }
  RegistryParts(const RegistryParts&) = delete;
  RegistryParts& operator=(const RegistryParts&) = delete;

  pipeline::Engine& engine;
  Directory* const directory;  // null: this node is in no cluster
  const Limits limits;
  const Shelf shelf;
  base::ByteBudget memory;
  PhraseSequence sequence;
  Allowance allowance;
  Counters counters;
  Pistes pistes;
  BoxTellers tellers{pistes};
  Events events{directory};
  PictureLags picture_lags{shelf.library() / "pistes.json"};
  Catalogue catalogue{shelf, events, limits.retention.stored_only,
                      directory ? &directory->library() : nullptr};
  Archive archive{Archive::most_known, &catalogue, directory};
  Accounts accounts;
  Seating seating;
  Backlog backlog;
  Unfinished unfinished;
  CleanFilms clean_films;
  const Session::Shared shared;
  Recovery recovery;
  Admission admission;
  Reaper reaper;  // ends what it was given before the others go
  Upkeep upkeep;
  std::optional<EverySecond> sharing;
};

}  // namespace piste::session
