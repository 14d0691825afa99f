// A client of libmosquitto, and the library for as long as there is one. Where there is no libmosquitto
// (PISTE_MQTT), nobody includes this.
#pragma once

#include <mosquitto.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace piste::inlets {

class MqttClient {
 public:
  // owner: what its callbacks are given.
  explicit MqttClient(void* owner = nullptr) : client_(mosquitto_new(nullptr, true, owner)) {}

  explicit operator bool() const { return client_ != nullptr; }
  mosquitto* get() const { return client_.get(); }

  // Of a call that has just failed with this code.
  static std::string text(int code) {
    return code == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(code);
  }

 private:
  struct Library {
    Library() { mosquitto_lib_init(); }
    ~Library() { mosquitto_lib_cleanup(); }
  };
  struct Free {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
  };
  const Library library_;
  const std::unique_ptr<mosquitto, Free> client_;
};

}  // namespace piste::inlets
