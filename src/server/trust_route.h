// How a phone comes to trust a club's own certificate: a page, and the authority's certificate in the forms
// that phones take. They are answered over plain HTTP, too, on the port that speaks TLS: who does not trust
// it yet could not ask otherwise.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply trust_reply(const Question& asked);
Reply authority_reply(const Question& asked);     // for Android and computers
Reply mobileconfig_reply(const Question& asked);  // for iPhones
Reply qr_reply(const Question& asked);            // "?text=" as a picture

}  // namespace piste::server
