#include "client/progress_view.h"

#include <gtest/gtest.h>

#include <sstream>

namespace piste::client {
namespace {

using std::chrono::milliseconds;
const ProgressView::TimePoint begin{};

SendStatus sent(std::int64_t count) {
  SendStatus status;
  status.sent = count;
  status.expected = 180;
  status.frames_per_second = 29.97;
  status.bits_per_second = 48.2e6;
  return status;
}

TEST(ProgressView, SaysFramesRateAndBandwidth) {
  EXPECT_EQ(describe(sent(90)), "frames 90/180  30.0 fps  48.2 Mbit/s");
  SendStatus status = sent(200);  // more than the container promised
  status.duplicates = 1;
  status.errors = 2;
  status.in_flight = 3;
  EXPECT_EQ(describe(status), "frames 200/200  30.0 fps  48.2 Mbit/s  in flight 3  duplicates 1  errors 2");
}

TEST(ProgressView, ATerminalsLineRenewsItself) {
  std::ostringstream out;
  {
    ProgressView view(out, true);
    view.sending(sent(1), begin);
    view.sending(sent(2), begin + milliseconds(50));  // too soon
    view.sending(sent(3), begin + milliseconds(100));
    view.line("done");
  }
  EXPECT_EQ(out.str(),
            "\r\x1b[K"
            "frames 1/180  30.0 fps  48.2 Mbit/s"
            "\r\x1b[K"
            "frames 3/180  30.0 fps  48.2 Mbit/s"
            "\r\x1b[K"
            "done\n");
}

TEST(ProgressView, PlainLinesComeNowAndThen) {
  std::ostringstream out;
  ProgressView view(out, false);
  for (int i = 0; i < 40; ++i) view.sending(sent(i), begin + milliseconds(100 * i));
  EXPECT_EQ(out.str(), "frames 20/180  30.0 fps  48.2 Mbit/s\n");
}

TEST(ProgressView, EachStageShowsAndForeignTextIsEscaped) {
  std::ostringstream out;
  ProgressView view(out, false);
  view.stage("yolo", 0.1, "a\x1b[2J", begin);
  view.stage("yolo", 0.2, "too soon", begin + milliseconds(10));
  view.stage("decision", 1, "left", begin + milliseconds(20));
  view.line("evil\nline");
  EXPECT_EQ(out.str(), "yolo 10 %  a\\x1B[2J\ndecision 100 %  left\nevil\\x0Aline\n");
}

TEST(ProgressView, SizesAndRates) {
  EXPECT_EQ(describe_size(412), "412 bytes");
  EXPECT_EQ(describe_size(65'432), "65 kB");
  EXPECT_EQ(describe_size(200'100'000), "200.1 MB");
  EXPECT_EQ(describe_rate(850e3), "850 kbit/s");
}

}  // namespace
}  // namespace piste::client
