// The end of a bench's main: its options are read, it runs, and what went wrong is said.
#pragma once

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <type_traits>

namespace piste::bench {

// bench: gives the exit code, or nothing where all went well. A subcommand's callback runs while the options
// are read.
template <class Bench>
int run_program(CLI::App& app, int argc, char** argv, Bench bench) {
  try {
    app.parse(argc, argv);
    if constexpr (std::is_void_v<std::invoke_result_t<Bench>>)
      bench();
    else
      return bench();
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << std::filesystem::path(argv[0]).filename().string() << ": " << error.what() << "\n";
    return 1;
  }
}

}  // namespace piste::bench
