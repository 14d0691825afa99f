// Expected failures are values: a function that can fail returns Result<T, Code>, where Code is the small
// error enum of its module. Exceptions are left for the unexpected.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace piste::base {

// What went wrong (Code, for programs) and how to tell a person (message: what was wrong and what would be
// right; never a path of the server, for it may be sent to a client).
template <class Code>
struct Error {
  Code code;
  std::string message;
};

// Either a T or an Error<Code>. [[nodiscard]]: a failure cannot be dropped by accident.
template <class T, class Code>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}            // NOLINT: implicit on purpose
  Result(Error<Code> error) : content_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition: ok().
  T& value() & { return std::get<0>(content_); }
  const T& value() const& { return std::get<0>(content_); }
  T&& value() && { return std::get<0>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !ok().
  const Error<Code>& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, Error<Code>> content_;
};

// Success without a value: Result<Done, Code>.
struct Done {};

}  // namespace piste::base
