// A series is the totals, parted by time: for any frames, in any cut.
#include <random>

#include "pcapline/stats/counters.h"
#include "pcapline/stats/series.h"
#include "support/catch.h"
#include "support/corpus.h"

#include "pcapline/capture/frame_source.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr SeriesBy ways[] = {SeriesBy::nothing, SeriesBy::application, SeriesBy::protocol, SeriesBy::address,
                             SeriesBy::port,    SeriesBy::interface,   SeriesBy::vlan};

/// Every row, and what it says.
std::string told(const Series& series) {
    std::string all;
    series.each(false, [&](const Series::Row& row) {
        all += std::to_string(row.time_ns) + ' ' + std::to_string(row.key == Series::no_key ? 0 : Series::number_of(series.by(), row.key));
        const bool text = series.by() != SeriesBy::interface && series.by() != SeriesBy::vlan && row.key != Series::no_key;
        if (series.by() == SeriesBy::address) all = all.substr(0, all.rfind(' '));  // its number depends on the order
        if (text) all += series.text_of(row.key);
        for (const std::uint64_t n : {row.count.packets, row.count.wire_bytes, row.count.ip_bytes, row.count.payload_bytes})
            all += ' ' + std::to_string(n);
        all += '\n';
        return true;
    });
    return all;
}

Series::Count sum_of(const Series& series) {
    Series::Count sum;
    series.each(false, [&](const Series::Row& row) {
        sum.packets += row.count.packets;
        sum.wire_bytes += row.count.wire_bytes;
        sum.ip_bytes += row.count.ip_bytes;
        sum.payload_bytes += row.count.payload_bytes;
        return true;
    });
    return sum;
}

}  // namespace

TEST_CASE("A series of any interval adds up to the totals, and is the same for any cut", "[laws][stats]") {
    std::mt19937_64 random{17};
    std::uint64_t rows = 0;
    for (const std::string& file : corpus_files()) {
        auto source = open_capture(file);
        if (!source) continue;
        const auto interval = static_cast<std::int64_t>(1 + random() % 2'000'000'000);
        const SeriesBy by = ways[random() % std::size(ways)];
        Sections sections;
        sections.summary = true;
        Counters counters{sections};
        Series whole{interval, by};
        Series merged{interval, by};
        Series part{interval, by};
        Batch batch;
        std::uint64_t packets = 0;
        while (packets < 3000 && (*source)->next(batch)) {
            packets += batch.frames.size();
            whole.add(batch.frames);
            for (const Frame& frame : batch.frames) {
                if (frame.has_time()) counters.add({&frame, 1});
                part.add({&frame, 1});
                if (random() % 5 != 0) continue;
                merged.merge(part);
                part.clear();
            }
        }
        merged.merge(part);
        INFO(file << " every " << interval << " ns by " << static_cast<int>(by));
        CHECK(told(merged) == told(whole));
        CHECK(whole.packets() == packets);
        CHECK(whole.without_time() + counters.totals.packets == packets);
        rows += whole.rows(false);
        if (by == SeriesBy::address || by == SeriesBy::port) continue;  // each packet counts at both of its ends
        const Series::Count sum = sum_of(whole);
        CHECK(sum.packets == counters.totals.packets);
        CHECK(sum.wire_bytes == counters.totals.wire_bytes);
        CHECK(sum.ip_bytes == counters.totals.ip_bytes);
        CHECK(sum.payload_bytes == counters.totals.payload_bytes);
    }
    CHECK(rows > 100);
}
