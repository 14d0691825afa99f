#include "library/file_library.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <chrono>
#include <fstream>

#include "library/schema.h"
#include "support/temp_dir.h"

namespace piste::library {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Phrase phrase(const std::string& folder, const std::string& owner = "club") {
  return {.folder = folder,
          .owner = owner,
          .id = "id of " + folder,
          .duration = 3.5,
          .weapon = "sabre",
          .winner = "left",
          .confidence = .81,
          .review = false,
          .reason = "Attack from the left",
          .name = "",
          .bout = "",
          .left = "",
          .right = "",
          .tags = {},
          .human_verdict = "",
          .human_blind = false,
          .note = ""};
}

class LibraryTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    library.reset();
    auto opened = FileLibrary::open(file);
    ASSERT_TRUE(opened) << opened.error().message;
    library = std::move(*opened);
  }
  void put(const Phrase& one) { ASSERT_TRUE(library->put(one).ok()); }
  std::vector<std::string> found(Wanted wanted) {
    if (wanted.owner.empty()) wanted.owner = "club";
    std::vector<std::string> out;
    const auto list = library->list(wanted);
    for (const auto& one : *list) out.push_back(one.folder);
    return out;
  }

  test::TempDir folder;
  const std::filesystem::path file = folder / "library.db";
  std::unique_ptr<FileLibrary> library;
};

TEST_F(LibraryTest, GivesBackWhatItWasGiven) {
  Phrase one = phrase("a");
  one.tags = {"final", "14-14"};
  one.name = "The last \"hit\"";
  one.left = "Anna";
  one.piste = "blue";
  one.note = "parry, clearly";
  one.human_verdict = "right";
  one.human_blind = true;
  one.review = true;
  put(one);
  open();
  const auto all = library->list({.owner = "club"}).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].id, one.id);
  EXPECT_EQ(all[0].duration, one.duration);
  EXPECT_EQ(all[0].confidence, one.confidence);
  EXPECT_TRUE(all[0].review);
  EXPECT_EQ(all[0].tags, one.tags);
  EXPECT_EQ(all[0].name, one.name);
  EXPECT_EQ(all[0].left, "Anna");
  EXPECT_EQ(all[0].piste, "blue");
  EXPECT_EQ(all[0].human_verdict, "right");
  EXPECT_TRUE(all[0].human_blind);
  EXPECT_EQ(all[0].note, one.note);
}

TEST_F(LibraryTest, TheNewestComesFirstPageByPage) {
  for (const char* name : {"2", "5", "1", "4", "3"}) put(phrase(name));
  EXPECT_THAT(found({.limit = 2}), ElementsAre("5", "4"));
  EXPECT_THAT(found({.before = "4", .limit = 2}), ElementsAre("3", "2"));
  EXPECT_THAT(found({.before = "2", .limit = 2}), ElementsAre("1"));
  EXPECT_THAT(found({.from = "2", .until = "4"}), ElementsAre("3", "2"));
}

TEST_F(LibraryTest, AnOwnerSeesItsOwn) {
  put(phrase("mine", "club"));
  put(phrase("theirs", "other"));
  EXPECT_THAT(found({}), ElementsAre("mine"));
  EXPECT_THAT(found({.owner = "other"}), ElementsAre("theirs"));
  EXPECT_THAT(found({.owner = "nobody"}), IsEmpty());
}

TEST_F(LibraryTest, KnowsTheNewestOfAnId) {
  Phrase one = phrase("1"), two = phrase("2"), other = phrase("3", "other");
  one.id = two.id = other.id = "s";
  put(two);
  put(one);
  put(other);
  EXPECT_EQ(library->newest("club", "s").value().folder, "2");
  EXPECT_EQ(library->newest("other", "s").value().folder, "3");
  EXPECT_FALSE(library->newest("club", "x"));
}

