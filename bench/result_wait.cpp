#include "result_wait.h"

#include <thread>

namespace piste::bench {

test::Response await_result(std::uint16_t port, const std::string& session_id,
                            std::chrono::steady_clock::time_point until) {
  for (;;) {
    auto answer = test::HttpClient(port).get("/sessions/" + session_id + "/result");
    if (answer.result_int() != 202 || std::chrono::steady_clock::now() >= until) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace piste::bench
