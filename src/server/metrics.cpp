#include "server/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>
#include <vector>

#include "protocol/print.h"
#include "session/counters.h"

namespace piste::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using session::Count;
using std::chrono::steady_clock;

class Page {
 public:
  void counter(const char* name, const char* help, double value) { counters(name, help, "", {{"", value}}); }
  // label: the name of the label that tells the values apart.
  void counters(const char* name, const char* help, const char* label,
                const std::vector<std::pair<std::string, double>>& values) {
    MetricFamily& family = add(name, help, MetricType::Counter);
    for (const auto& [kind, value] : values) {
      family.metric.push_back(metric(label, kind));
      family.metric.back().counter.value = value;
    }
  }
  void gauge(const char* name, const char* help, double value) {
    add(name, help, MetricType::Gauge).metric.emplace_back().gauge.value = value;
  }
  template <std::size_t N>
  void histogram(const char* name, const char* help, const base::Histogram<N>& times) {
    auto& shown = add(name, help, MetricType::Histogram).metric.emplace_back().histogram;
    for (std::size_t i = 0; i < N; ++i) {
      shown.sample_count += times.count(i);
      shown.bucket.push_back({shown.sample_count, times.bounds()[i]});
    }
    shown.sample_count += times.count(N);
    shown.bucket.push_back({shown.sample_count, std::numeric_limits<double>::infinity()});
    shown.sample_sum = times.sum();
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  MetricFamily& add(const char* name, const char* help, MetricType type) {
    families_.push_back({std::string("piste_") + name, help, type, {}});
    return families_.back();
  }
  static ClientMetric metric(const std::string& label, const std::string& value) {
    ClientMetric made;
    if (!label.empty()) made.label.push_back({label, value});
    return made;
  }

  std::vector<MetricFamily> families_;
};

double value(const Count& count) {
  return static_cast<double>(count.value());
}

void add_sessions(Page& page, const session::Counters& counters) {
  page.counter("sessions_started_total", "Sessions that began", value(counters.sessions_started));
  page.counter("sessions_refused_total", "Sessions that were not let begin",
               value(counters.sessions_refused));
  page.counters("sessions_ended_total", "Sessions that ended, by how; the completion rate is result / all",
                "end",
                {{"result", value(counters.sessions_completed)},
                 {"failure", value(counters.sessions_failed)},
                 {"dropped", value(counters.sessions_dropped)}});
  page.counters("uploads_total", "POST /analyze, by how it ended", "end",
                {{"result", value(counters.uploads_completed)}, {"failure", value(counters.uploads_failed)}});
  std::vector<std::pair<std::string, double>> verdicts;
  for (std::size_t i = 0; i < counters.verdicts.size(); ++i)
    verdicts.emplace_back(to_string(static_cast<types::Winner>(i)), value(counters.verdicts[i]));
  page.counters("verdicts_total", "Verdicts, by winner", "winner", verdicts);
}

void add_frames(Page& page, const session::Counters& counters) {
  page.counters("frames_total", "Frames, by the answer that they got", "answer",
                {{"received", value(counters.frames_received)},
                 {"duplicate", value(counters.frames_duplicate)},
                 {"error", value(counters.frames_rejected)}});
  page.counter("frames_undecodable_total",
               "Frames of completed sessions that were taken and could not be decoded",
               value(counters.frames_undecodable));
  page.counter("frame_bytes_total", "Bytes of the frames that were taken", value(counters.bytes_received));
  std::vector<std::pair<std::string, double>> errors;
  for (std::size_t i = 0; i < counters.errors.size(); ++i)
    errors.emplace_back(protocol::name_of(static_cast<protocol::ErrorCode>(i)), value(counters.errors[i]));
  page.counters("errors_total", "Error messages to clients, by code", "code", errors);
}

void add_times(Page& page, const Service& service, const session::Counters& counters) {
  page.histogram("ack_seconds", "From a frame's arrival to its acknowledgement", service.ack_time);
  page.histogram("result_seconds", "From the scoring log to the result", counters.result_time);
  std::vector<std::pair<std::string, double>> seconds;
  std::vector<std::pair<std::string, double>> phrases;
  for (const auto& [stage, total] : counters.stages.totals()) {
    seconds.emplace_back(stage, total.seconds);
    phrases.emplace_back(stage, static_cast<double>(total.phrases));
  }
  page.counters("stage_seconds_total", "Time of the analysis, by stage", "stage", seconds);
  page.counters("stage_phrases_total", "Phrases that went through a stage", "stage", phrases);
  page.counter("saved_seconds_total",
               "Of completed sessions that were streamed while they were fenced, how long that was: an "
               "upload would have begun only then; files count nothing",
               value(counters.milliseconds_saved) / 1000);
}

void add_state(Page& page, const Service& service) {
  const session::Load load = service.registry.load(steady_clock::now());
  page.gauge("sessions_active", "Sessions and uploads now", static_cast<double>(service.registry.active()));
  page.gauge("sessions_max", "Sessions at a time at most",
             static_cast<double>(service.registry.limits().max_sessions));
  page.gauge("frames_waiting", "Frames that wait for the analysis", static_cast<double>(load.frames_waiting));
  page.gauge("frame_memory_bytes", "Frames held in memory", static_cast<double>(load.memory_bytes));
  page.gauge("frame_memory_max_bytes", "Frames held in memory at most",
             static_cast<double>(load.max_memory_bytes));
  page.gauge("disk_free_bytes", "Free where the artifacts go", static_cast<double>(load.free_disk_bytes));
  page.gauge("connections", "Open connections", static_cast<double>(service.connections.size()));
  const std::chrono::duration<double> uptime = steady_clock::now() - service.started;
  page.gauge("uptime_seconds", "Since the start", uptime.count());
}

}  // namespace

std::string metrics_text(const Service& service) {
  const session::Counters& counters = service.registry.counters();
  Page page;
  add_sessions(page, counters);
  add_frames(page, counters);
  add_times(page, service, counters);
  add_state(page, service);
  return page.text();
}

}  // namespace piste::server
