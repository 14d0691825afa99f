#include "pose/network.h"

#include <onnxruntime_cxx_api.h>
#include <onnxruntime_session_options_config_keys.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace piste::pose {

namespace {

// Some builds of ONNX Runtime report events to their makers, and keep a database of them in the user's cache.
// The variable keeps that from starting, the call from sending.
Ort::Env make_environment() {
  ::setenv("ORT_DISABLE_TELEMETRY", "1", 0);
  Ort::Env env(ORT_LOGGING_LEVEL_FATAL, "piste");
  env.DisableTelemetryEvents();
  return env;
}

// ONNX Runtime wants one environment for a process; it outlives every session.
const Ort::Env& environment() {
  static const Ort::Env env = make_environment();
  return env;
}

struct Provider {
  std::string_view name;        // in the settings
  std::string_view registered;  // in ONNX Runtime
};
constexpr Provider kProviders[] = {{"cpu", "CPUExecutionProvider"},
                                   {"cuda", "CUDAExecutionProvider"},
                                   {"tensorrt", "TensorrtExecutionProvider"},
                                   {"openvino", "OpenVINOExecutionProvider"}};

std::string available_providers() {
  const std::vector<std::string> registered = Ort::GetAvailableProviders();
  std::string names;
  for (const Provider& provider : kProviders) {
    if (std::find(registered.begin(), registered.end(), provider.registered) == registered.end()) continue;
    names += names.empty() ? "" : ", ";
    names += provider.name;
  }
  return names;
}

std::optional<Error> check_provider(const std::string& name) {
  const Provider* known = std::find_if(std::begin(kProviders), std::end(kProviders),
                                       [&](const Provider& provider) { return provider.name == name; });
  if (known == std::end(kProviders)) {
    return Error{ErrorCode::provider,
                 "pose provider \"" + name + "\" is not known; it is one of cpu, cuda, tensorrt, openvino"};
  }
  const std::vector<std::string> registered = Ort::GetAvailableProviders();
  if (std::find(registered.begin(), registered.end(), known->registered) == registered.end()) {
    return Error{ErrorCode::provider, "the ONNX Runtime at hand has no provider \"" + name + "\"; it has " +
                                          available_providers() +
                                          ". Point ONNXRUNTIME_ROOT at a build that has it"};
  }
  return std::nullopt;
}

void append_provider(Ort::SessionOptions& session, const std::string& name) {
  if (name == "cuda") {
    session.AppendExecutionProvider_CUDA_V2(*Ort::CUDAProviderOptions());
  } else if (name == "tensorrt") {
    session.AppendExecutionProvider_TensorRT_V2(*Ort::TensorRTProviderOptions());
    // What TensorRT does not take runs on the same card.
    session.AppendExecutionProvider_CUDA_V2(*Ort::CUDAProviderOptions());
  } else if (name == "openvino") {
    session.AppendExecutionProvider_OpenVINO_V2({});
  }
}

// Without VNNI instructions, x64 sums products of unsigned and signed bytes in 16 bits, which can overflow;
// ONNX Runtime then has a slower way for quantised models. (Switched on where it is not needed, it halves the
// speed.)
bool byte_products_overflow() {
#if defined(__x86_64__)
  return !__builtin_cpu_supports("avx512vnni") && !__builtin_cpu_supports("avxvnni");
#else
  return false;
#endif
}

Ort::SessionOptions session_options(const RuntimeOptions& options) {
  Ort::SessionOptions session;
  session.SetIntraOpNumThreads(std::max(options.threads, 1));
  session.SetInterOpNumThreads(1);
  session.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  // Several sessions share the cores: a thread that spins takes time from another's inference.
  session.AddConfigEntry(kOrtSessionOptionsConfigAllowIntraOpSpinning, "0");
  if (byte_products_overflow()) session.AddConfigEntry(kOrtSessionOptionsAvx2PrecisionMode, "1");
  append_provider(session, options.provider);
  return session;
}

Port describe(const Ort::TypeInfo& type) {
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) return {};
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  Port port{ElementType::other, tensor.GetShape()};
  switch (tensor.GetElementType()) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
      port.type = ElementType::uint8;
      break;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
      port.type = ElementType::int32;
      break;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
      port.type = ElementType::float32;
      break;
    default:
      break;
  }
  return port;
}

// The bytes are handed over instead of the path, so that ONNX Runtime's messages name no path and a model
// cannot refer to other files.
std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return stream.good() || stream.eof() ? std::optional(std::move(bytes)) : std::nullopt;
}

Error not_loaded(const std::filesystem::path& file, const char* why) {
  return {ErrorCode::model, "model " + file.filename().string() + " cannot be loaded: " + why};
}

}  // namespace

struct Network::Session {
  Ort::Session session;
  std::string input_name;
  std::string output_name;
};

Network::Network(std::unique_ptr<Session> session) : session_(std::move(session)) {
  input_ = describe(session_->session.GetInputTypeInfo(0));
  output_ = describe(session_->session.GetOutputTypeInfo(0));
}

Network::~Network() = default;

Result<std::unique_ptr<Network>> Network::load(const std::filesystem::path& file,
                                               const RuntimeOptions& options) {
  if (auto error = check_provider(options.provider)) return *error;
  const std::optional<std::string> bytes = read_file(file);
  if (!bytes) return not_loaded(file, "there is no such file, or it cannot be read");
  try {
    Ort::Session session(environment(), bytes->data(), bytes->size(), session_options(options));
    if (session.GetInputCount() != 1 || session.GetOutputCount() < 1) {
      return not_loaded(file, "it must have one input and at least one output");
    }
    Ort::AllocatorWithDefaultOptions allocator;
    const std::string input = session.GetInputNameAllocated(0, allocator).get();
    const std::string output = session.GetOutputNameAllocated(0, allocator).get();
    std::unique_ptr<Network> network(
        new Network(std::make_unique<Session>(Session{std::move(session), input, output})));
    if (network->output().type != ElementType::float32) return not_loaded(file, "its output is not float32");
    return network;
  } catch (const Ort::Exception& error) {
    return not_loaded(file, error.what());
  }
}

Result<Output> Network::run(Input input) const {
  try {
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const Ort::Value tensor = std::visit(
        [&](auto& values) {
          return Ort::Value::CreateTensor(memory, values.data(), values.size(), input.shape.data(),
                                          input.shape.size());
        },
        input.values);
    const char* input_name = session_->input_name.c_str();
    const char* output_name = session_->output_name.c_str();
    const auto outputs =
        session_->session.Run(Ort::RunOptions{nullptr}, &input_name, &tensor, 1, &output_name, 1);
    const auto info = outputs[0].GetTensorTypeAndShapeInfo();
    const float* values = outputs[0].GetTensorData<float>();
    return Output{{values, values + info.GetElementCount()}, info.GetShape()};
  } catch (const Ort::Exception& error) {
    return Error{ErrorCode::runtime, std::string("the pose model failed: ") + error.what()};
  }
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += i ? ", " : "";
    text += shape[i] < 0 ? "?" : std::to_string(shape[i]);
  }
  return text + "]";
}

std::string to_string(const Port& port) {
  const char* type = "another type";
  switch (port.type) {
    case ElementType::uint8:
      type = "uint8";
      break;
    case ElementType::int32:
      type = "int32";
      break;
    case ElementType::float32:
      type = "float32";
      break;
    case ElementType::other:
      break;
  }
  return std::string(type) + " " + to_string(port.shape);
}

}  // namespace piste::pose
