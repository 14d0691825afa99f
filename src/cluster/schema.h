// The tables that the nodes share, and how they came to be: each step once, in this order, by whichever
// service comes first. A step only adds, so that services of the version before go on while a cluster is
// updated.
#pragma once

#include <array>

namespace piste::cluster {

// In each: statements that are run one by one.
inline constexpr std::array<std::array<const char*, 3>, 7> schema_steps{
    {{
         // A boot is one run of a node: a node that comes back is another boot.
         "create table piste.node (boot text primary key, id text not null, heard timestamptz not null, "
         "seats jsonb not null)",
         // stage: as SessionRecord has it; failed: over, and result says why.
         "create table piste.session (owner text not null, id text not null, token_hash text not null, "
         "boot text not null, folder text not null, began timestamptz not null, changed timestamptz not "
         "null, "
         "stage text not null check (stage in ('receiving', 'ended', 'complete', 'failed')), record text, "
         "result text, asked_by text, asked_at timestamptz, primary key (owner, id))",
         "create index session_changed on piste.session (changed)",
     },
     {
         // Folders' names begin with the time, and are sorted by their bytes.
         "create table piste.phrase (folder text collate \"C\" primary key, node text not null, "
         "owner text not null, id text not null, duration float8, weapon text, winner text, confidence "
         "float8, "
         "review int, reason text, name text, bout text, left_fencer text, right_fencer text, tags text, "
         "human_verdict text, note text, human_blind int, words text)",
         "create index phrase_owner on piste.phrase (owner, folder)",
         "create index phrase_id on piste.phrase (owner, id, folder)",
     },
     {
         "alter table piste.node add max_sessions bigint not null default 0, "
         "add memory_bytes bigint not null default 0, add max_memory_bytes bigint not null default 0",
         // What the nodes tell each other, for some minutes: a notification has the number only.
         "create table piste.event (id bigserial primary key, at timestamptz not null default now(), "
         "boot text not null, owner text not null, type text not null, fields text not null)",
         "create index event_at on piste.event (at)",
     },
     {
         // Each node tells of its own phrases again as it starts.
         "alter table piste.phrase add piste text",
         "create index phrase_piste on piste.phrase (owner, piste, folder)",
         "select",
     },
     {
         // Uploads that any node may judge. boot: of the run that has it; null: none. take: which of that
         // run's. attempts: that have begun.
         "create table piste.job (owner text not null, id text not null, folder text not null, "
         "store text not null, job text not null, added timestamptz not null default now(), "
         "boot text, take bigint not null default 0, attempts int not null, progress float8 not null default "
         "0, primary key (owner, id))",
         "create index job_added on piste.job (store, added)",
         "select",
     },
     {
         // What owners have removed: who was away meanwhile may have it still, in this folder or, of the
         // session with this token, in another. number: in the order of their coming, or nearly so.
         "create table piste.removed (folder text primary key, owner text not null, id text not null, "
         "token_hash text not null, number bigserial, at timestamptz not null default now())",
         "create index removed_id on piste.removed (owner, id)",
         "create index removed_number on piste.removed (number)",
     },
     {
         // Which store a node has; null: a service of the version before, which does not say. Since when no
         // node that lives has that of a job.
         "alter table piste.node add store text",
         "alter table piste.job add alone_since timestamptz",
         "select",
     }}};

}  // namespace piste::cluster
