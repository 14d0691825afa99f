// One ONNX model in ONNX Runtime. Private to pose: the only place that knows ONNX Runtime's API.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "pose/estimator.h"

namespace piste::pose {

enum class ElementType { uint8, int32, float32, other };

using Shape = std::vector<std::int64_t>;

// An input or output as the model declares it. A dimension that the model leaves open is -1.
struct Port {
  ElementType type = ElementType::other;
  Shape shape;
};

// What goes in; the alternative must be that of the input's type, with as many values as shape says.
struct Input {
  std::variant<std::vector<std::uint8_t>, std::vector<std::int32_t>, std::vector<float>> values;
  Shape shape;
};

struct Output {
  std::vector<float> values;
  Shape shape;
};

// run() may be called by several threads at once.
class Network {
 public:
  // Refuses models that have not exactly one input and a first output of float32.
  static Result<std::unique_ptr<Network>> load(const std::filesystem::path& file,
                                               const RuntimeOptions& options);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const Port& input() const { return input_; }
  const Port& output() const { return output_; }  // the first one
  Result<Output> run(Input input) const;

 private:
  struct Session;
  explicit Network(std::unique_ptr<Session> session);

  std::unique_ptr<Session> session_;
  Port input_;
  Port output_;
};

// "[1, ?, ?, 3]" and "uint8 [1, ?, ?, 3]", for messages.
std::string to_string(const Shape& shape);
std::string to_string(const Port& port);

}  // namespace piste::pose
