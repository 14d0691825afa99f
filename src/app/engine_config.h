// The settings of the analysis, shared by the service and `referee analyze`.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "app/settings.h"
#include "pipeline/engine.h"

namespace piste::app {

struct EngineConfig {
  pipeline::EngineOptions options;   // its models are filled in by find_models()
  std::filesystem::path models_dir;  // REFEREE_MODELS_DIR; empty: beside the program
  std::filesystem::path yolo_model;  // REFEREE_YOLO_MODEL; empty: MoveNet
  bool weapon_said = false;          // somebody has chosen it
};

// config must outlive the settings.
void add_engine_settings(Settings& settings, EngineConfig& config);

// Fills in the model files: the YOLO export if there is one, else MoveNet from models_dir, from ../../models
// beside a program in build/bin, or from ../share/piste/models beside an installed one. Files that are
// missing are an error that names the setting.
base::Result<base::Done, Exit> find_models(EngineConfig& config, const std::filesystem::path& program);

// The running program's own file.
std::filesystem::path program_path();

// Role and name of each model, for people.
std::vector<std::pair<std::string, std::string>> model_names(const pipeline::EngineOptions& options);

}  // namespace piste::app
