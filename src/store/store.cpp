#include "store/store.h"

namespace piste::store {

Result<Manifest> Store::find(const session::SessionKey& key) const {
  return read(session_key(key));
}

Result<Manifest> Store::find_folder(const std::string& folder) const {
  return read(manifest_key(folder));
}

Result<Manifest> Store::read(const std::string& key) const {
  const auto text = asked_.get(key);
  if (!text) return text.error();
  if (auto manifest = parse_manifest(*text)) {
    if (outbox_.forgets(manifest->folder)) return Error{ErrorCode::missing, "the phrase was removed"};
    return std::move(*manifest);
  }
  return Error{ErrorCode::refused, "what the store says of a phrase cannot be read"};
}

}  // namespace piste::store
