#include "app/reanalyze_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/comparison.h"
#include "app/complain.h"
#include "app/kept_phrase.h"
#include "app/rejudging.h"
#include "artifacts/artifacts.h"
#include "base/json_text.h"
#include "base/text.h"
#include "client/requests.h"
#include "server/utc_text.h"
#include "session/phrase_folder.h"

namespace piste::app {
namespace {

constexpr std::string_view reanalyze_program = "referee reanalyze";

struct ReanalyzeArguments {
  std::vector<std::string> servers;
  std::string since;
  std::string folder = "referee_output";
  std::string out;
  std::string token;
  std::string ca;
  std::size_t at_once = 4;
};

struct Archive {
  std::vector<KeptPhrase> phrases;
  std::int64_t bouts = 0;
  std::int64_t no_video = 0;
  std::int64_t damaged = 0;
};

// In order of their names, which is the order of time.
std::vector<std::filesystem::path> folders_since(const std::filesystem::path& folder,
                                                 const std::string& since) {
  std::vector<std::filesystem::path> out;
  std::error_code ignored;  // what goes while we look is not there
  for (auto at = std::filesystem::directory_iterator(folder, ignored);
       at != std::filesystem::directory_iterator(); at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (session::PhraseFolder::is_name(name) && name >= since &&
        session::PhraseFolder::has_result(at->path()))
      out.push_back(at->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Archive archive_in(const std::filesystem::path& folder, const std::string& since) {
  Archive archive;
  for (const auto& path : folders_since(folder, since)) {
    auto phrase = kept_phrase(path);
    if (phrase) {
      archive.phrases.push_back(std::move(*phrase));
    } else if (phrase.error().code == Unfit::damaged) {
      ++archive.damaged;
      std::cerr << reanalyze_program << ": " << base::escaped(path.string()) << " cannot be read\n";
    } else {
      ++(phrase.error().code == Unfit::bout ? archive.bouts : archive.no_video);
    }
  }
  return archive;
}

client::Result<Judges> judges_of(const ReanalyzeArguments& arguments) {
  Judges judges{{}, arguments.ca, arguments.at_once};
  for (const std::string& text : arguments.servers) {
    auto server = client::parse_server_url(text);
    if (!server) return server.error();
    if (!arguments.token.empty()) server->authorization = "Bearer " + arguments.token;
    judges.servers.push_back(std::move(*server));
  }
  return judges;
}

bool write_comparison(const ReanalyzeArguments& arguments, const Archive& archive, const Rejudging& judged) {
  if (arguments.out.empty()) return true;
  boost::json::object out{
      {"since", arguments.since},
      {"left_out",
       {{"bouts", archive.bouts}, {"without_video", archive.no_video}, {"not_readable", archive.damaged}}}};
  for (auto& [name, value] : comparison_json(judged.phrases)) out.emplace(name, std::move(value));
  return artifacts::write_file(arguments.out, base::json_text(out) + "\n").ok();
}

int tell(const ReanalyzeArguments& arguments, const Archive& archive, const Rejudging& judged) {
  std::cout << comparison_table(judged.phrases);
  if (archive.bouts + archive.no_video + archive.damaged > 0)
    std::cout << "left out: " << base::plural(archive.bouts, "whole bout") << ", " << archive.no_video
              << " without a video, " << archive.damaged << " that cannot be read\n";
  std::cout << std::flush;
  if (!judged.remaining.empty())
    std::cerr << reanalyze_program << ": " << base::plural(std::ssize(judged.remaining), "session")
              << " could not be removed from the servers, the first of them " << judged.remaining.front()
              << "\n";
  if (!write_comparison(arguments, archive, judged))
    return complain(reanalyze_program, arguments.out + ": cannot be written");
  if (!judged.stopped.empty())
    return complain(reanalyze_program, judged.stopped, client::exit_code(judged.why));
  const bool all =
      std::ranges::all_of(judged.phrases, [](const Rejudged& one) { return one.now.has_value(); });
  return all && archive.damaged == 0 && !judged.phrases.empty() ? 0 : exit_failed;
}

// Better said before anything is sent.
client::Result<base::Done> find(const Judges& judges) {
  for (const auto& server : judges.servers) {
    const auto response = client::get(server, judges.ca, "/health");
    if (!response) return response.error();
    if (response->status != 200)
      return client::Error{client::ErrorCode::connection,
                           server.shown("/health") + ": " + client::refusal(*response)};
  }
  return base::Done{};
}

int run(const ReanalyzeArguments& arguments) {
  const auto since = server::folder_time(arguments.since);
  if (!since)
    return complain(reanalyze_program,
                    "--since must be a day or a moment of UTC: 2026-11-28, 2026-11-28T18:30:00Z");
  if (!std::filesystem::is_directory(arguments.folder))
    return complain(reanalyze_program, arguments.folder + ": no such folder");
  const auto judges = judges_of(arguments);
  if (!judges) return complain(reanalyze_program, judges.error().message);
  if (const auto found = find(*judges); !found)
    return complain(reanalyze_program, found.error().message, client::exit_code(found.error().code));
  const Archive archive = archive_in(arguments.folder, *since);
  std::cerr << base::plural(std::ssize(archive.phrases), "phrase") << " to be judged again\n";
  const auto judged = judge_again(archive.phrases, *judges, [&](std::size_t done) {
    if (done % 100 == 0) std::cerr << done << " of " << archive.phrases.size() << "\n";
  });
  return tell(arguments, archive, judged);
}

}  // namespace

void add_reanalyze_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ReanalyzeArguments>();
  auto* command = app.add_subcommand(
      "reanalyze", "Judge kept phrases once more, by services as they are now, and compare");
  command->add_option("server", arguments->servers, "Services that judge them: http://host:8000 ...")
      ->required();
  command->add_option("--since", arguments->since, "A day or a moment of UTC: 2026-11-28")->required();
  command->add_option("--output-dir", arguments->folder, "where the phrases are kept")
      ->envname("REFEREE_OUTPUT_DIR")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "Save the comparison as JSON to this file");
  command->add_option("--at-once", arguments->at_once, "Phrases at a time at each service")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--token", arguments->token, "The token of an owner; better in REFEREE_TOKEN")
      ->envname("REFEREE_TOKEN");
  command->add_option("--ca", arguments->ca, "File with certificates to trust (PEM), for https")
      ->check(CLI::ExistingFile);
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace piste::app
