#include "cluster/libpq.h"

#include <dlfcn.h>

#include <string>

namespace piste::cluster {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, Libpq& found) {
  return find(library, "PQconninfoParse", found.conninfo_parse) &&
         find(library, "PQconninfoFree", found.conninfo_free) &&
         find(library, "PQfreemem", found.free_memory) &&
         find(library, "PQconnectStartParams", found.connect_start) &&
         find(library, "PQconnectPoll", found.connect_poll) && find(library, "PQstatus", found.status) &&
         find(library, "PQsocket", found.socket) && find(library, "PQfinish", found.finish) &&
         find(library, "PQerrorMessage", found.error_message) &&
         find(library, "PQsetnonblocking", found.set_nonblocking) &&
         find(library, "PQsendQueryParams", found.send_query) && find(library, "PQflush", found.flush) &&
         find(library, "PQconsumeInput", found.consume_input) && find(library, "PQisBusy", found.is_busy) &&
         find(library, "PQgetResult", found.get_result) &&
         find(library, "PQresultStatus", found.result_status) &&
         find(library, "PQresultErrorField", found.error_field) &&
         find(library, "PQresultErrorMessage", found.result_message) &&
         find(library, "PQntuples", found.rows) && find(library, "PQnfields", found.columns) &&
         find(library, "PQgetisnull", found.is_null) && find(library, "PQgetvalue", found.value) &&
         find(library, "PQgetlength", found.length) && find(library, "PQclear", found.clear) &&
         find(library, "PQnotifies", found.notifies);
}

Result<const Libpq*> load() {
  static Libpq loaded;
  void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library || !find_all(library, loaded))
    return Error{ErrorCode::refused, "libpq is not installed (Debian's package libpq5)"};
  return &loaded;
}

}  // namespace

Result<const Libpq*> libpq() {
  static const Result<const Libpq*> loaded = load();
  return loaded;
}

}  // namespace piste::cluster
