// What a box says, over a connection that is cut again and again, to a real server.
#include <gmock/gmock.h>

#include <thread>

#include "base/steady.h"
#include "client/box_courier.h"
#include "server/server_fixture.h"
#include "session/box_tellers.h"
#include "session/pistes.h"
#include "support/cut_proxy.h"

namespace piste::app {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class BoxForwarding : public server::ServerTest {
 protected:
  void listen() {
    listening = registry->pistes().listen("A", [this](const boxes::Event& event) {
      const std::lock_guard lock(mutex);
      heard.push_back(event);
    });
  }
  std::vector<boxes::Event> events() {
    const std::lock_guard lock(mutex);
    return heard;
  }
  client::CourierOptions options_for(std::uint16_t to) {
    return {client::parse_server_url("http://127.0.0.1:" + std::to_string(to)).value(),
            {},
            "A",
            "favero",
            [this](const std::string& text) {
              const std::lock_guard lock(mutex);
              notices += text + "\n";
            }};
  }
  // Each has its number as the score of the left.
  static boxes::Event numbered(int number) {
    return {boxes::Score{{number, 0}}, {base::steady_seconds(), .031}};
  }
  static int number_of(const boxes::Event& event) {
    return std::get<boxes::Score>(event.what).points.left.value();
  }

  std::mutex mutex;
  std::vector<boxes::Event> heard;
  std::string notices;
  session::Pistes::Subscription listening;
};

TEST_F(BoxForwarding, EveryEventArrivesOnceAndInOrderHoweverOftenTheConnectionIsCut) {
  test::CutProxy proxy(port());
  listen();
  client::BoxCourier courier(options_for(proxy.port()));
  std::thread running([&] { EXPECT_TRUE(courier.run()); });
  constexpr int count = 600;
  for (int i = 1; i <= count; ++i) {
    courier.push(numbered(i));
    if (i % 60 == 0) proxy.cut();
    std::this_thread::sleep_for(milliseconds(5));
  }
  courier.end();
  running.join();
  EXPECT_GT(proxy.connections(), 3);
  const auto all = events();
  ASSERT_EQ(all.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) ASSERT_EQ(number_of(all[static_cast<std::size_t>(i)]), i + 1);
  listening = {};
}

// Both clocks are this machine's, so what the client makes of the server's is known.
TEST_F(BoxForwarding, TimesAreOnTheServersClockWithTheErrorOfThat) {
  port();
  listen();
  client::BoxCourier courier(options_for(port()));
  const boxes::Event told{boxes::Lamp{.side = types::Side::left, .state = boxes::LampState::valid},
                          {base::steady_seconds() - .2, .031}};
  courier.push(told);
  courier.end();
  EXPECT_TRUE(courier.run());
  ASSERT_EQ(events().size(), 1U);
  const boxes::Moment moment = events()[0].moment;
  EXPECT_GT(moment.error, .031);
  EXPECT_LT(moment.error, .081);
  EXPECT_LE(std::abs(moment.at - told.moment.at), moment.error - .031 + 1e-4);
  listening = {};
}

TEST_F(BoxForwarding, TheStateOfTheLinkIsInTheStatistics) {
  port();
  client::BoxCourier courier(options_for(port()));
  courier.push({boxes::Link{true, ""}, {base::steady_seconds(), 0}});
  courier.end();
  EXPECT_TRUE(courier.run());
  const std::string stats = registry->stats_json(std::chrono::steady_clock::now());
  EXPECT_THAT(stats, HasSubstr(R"("boxes":{"A":{"protocol":"favero","told_by":"program",)"));
  EXPECT_THAT(stats, HasSubstr(R"("link":true,"events":1,)"));
}

TEST_F(BoxForwarding, APisteThatTheServiceHearsItselfIsRefused) {
  port();
  registry->tellers().hear("A", "fpa", std::chrono::steady_clock::now());
  client::BoxCourier courier(options_for(port()));
  const auto done = courier.run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, client::ErrorCode::refused);
  EXPECT_THAT(done.error().message, HasSubstr("hears the box of piste A itself"));
}

TEST_F(BoxForwarding, EventsAreNoReasonToTryAgainSooner) {
  test::asio::io_context io;
  test::tcp::acceptor refusing(io, test::local(0));  // takes each connection and drops it
  int attempts = 0;
  std::function<void()> accept = [&] {
    refusing.async_accept([&](test::error_code failed, const test::tcp::socket&) {
      if (failed) return;
      ++attempts;
      accept();
    });
  };
  accept();
  client::BoxCourier courier(options_for(refusing.local_endpoint().port()));
  std::atomic<bool> over = false;
  std::thread running([&] {
    EXPECT_TRUE(courier.run());
    over = true;
  });
  for (int i = 1; i <= 200; ++i) {
    courier.push(numbered(i));
    io.run_for(milliseconds(5));
  }
  EXPECT_GE(attempts, 2);
  EXPECT_LE(attempts, 6);
  courier.interrupt();
  while (!over) io.run_for(milliseconds(5));
  running.join();
}

TEST_F(BoxForwarding, WithoutAServiceItGoesOnUntilItIsInterrupted) {
  client::BoxCourier courier(options_for(1));
  std::thread running([&] { EXPECT_TRUE(courier.run()); });
  courier.push(numbered(1));
  std::this_thread::sleep_for(milliseconds(1200));
  courier.interrupt();
  running.join();
  EXPECT_THAT(notices, HasSubstr("events are kept, and it is tried again"));
}

}  // namespace
}  // namespace piste::app
