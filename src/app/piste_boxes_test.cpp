#include "app/piste_boxes.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pthread.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "support/temp_dir.h"

namespace piste::app {
namespace {

using testing::HasSubstr;

TEST(PisteBoxesFile, EachLineIsAPiste) {
  const auto read = parse_piste_boxes(
      "# club\n\nA serial:/dev/ttyUSB0 favero swap-sides camera-offset=182  # by the door\n"
      "B\tudp:50100\tcyrano box-piste=17 hello=10.0.0.5\n"
      "C serial:/dev/ttyUSB1@19200 fpa white-order=left-right\r\n");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ((*read)[0].piste, "A");
  EXPECT_EQ((*read)[0].box.protocol, boxes::Protocol::favero);
  EXPECT_TRUE((*read)[0].box.settings.swap_sides);
  EXPECT_DOUBLE_EQ((*read)[0].box.camera_offset, .182);
  EXPECT_EQ((*read)[1].box.greeting, (inlets::Greeting{"10.0.0.5", 50100, "17"}));
  EXPECT_EQ((*read)[2].box.address, inlets::Address(inlets::Serial{"/dev/ttyUSB1", 19200}));
  EXPECT_TRUE((*read)[2].box.settings.whites_swapped);
}

TEST(PisteBoxesFile, WhatIsWrongIsNamedWithItsLine) {
  const auto problem = [](const std::string& line) {
    const auto read = parse_piste_boxes("\n" + line);
    return read ? std::string("nothing") : read.error().message;
  };
  EXPECT_THAT(problem("A favero"), HasSubstr("line 2: a line is PISTE PLACE PROTOCOL"));
  EXPECT_THAT(problem("A com1 favero"), HasSubstr("line 2: \"com1\" is no place of a box; give serial:"));
  EXPECT_THAT(problem("A - favero"), HasSubstr("no standard input"));
  EXPECT_THAT(problem("../x udp:1 favero"), HasSubstr("no name of a piste"));
  EXPECT_THAT(problem("A udp:50100 morse"), HasSubstr("give one of skewered, fpa"));
  EXPECT_THAT(problem("A udp:50100 fpa camera-offset=9000"), HasSubstr("from -5000 to 5000"));
  EXPECT_THAT(problem("A udp:50100 fpa camera-offset=nan"), HasSubstr("from -5000 to 5000"));
  EXPECT_THAT(problem("A udp:50100 fpa mirrored"),
              HasSubstr("\"mirrored\" is not right; there are swap-sides"));
  EXPECT_THAT(problem("A udp:50100 fpa swap-sides=yes"), HasSubstr("\"swap-sides=yes\" is not right"));
  EXPECT_THAT(problem("A udp:50100 fpa hello=10.0.0.5"), HasSubstr("hello is for cyrano over udp"));
  EXPECT_THAT(problem("A udp:1 fpa\nA udp:2 fpa"), HasSubstr("line 3: piste A has a box already"));
}

class PisteBoxesTest : public testing::Test {
 protected:
  PisteBoxesTest() : boxes(folder / "boxes", tellers) {}
  void write(const std::string& text) { std::ofstream(folder / "boxes") << text; }
  std::string stats() const { return tellers.json(std::chrono::steady_clock::now()); }
  bool await(const std::string& part) const {
    for (int i = 0; i < 2000; ++i) {
      if (stats().find(part) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  test::TempDir folder;
  session::Pistes pistes;
  session::BoxTellers tellers{pistes};
  PisteBoxes boxes;
};

// A pipe that is not at its end is a box that is there; whoever is heard without a gap keeps it open.
TEST_F(PisteBoxesTest, ABoxWhoseLineHasNotChangedIsHeardOn) {
  char line[128];
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_TRUE(grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, line, sizeof line) == 0);
  const std::string event = "{\"event\":\"lockout\",\"on\":true}\n";
  write("A serial:" + std::string(line) + " lines\nB udp:127.0.0.1:0 fpa\n");
  ASSERT_TRUE(boxes.load());
  for (int i = 0; i < 200 && stats().find("\"events\":2") == std::string::npos; ++i) {
    ASSERT_GT(::write(master, event.data(), event.size()), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  write("A serial:" + std::string(line) + " lines\nC udp:127.0.0.1:0 fpa\n");
  ASSERT_TRUE(boxes.load());
  EXPECT_THAT(stats(), HasSubstr(R"("A":{"protocol":"lines","told_by":"service","link":true,)"))
      << "not anew";
  EXPECT_THAT(stats(), HasSubstr(R"("C":{"protocol":"fpa")"));
  EXPECT_THAT(stats(), testing::Not(HasSubstr(R"("B":)")));
  write("A serial:" + std::string(line) + " lines swap-sides\n");
  ASSERT_TRUE(boxes.load());
  EXPECT_THAT(stats(), HasSubstr(R"("A":{"protocol":"lines","told_by":"service","link":false,"events":0)"));
  for (int i = 0; i < 200 && stats().find("\"link\":true") == std::string::npos; ++i) {
    ASSERT_GT(::write(master, event.data(), event.size()), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_THAT(stats(), HasSubstr("\"link\":true")) << "the new listener has the line";
  close(master);
  EXPECT_TRUE(await("is unplugged"));
}

TEST_F(PisteBoxesTest, AFileThatIsWrongChangesNothing) {
  write("A udp:127.0.0.1:0 fpa\n");
  ASSERT_TRUE(boxes.load());
  write("A udp:127.0.0.1:0 fpa\nB udp\n");
  const auto loaded = boxes.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("line 2"));
  EXPECT_THAT(stats(), HasSubstr("\"A\""));
  std::filesystem::remove(folder / "boxes");
  EXPECT_FALSE(boxes.load());
  EXPECT_THAT(stats(), HasSubstr("\"A\""));
}

// Threads of stacks that no machine has room for: none can be made.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&usual_);
    pthread_attr_t huge = usual_;
    pthread_attr_setstacksize(&huge, std::size_t{1} << 50U);
    pthread_setattr_default_np(&huge);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;
  ~NoThreads() { pthread_setattr_default_np(&usual_); }

 private:
  pthread_attr_t usual_{};
};

TEST_F(PisteBoxesTest, ABoxForWhichThereIsNoThreadIsLeftOutUntilTheNextTime) {
  write("A udp:127.0.0.1:0 fpa\n");
  ASSERT_TRUE(boxes.load());
  write("A udp:127.0.0.1:0 fpa\nB udp:127.0.0.1:0 fpa\n");
  {
    const NoThreads none;
    ASSERT_TRUE(boxes.load());
  }
  EXPECT_THAT(stats(), HasSubstr("\"A\""));
  EXPECT_THAT(stats(), testing::Not(HasSubstr("\"B\"")));
  ASSERT_TRUE(boxes.load());
  EXPECT_THAT(stats(), HasSubstr("\"B\""));
}

}  // namespace
}  // namespace piste::app
