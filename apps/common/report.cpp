#include "apps/common/report.h"

namespace pcapline::cli {

Table damage_table(std::span<const FileDamage> damage) {
    Table table{"damage", {{"file"}, {"what"}, {"offset"}, {"good_packets"}, {"skipped_bytes"}}, {}};
    for (const FileDamage& one : damage)
        table.rows.push_back({Cell::of(one.file), Cell::of(one.damage.what), Cell::of(one.damage.offset), Cell::of(one.damage.good_packets),
                              Cell::of(one.damage.skipped_bytes)});
    return table;
}

std::string damage_member(std::span<const FileDamage> damage) {
    if (damage.empty()) return "";
    TextBuffer text;
    text.put(",\"damage\":");
    put_json_array(text, damage_table(damage));
    return std::string{text.view()};
}

}  // namespace pcapline::cli
