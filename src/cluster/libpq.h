// PostgreSQL's client library, loaded when it is asked for: a service without a cluster needs neither it nor
// the two dozen libraries that it brings along.
#pragma once

#include <libpq-fe.h>

#include "cluster/error.h"

namespace piste::cluster {

struct Libpq {
  decltype(&PQconninfoParse) conninfo_parse;
  decltype(&PQconninfoFree) conninfo_free;
  decltype(&PQfreemem) free_memory;
  decltype(&PQconnectStartParams) connect_start;
  decltype(&PQconnectPoll) connect_poll;
  decltype(&PQstatus) status;
  decltype(&PQsocket) socket;
  decltype(&PQfinish) finish;
  decltype(&PQerrorMessage) error_message;
  decltype(&PQsetnonblocking) set_nonblocking;
  decltype(&PQsendQueryParams) send_query;
  decltype(&PQflush) flush;
  decltype(&PQconsumeInput) consume_input;
  decltype(&PQisBusy) is_busy;
  decltype(&PQgetResult) get_result;
  decltype(&PQresultStatus) result_status;
  decltype(&PQresultErrorField) error_field;
  decltype(&PQresultErrorMessage) result_message;
  decltype(&PQntuples) rows;
  decltype(&PQnfields) columns;
  decltype(&PQgetisnull) is_null;
  decltype(&PQgetvalue) value;
  decltype(&PQgetlength) length;
  decltype(&PQclear) clear;
  decltype(&PQnotifies) notifies;
};

// Once loaded it stays.
Result<const Libpq*> libpq();

}  // namespace piste::cluster