TEST_F(LibraryTest, IsNarrowedByEachOfItsFields) {
  Phrase one = phrase("1");
  one.left = "Anna";
  one.bout = "final";
  one.review = true;
  Phrase two = phrase("2");
  two.right = "Anna";
  two.weapon = "foil";
  two.piste = "piste 4";
  put(one);
  put(two);
  EXPECT_THAT(found({.winner = "left"}), ElementsAre("2", "1"));
  EXPECT_THAT(found({.winner = "right"}), IsEmpty());
  EXPECT_THAT(found({.before = "2", .winner = "left", .limit = 1}), ElementsAre("1"));
  EXPECT_THAT(found({.fencer = "Anna"}), ElementsAre("2", "1"));
  EXPECT_THAT(found({.bout = "final"}), ElementsAre("1"));
  EXPECT_THAT(found({.weapon = "foil"}), ElementsAre("2"));
  EXPECT_THAT(found({.piste = "piste 4"}), ElementsAre("2"));
  EXPECT_THAT(found({.piste = "piste"}), IsEmpty());
  EXPECT_THAT(found({.piste = "piste 4", .winner = "right"}), IsEmpty());
  EXPECT_THAT(found({.review = true}), ElementsAre("1"));
  EXPECT_THAT(found({.fencer = "Anna", .weapon = "epee"}), IsEmpty());
  EXPECT_THAT(found({.fencer = "' or 1=1 --"}), IsEmpty());
}

TEST_F(LibraryTest, WhatAPersonHasJudgedOtherwiseIsFound) {
  for (const auto& [name, said] :
       {std::pair("1", ""), {"2", "left"}, {"3", "none"}, {"4", "unclear"}, {"5", "right"}}) {
    Phrase one = phrase(name);  // judged left
    one.human_verdict = said;
    put(one);
  }
  EXPECT_THAT(found({.disagreed = true}), ElementsAre("5", "3"));
}

TEST_F(LibraryTest, IsSearchedByTheBeginningsOfWords) {
  Phrase one = phrase("1");
  one.note = "Riposte was late, see Étienne";
  Phrase two = phrase("2");
  two.tags = {"semi-final"};
  put(one);
  put(two);
  EXPECT_THAT(found({.words = "ripo late"}), ElementsAre("1"));
  EXPECT_THAT(found({.words = "etienne"}), ElementsAre("1"));
  EXPECT_THAT(found({.words = "semi"}), ElementsAre("2"));
  EXPECT_THAT(found({.words = "ttack"}), IsEmpty());
  for (const char* odd : {"\"", "a OR", "NEAR(", "*", "-x", "text:"})
    EXPECT_NO_THROW(found({.words = odd})) << odd;
  one.note = "";
  put(one);
  EXPECT_THAT(found({.words = "riposte"}), IsEmpty()) << "what is replaced is not found any more";
  EXPECT_TRUE(library->remove("2"));
  EXPECT_THAT(found({.words = "semi"}), IsEmpty());
  EXPECT_FALSE(library->has("2"));
  EXPECT_TRUE(library->has("1"));
}

// What it held is read again from the folders, which know what the new columns are for.
TEST_F(LibraryTest, AFileOfAnEarlierVersionIsBroughtToThisOne) {
  std::string made;
  for (std::size_t version = 1; version < migrations.size(); ++version) {
    library.reset();
    std::filesystem::remove(file);
    sqlite3* earlier = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &earlier), SQLITE_OK);
    made += migrations.at(version - 1);
    const std::string filled = made + "insert into phrases(folder, owner, id) values ('1', 'club', 's');" +
                               "pragma user_version = " + std::to_string(version);
    ASSERT_EQ(sqlite3_exec(earlier, filled.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(earlier);
    open();
    EXPECT_FALSE(library->has("1"));
    Phrase one = phrase("1");
    one.human_blind = true;
    one.piste = "4";
    put(one);
    open();
    const Phrase found = library->list({.owner = "club"}).value().at(0);
    EXPECT_TRUE(found.human_blind);
    EXPECT_EQ(found.piste, "4") << "of version " << version;
  }
}

TEST_F(LibraryTest, ADamagedFileIsBegunAnew) {
  for (const std::string& damage : {std::string(5000, 'x'), std::string()}) {
    put(phrase("1"));
    library.reset();
    std::ofstream(file, std::ios::trunc) << damage;
    std::filesystem::remove(file.string() + "-wal");
    open();
    EXPECT_THAT(found({}), IsEmpty());
    put(phrase("2"));
    EXPECT_THAT(found({}), ElementsAre("2"));
    EXPECT_TRUE(library->remove("2"));
  }
}

}  // namespace
}  // namespace piste::library
