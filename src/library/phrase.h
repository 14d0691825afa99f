// What the library knows of a phrase that is over.
#pragma once

#include <string>
#include <vector>

namespace piste::library {

struct Phrase {
  std::string folder = {};  // its folder's name, which begins with the time and is nobody else's
  std::string owner = {};
  std::string id = {};  // of the session
  // As it was judged.
  double duration = 0;  // s
  std::string weapon = {};
  std::string winner = {};
  double confidence = 0;
  bool review = false;
  std::string reason = {};
  // As people say.
  std::string name = {};
  std::string bout = {};
  std::string left = {}, right = {};  // the fencers
  std::string piste = {};             // where it was fenced
  std::vector<std::string> tags = {};
  std::string human_verdict = {};  // left, right, none, unclear; empty: nobody has said
  bool human_blind = false;        // said before the verdict was seen
  std::string note = {};
  std::string node = {};  // whose disk the folder is on; empty: this node's
};

// What to look for; what is empty is not looked at.
struct Wanted {
  std::string owner = {};   // always looked at
  std::string before = {};  // a folder's name: only what is older
  std::string bout = {}, fencer = {}, piste = {}, weapon = {}, winner = {};
  bool review = false;                // only what a person should look at
  bool disagreed = false;             // only what a person has judged otherwise
  std::string from = {}, until = {};  // as folders' names begin: 20261128T183000Z; until: not included
  std::string words = {};             // each must begin a word of names, tags, notes or reason
  int limit = 50;
};

}  // namespace piste::library
