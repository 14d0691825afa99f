// The tables that the nodes share, and how they came to be: each step once, in this order, by whichever
// service comes first. A step only adds, so that services of the version before go on while a cluster is
// updated.
#pragma once

#include <array>

namespace piste::cluster {

// In each: statements that are run one by one.
inline constexpr std::array<std::array<const char*, 3>, 1> schema_steps{{{
    // A boot is one run of a node: a node that comes back is another boot.
    "create table piste.node (boot text primary key, id text not null, heard timestamptz not null, "
    "seats jsonb not null)",
    // stage: as SessionRecord has it; failed: over, and result says why.
    "create table piste.session (owner text not null, id text not null, token_hash text not null, "
    "boot text not null, folder text not null, began timestamptz not null, changed timestamptz not null, "
    "stage text not null check (stage in ('receiving', 'ended', 'complete', 'failed')), record text, "
    "result text, asked_by text, asked_at timestamptz, primary key (owner, id))",
    "create index session_changed on piste.session (changed)",
}}};

}  // namespace piste::cluster
