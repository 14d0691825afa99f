#include "server/home_page.h"

namespace piste::server {
namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Piste</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#222;background:#fff}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8bf}}
code{background:#8882;padding:.1em .3em;border-radius:3px}dt{margin-top:.6rem}
</style></head><body>
<h1>Piste</h1>
<p>The referee's second pair of eyes in fencing. A camera's frames come in, the scoring box's log follows,
and the verdict comes back: who has right of way, why, and how sure that is.</p>
<dl>
<dt><code>ws://…/stream</code></dt><dd>WebSocket: frames and the scoring log in, verdict out.</dd>
<dt><code>POST /analyze</code></dt><dd>multipart/form-data with <code>video</code> and <code>signal</code>;
optional <code>include_keypoints</code>, <code>save_overlay</code>, <code>weapon</code>.</dd>
<dt><a href="/streaming/stats"><code>GET /streaming/stats</code></a></dt><dd>The active sessions.</dd>
<dt><a href="/health"><code>GET /health</code></a></dt><dd>Whether the service is well.</dd>
</dl>
<p>Version )";

}  // namespace

std::string home_page(std::string_view version) {
  return std::string(head) + std::string(version) + "</p>\n</body></html>\n";
}

}  // namespace piste::server
