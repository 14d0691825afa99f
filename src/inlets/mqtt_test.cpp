// A real broker, where Debian's mosquitto is installed.
#ifdef PISTE_MQTT

#include <gmock/gmock.h>
#include <mosquitto.h>

#include <filesystem>
#include <fstream>

#include "base/steady.h"
#include "inlets/heard.h"
#include "support/network.h"
#include "support/process.h"

namespace piste::inlets {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr const char* broker_program = "/usr/sbin/mosquitto";

std::uint16_t free_port() {
  boost::asio::io_context io;
  return boost::asio::ip::tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0})
      .local_endpoint()
      .port();
}

class Broker {
 public:
  // A port that was free may be another test's by the time that the broker takes it.
  Broker() {
    for (int i = 0; i < 10; ++i) {
      port_ = free_port();
      if (runs()) return;
    }
    throw std::runtime_error(log());
  }
  void start() {
    if (!runs()) throw std::runtime_error(log());
  }
  void stop() { process_.reset(); }
  std::uint16_t port() const { return port_; }
  std::string log() const { return process_->err() + process_->out(); }

 private:
  bool runs() {
    std::ofstream(folder_ / "conf") << "listener " << port_ << " 127.0.0.1\nallow_anonymous true\n"
                                    << "log_type all\n";
    process_ =
        std::make_unique<test::Process>(test::Command{.program = broker_program,
                                                      .arguments = {"-c", (folder_ / "conf").string(), "-v"},
                                                      .environment = {},
                                                      .directory = {}});
    return process_->await("running");
  }

  test::TempDir folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<test::Process> process_;
};

// Atlas, or another box that speaks OPP2.
class OpenPisteBox {
 public:
  explicit OpenPisteBox(std::uint16_t port) {
    mosquitto_lib_init();
    client_ = mosquitto_new(nullptr, true, nullptr);
    if (mosquitto_connect(client_, "127.0.0.1", port, 30) != MOSQ_ERR_SUCCESS)
      throw std::runtime_error("broker");
    mosquitto_loop_start(client_);
  }
  ~OpenPisteBox() {
    mosquitto_disconnect(client_);
    mosquitto_loop_stop(client_, false);
    mosquitto_destroy(client_);
    mosquitto_lib_cleanup();
  }
  OpenPisteBox(const OpenPisteBox&) = delete;
  OpenPisteBox& operator=(const OpenPisteBox&) = delete;
  void tell(const std::string& type, const std::string& rest, bool retain) {
    const std::string text =
        R"({"protocol":"OPP2","version":"1.0","ts":)" + std::to_string(ts_ += 500) + "," + rest + "}";
    const std::string topic = "openpiste/17/apparatus/" + type;
    mosquitto_publish(client_, nullptr, topic.c_str(), static_cast<int>(text.size()), text.data(), 1, retain);
  }
  void lights(bool green) {
    tell("lights",
         std::string(R"("right":{"green":)") + (green ? "true" : "false") +
             R"(,"white":false},"left":{"red":false,"white":false})",
         true);
  }
  void clock() { tell("clock", R"("running":true,"time_ms":180000)", false); }

 private:
  mosquitto* client_ = nullptr;
  std::uint64_t ts_ = 1'700'000'000'000;
};

class MqttListener : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(broker_program)) GTEST_SKIP() << "skipped: mosquitto is not installed";
    broker = std::make_unique<Broker>();
  }
  Box box(const std::string& topics) const {
    return {.address = Mqtt{"", "", "127.0.0.1", broker->port(), topics},
            .protocol = boxes::Protocol::opp2,
            .settings = {}};
  }
  std::unique_ptr<Broker> broker;
  Heard heard;
  const std::string green_lamp = R"("side":"right","state":"valid")";
};

TEST_F(MqttListener, HearsHitsAndOnlySubscribes) {
  OpenPisteBox opp2(broker->port());
  const Listener listener(box("openpiste/17/#"), heard.hearer());
  ASSERT_TRUE(Heard::await([&] {
    opp2.clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return heard.count("running") > 0;
  })) << broker->log();
  opp2.lights(true);
  ASSERT_TRUE(heard.await(green_lamp));
  const double late = base::steady_seconds() - heard.events().back().moment.at;
  EXPECT_GT(late, -0.5);
  EXPECT_LT(late, 2);
  const std::string log = broker->log();
  EXPECT_THAT(log, HasSubstr("openpiste/17/# (QoS 1)"));
}

TEST_F(MqttListener, ABrokersMemoryIsNoHit) {
  OpenPisteBox opp2(broker->port());
  opp2.lights(true);  // of long ago, retained
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const Listener listener(box("openpiste/17/#"), heard.hearer());
  ASSERT_TRUE(Heard::await([&] {
    opp2.clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return heard.count("running") > 0;
  })) << broker->log();
  EXPECT_EQ(heard.count(green_lamp), 0U);
}

TEST_F(MqttListener, ABrokerThatStartsAnewIsFoundAgain) {
  const Listener listener(box("openpiste/#"), heard.hearer());
  for (std::size_t round = 1; round <= 2; ++round) {
    {
      OpenPisteBox opp2(broker->port());
      ASSERT_TRUE(Heard::await([&] {
        opp2.clock();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return heard.count(R"("event":"link","at_ms":0,"error_ms":0,"on":true)") >= round;
      }));
    }
    broker->stop();
    ASSERT_TRUE(heard.await(R"("event":"link","at_ms":0,"error_ms":0,"on":false)", round));
    if (round == 1) broker->start();
  }
  EXPECT_TRUE(Heard::await([&] {
    for (const std::string& notice : heard.notices()) {
      if (notice.find("cannot be reached") != std::string::npos) return true;
    }
    return false;
  }));
}

TEST_F(MqttListener, AFilterThatIsNoneEndsIt) {
  const Listener listener(box("a/#/b"), heard.hearer());
  ASSERT_TRUE(Heard::await([&] { return heard.notices().size() == 2; }));
  EXPECT_THAT(heard.notices()[0], HasSubstr("is no filter of topics"));
}

}  // namespace
}  // namespace piste::inlets

#endif
