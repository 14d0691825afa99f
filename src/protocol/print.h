// The server's messages -> JSON text.
#pragma once

#include <string>
#include <string_view>

#include "protocol/messages.h"

namespace piste::protocol {

std::string_view name_of(ErrorCode code);  // as in "error_code"

std::string print(const SessionStarted& message);
std::string print(const SessionResumed& message);
std::string print(const FrameAck& message);
std::string print(const SessionEnded& message);
std::string print(const SignalAck& message);
std::string print(const TouchAck& message);
std::string print(const PhraseDecision& message);
std::string print(const PhraseComplete& message);
std::string print(const PictureLag& message);
std::string print(const ProcessStart& message);
std::string print(const ProcessProgress& message);
std::string print(const ProcessComplete& message);
std::string print(const Error& message);
std::string print(const SessionAborted& message);
std::string print(const Pong& message);
std::string print(const BoxOpened& message);
std::string print(const BoxAck& message);

}  // namespace piste::protocol
