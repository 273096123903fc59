// Parts of reports that several commands share.
#pragma once

#include <span>
#include <string>

#include "pcapline/output/table.h"
#include "pcapline/pipeline/input.h"

namespace pcapline::cli {

/// The damage section (records.md §2).
Table damage_table(std::span<const FileDamage> damage);
/// `,"damage":[…]`, or nothing where there is none.
std::string damage_member(std::span<const FileDamage> damage);

}  // namespace pcapline::cli
