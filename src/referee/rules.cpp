#include "referee/rules.h"

namespace piste::referee {
namespace {

using types::Weapon;

constexpr std::string_view kPhraseFoil = "t.83-t.88";
constexpr std::string_view kPhraseSabre = "t.100-t.106";
constexpr std::string_view kHitsFoil = "t.89";

constexpr std::array<Article, 12> kArticles{{
    {Rule::attack, kPhraseFoil, kPhraseSabre, "", "attack"},
    {Rule::attack_stopped, kPhraseFoil, kPhraseSabre, "", "attack that stops"},
    {Rule::preparation, kPhraseFoil, kPhraseSabre, "", "preparation"},
    {Rule::parry_riposte, kPhraseFoil, kPhraseSabre, "", "parry and riposte"},
    {Rule::remise, kPhraseFoil, kPhraseSabre, "", "remise"},
    {Rule::counter_attack, kPhraseFoil, kPhraseSabre, "", "counter-attack"},
    {Rule::simultaneous, kPhraseFoil, kPhraseSabre, "", "simultaneous actions"},
    {Rule::no_hit, kHitsFoil, kPhraseSabre, "apparatus", "no valid hit"},
    {Rule::single_hit, kHitsFoil, kPhraseSabre, "apparatus", "single hit"},
    {Rule::off_target, kHitsFoil, "", "", "hit off the target"},
    {Rule::too_late, "apparatus", "apparatus", "apparatus", "hit after the lockout"},
    {Rule::double_hit, "", "", "apparatus", "double hit"},
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
