// The tables, and how a file of an earlier version becomes one of this.
#pragma once

#include <array>
#include <string_view>

namespace piste::library {

// Number i makes version i + 1 (PRAGMA user_version) of version i. What was released is never changed.
constexpr std::array<std::string_view, 3> migrations{
    "create table phrases(folder text primary key, owner text not null, id text not null, duration real, "
    "weapon text, winner text, confidence real, review integer, reason text, name text, "
    "bout text, left_fencer text, right_fencer text, tags text, human_verdict text, note text) "
    "without rowid;"
    "create index by_owner on phrases(owner, folder);"
    "create index by_bout on phrases(owner, bout, folder);"
    "create index by_id on phrases(owner, id, folder);"
    "create virtual table words using fts5(folder unindexed, text);"
    "create table words_of(folder text primary key, place integer not null) without rowid;",
    // Emptied: the phrases' folders know of each what is new here, and are read again.
    "alter table phrases add column human_blind integer;"
    "delete from phrases; delete from words; delete from words_of;",
    "alter table phrases add column piste text;"
    "create index by_piste on phrases(owner, piste, folder);"
    "delete from phrases; delete from words; delete from words_of;"};

}  // namespace piste::library
