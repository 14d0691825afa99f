#include "client/verdict_text.h"

#include <gtest/gtest.h>

namespace piste::client {
namespace {

TEST(VerdictText, WinnerConfidenceReasonArtifacts) {
  const auto verdict = describe_result(R"({"status":"success","decision":{"winner":"left","confidence":0.87,
    "reason":"Attack from the left","review":true,"review_reason":"two late hints",
    "trace":[{"time":1.2,"text":"right stopped"},{"time":2.5,"text":"left lunged"}]},
    "processing_time_seconds":0.141,"artifact_dir":"phrases/1","artifacts":{"overlay":"phrases/1/overlay.mp4"}})");
  EXPECT_TRUE(verdict.analysed);
  EXPECT_EQ(verdict.text,
            "Winner:      left (confidence 87 %)\n"
            "Reason:      Attack from the left\n"
            "Because:     1.20 s  right stopped\n"
            "             2.50 s  left lunged\n"
            "Review:      a person should look: two late hints\n"
            "Analysed in: 0.14 s after the last message\n"
            "Artifacts:   phrases/1\n"
            "             overlay: phrases/1/overlay.mp4\n");
}

TEST(VerdictText, OfManyFindingsTheWeightiestAreShownInOrderOfTime) {
  std::string trace;
  for (int i = 0; i < 9; ++i) {
    trace += (i ? "," : "") + std::string(R"({"text":"finding )") + std::to_string(i) + R"(","weight":)" +
             std::to_string((i * 4) % 9) + "}";
  }
  const auto verdict = describe_result(R"({"winner":"left","trace":[)" + trace + "]}");
  // weights of 0..8: 0 4 8 3 7 2 6 1 5
  EXPECT_EQ(verdict.text,
            "Winner:      left\n"
            "Because:     finding 1\n             finding 2\n             finding 4\n"
            "             finding 6\n             finding 8\n");
}

TEST(VerdictText, ThePredecessorsResultWillDo) {
  const auto verdict = describe_result(R"({"winner":"right","reason":"Left fencer retreated at 0.00s"})");
  EXPECT_TRUE(verdict.analysed);
  EXPECT_EQ(verdict.text, "Winner:      right\nReason:      Left fencer retreated at 0.00s\n");
}

TEST(VerdictText, NoneIsAVerdictToo) {
  EXPECT_TRUE(describe_result(R"({"decision":{"winner":"none","reason":"No hit"}})").analysed);
}

TEST(VerdictText, AFailureIsNoVerdict) {
  EXPECT_FALSE(describe_result(R"({"status":"error","error":"no frames","winner":"left"})").analysed);
  EXPECT_FALSE(describe_result(R"({})").analysed);
  EXPECT_FALSE(describe_result("garbage").analysed);
}

TEST(VerdictText, ForeignKindsAndControlCharactersDoNoHarm) {
  const auto verdict = describe_result(
      R"({"decision":{"winner":"left","confidence":"x","reason":"a\u001b[2Jb","trace":[1,{"text":2},{}]},
          "artifacts":[1,"x\ny"],"warnings":{"a":1},"processing_time_seconds":[]})");
  EXPECT_TRUE(verdict.analysed);
  EXPECT_EQ(verdict.text, "Winner:      left\nReason:      a\\x1B[2Jb\n             x\\x0Ay\n");
}

}  // namespace
}  // namespace piste::client
