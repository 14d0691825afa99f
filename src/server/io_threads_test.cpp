#include "server/io_threads.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace piste::server {
namespace {

TEST(IoThreads, ConnectionsAreSpreadEvenly) {
  IoThreads threads(3);
  std::vector<IoThreads::Place> places;
  for (int i = 0; i < 6; ++i) places.push_back(threads.take_place());
  std::multiset<const void*> contexts;
  for (const auto& place : places) contexts.insert(&place.context());
  for (const auto& place : places) EXPECT_EQ(contexts.count(&place.context()), 2u);
}

TEST(IoThreads, APlaceThatIsGivenBackIsTheNextToBeTaken) {
  IoThreads threads(2);
  const auto first = threads.take_place();
  std::optional<IoThreads::Place> second(threads.take_place());
  const auto* const freed = &second->context();
  const auto third = threads.take_place();
  const auto fourth = threads.take_place();
  second.reset();
  EXPECT_EQ(&threads.take_place().context(), freed);
}

TEST(IoThreads, EachContextRunsOnAThreadOfItsOwn) {
  IoThreads threads(2);
  const auto first = threads.take_place();
  const auto second = threads.take_place();
  std::thread::id one;
  std::thread::id other;
  boost::asio::post(first.context(), [&] {
    one = std::this_thread::get_id();
    boost::asio::post(second.context(), [&] {
      other = std::this_thread::get_id();
      threads.stop();
    });
  });
  threads.run();
  EXPECT_NE(one, other);
  EXPECT_NE(other, std::thread::id());
}

TEST(IoThreads, AHandlerThatThrowsDoesNotEndItsThread) {
  IoThreads threads(1);
  bool reached = false;
  boost::asio::post(threads.first(), [] { throw std::runtime_error("unexpected"); });
  boost::asio::post(threads.first(), [&] {
    reached = true;
    threads.stop();
  });
  threads.run();
  EXPECT_TRUE(reached);
}

}  // namespace
}  // namespace piste::server
