#include "client/verdict_text.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "base/text.h"

namespace piste::client {
namespace {

namespace json = boost::json;

constexpr std::size_t shown_findings = 5;
constexpr std::size_t shown_warnings = 5;

std::string text_of(const json::value* value) {
  if (!value || !value->is_string()) return {};
  return base::escaped(std::string_view(value->get_string()));
}

std::string text_at(const json::object& object, std::string_view key) {
  return text_of(object.if_contains(key));
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_array() : nullptr;
}

std::string number_at(const json::object& object, std::string_view key, const char* format,
                      double factor = 1) {
  const json::value* value = object.if_contains(key);
  if (!value || !value->is_number()) return {};
  char out[64];
  std::snprintf(out, sizeof out, format, value->to_number<double>() * factor);
  return out;
}

// A line "Label:       text"; nothing without a text.
void add(std::string& out, std::string_view label, const std::string& text) {
  if (text.empty()) return;
  std::string head = label.empty() ? "" : std::string(label) + ":";
  head.resize(13, ' ');
  out += head + text + '\n';
}

double weight_of(const json::object& finding) {
  const json::value* weight = finding.if_contains("weight");
  return weight && weight->is_number() ? std::abs(weight->to_number<double>()) : 0;
}

// The findings of the trace that weigh most, in order of time.
void add_findings(std::string& out, const json::object& decision) {
  const json::array* trace = array_at(decision, "trace");
  if (!trace) return;
  std::vector<const json::object*> findings;
  std::vector<double> weights;
  for (const json::value& item : *trace) {
    const json::object* finding = item.if_object();
    if (!finding || text_at(*finding, "text").empty()) continue;
    findings.push_back(finding);
    weights.push_back(weight_of(*finding));
  }
  std::sort(weights.begin(), weights.end(), std::greater<>());
  const double least = weights.size() > shown_findings ? weights[shown_findings - 1] : 0;
  std::size_t shown = 0;
  for (const json::object* finding : findings) {
    if (weight_of(*finding) < least || shown == shown_findings) continue;
    add(out, shown++ == 0 ? "Because" : "",
        number_at(*finding, "time", "%.2f s  ") + text_at(*finding, "text"));
  }
}

void add_artifacts(std::string& out, const json::object& result) {
  add(out, "Artifacts", text_at(result, "artifact_dir"));
  const json::value* artifacts = result.if_contains("artifacts");
  if (!artifacts) return;
  if (const json::object* named = artifacts->if_object()) {
    for (const auto& [name, path] : *named) {
      if (path.is_string()) add(out, "", base::escaped(std::string_view(name)) + ": " + text_of(&path));
    }
  } else if (const json::array* listed = artifacts->if_array()) {
    for (const json::value& path : *listed) add(out, "", text_of(&path));
  }
}

void add_warnings(std::string& out, const json::object& result) {
  const json::array* warnings = array_at(result, "warnings");
  if (!warnings) return;
  for (std::size_t i = 0; i < warnings->size() && i < shown_warnings; ++i)
    add(out, "Note", text_of(&(*warnings)[i]));
}

std::string winner_line(const json::object& result, const json::object& decision) {
  std::string winner = text_at(decision, "winner");
  if (winner.empty()) winner = text_at(result, "winner");
  if (winner.empty()) return {};
  const std::string confidence = number_at(decision, "confidence", " (confidence %.0f %%)", 100);
  return winner + confidence;
}

bool is_true(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

}  // namespace

VerdictText describe_result(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return {false, "The server's result cannot be read.\n"};
  const json::object& result = value.get_object();
  const json::object* decision = object_at(result, "decision");
  const json::object& judged = decision ? *decision : result;

  VerdictText out;
  const std::string status = text_at(result, "status");
  const std::string winner = winner_line(result, judged);
  out.analysed = !winner.empty() && status != "error" && status != "failed";
  add(out.text, "Winner", winner.empty() ? "not decided" : winner);
  std::string reason = text_at(judged, "reason");
  if (reason.empty()) reason = text_at(result, "reason");
  if (reason.empty()) reason = text_at(result, "error");
  add(out.text, "Reason", reason);
  add_findings(out.text, judged);
  if (is_true(judged, "review")) {
    const std::string why = text_at(judged, "review_reason");
    add(out.text, "Review", "a person should look" + (why.empty() ? "" : ": " + why));
  }
  add(out.text, "On the box", text_at(judged, "human_verdict"));
  add_warnings(out.text, result);
  add(out.text, "Analysed in", number_at(result, "processing_time_seconds", "%.2f s after the last message"));
  add_artifacts(out.text, result);
  return out;
}

std::string phrase_line(const PhraseComplete& phrase) {
  char text[96];
  std::snprintf(text, sizeof text, "%3d  %-6s  %.2f  %-6s  %d:%d  ", phrase.number,
                base::escaped(phrase.winner).substr(0, 6).c_str(), phrase.confidence,
                phrase.review ? "review" : "", phrase.left, phrase.right);
  return text + base::escaped(phrase.reason);
}

VerdictText describe_bout(std::string_view summary) {
  boost::system::error_code failed;
  const json::value value = json::parse(summary, failed);
  const json::object* bout = failed ? nullptr : value.if_object();
  const json::array* phrases = bout ? array_at(*bout, "phrases") : nullptr;
  if (!phrases) return {false, "The server's result cannot be read.\n"};
  VerdictText out{true, {}};
  add(out.text, "Phrases", std::to_string(phrases->size()));
  if (const json::object* score = object_at(*bout, "score"))
    add(out.text, "Score", number_at(*score, "left", "%.0f") + ":" + number_at(*score, "right", "%.0f"));
  if (const json::array* hits = array_at(*bout, "left_out"); hits && !hits->empty())
    add(out.text, "No phrase's", std::to_string(hits->size()) + " hits, as of weapons that were tested");
  return out;
}

}  // namespace piste::client
