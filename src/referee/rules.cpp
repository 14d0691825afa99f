#include "referee/rules.h"

namespace piste::referee {
namespace {

using types::Weapon;

constexpr std::string_view kPhraseFoil = "t.83-t.88";
constexpr std::string_view kPhraseSabre = "t.100-t.106";
constexpr std::string_view kHitsFoil = "t.89";

constexpr std::array<Article, kRules> kArticles{{
    {Rule::attack, kPhraseFoil, kPhraseSabre, "", "attack", 0},
    {Rule::attack_stopped, kPhraseFoil, kPhraseSabre, "", "attack that stops", 0},
    {Rule::preparation, kPhraseFoil, kPhraseSabre, "", "preparation", 0.2},
    {Rule::parry_riposte, kPhraseFoil, kPhraseSabre, "", "parry and riposte", 1.5},
    {Rule::remise, kPhraseFoil, kPhraseSabre, "", "remise", 0.3},
    {Rule::beat, kPhraseFoil, kPhraseSabre, "", "beat", 0.1},
    {Rule::counter_attack, kPhraseFoil, kPhraseSabre, "", "counter-attack", 0.05},
    {Rule::point_in_line, kPhraseFoil, kPhraseSabre, "", "point in line", 0.3},
    {Rule::simultaneous, kPhraseFoil, kPhraseSabre, "", "simultaneous actions", 0},
    {Rule::no_hit, kHitsFoil, kPhraseSabre, "apparatus", "no valid hit", 0},
    {Rule::single_hit, kHitsFoil, kPhraseSabre, "apparatus", "single hit", 0},
    {Rule::off_target, kHitsFoil, "", "", "hit off the target", 0},
    {Rule::too_late, "apparatus", "apparatus", "apparatus", "hit after the lockout", 0},
    {Rule::double_hit, "", "", "apparatus", "double hit", 0},
}};

}  // namespace

const Article& article(Rule rule) {
  return kArticles[static_cast<std::size_t>(rule)];
}

std::string cite(Rule rule, Weapon weapon) {
  const Article& entry = article(rule);
  const std::string_view number = weapon == Weapon::foil   ? entry.foil
                                  : weapon == Weapon::epee ? entry.epee
                                                           : entry.sabre;
  if (number.empty()) return std::string(entry.name);
  return (number.front() == 't' ? "FIE " : "") + std::string(number) + ", " + std::string(entry.name);
}

Lockout lockout_of(Weapon weapon) {
  switch (weapon) {
    case Weapon::foil:
      return {0.300, 0.325};
    case Weapon::epee:
      return {0.045, 0.050};
    default:
      return {0.170, 0.180};
  }
}

}  // namespace piste::referee
