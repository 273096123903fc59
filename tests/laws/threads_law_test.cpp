// Any cut of a file into ranges, on any number of threads, counts what one reader counts.
#include <random>

#include "pcapline/output/table.h"
#include "pcapline/pipeline/ranges.h"
#include "pcapline/stats/report.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr Sections everything{true, true, true, true, true, true, true, true, true, true};

/// Everything that was counted, as text.
std::string told(const Counters& counters) {
    TextBuffer out;
    const std::uint64_t packets = counters.totals.packets;
    for (const Table& table :
         {summary_table(counters.totals, 0), protocols_table(counters.stacks, packets), layers_table(counters.stacks, packets),
          applications_table(counters.applications, Applications::well_known(), packets, {}), endpoints_table(counters.endpoints, {}),
          ports_table(counters.ports, {}), tcp_table(counters.tcp)})
        put_csv(out, table);
    put_lengths_json(out, counters.lengths, packets);
    for (const std::uint64_t of_interface : counters.packets_of_interface) out.put(" " + std::to_string(of_interface));
    return std::string{out.view()};
}

struct Answer {
    std::string counted;
    std::string damage;
    bool operator==(const Answer&) const = default;
};

std::string told(const std::optional<Damage>& damage) {
    return damage ? damage->what + " at " + std::to_string(damage->offset) + " after " + std::to_string(damage->good_packets) : "none";
}

Answer serially(const std::string& file) {
    auto source = open_capture(file);
    Counters counters{everything};
    Batch batch;
    while ((*source)->next(batch)) counters.add(batch.frames);
    return {told(counters), told((*source)->damage())};
}

std::optional<Answer> in_ranges(const std::string& file, unsigned threads, std::uint64_t range_size) {
    auto head = open_capture(file);
    Counters all{everything};
    const RangesOutcome outcome = run_ranges<Counters>(
        **head, threads, range_size, [] { return Counters{everything}; },
        [](Counters& counters, Batch& batch) { counters.add(batch.frames); },
        [&](Counters& counters, const RangeReader&) { all.merge(counters); }, [] { return false; });
    if (!outcome.complete) return std::nullopt;
    CHECK(outcome.packets == all.totals.packets);
    return Answer{told(all), told(outcome.damage)};
}

}  // namespace

TEST_CASE("Ranges of any size on any number of threads count the same as one reader", "[laws][threads]") {
    std::mt19937 random{3};
    std::size_t cut = 0;
    std::size_t whole = 0;
    for (const std::string& file : corpus_files()) {
        auto head = open_capture(file);
        if (!head || (*head)->source().plain_fd() < 0) continue;
        const std::uint64_t size = (*head)->source().plain_size();
        if (size > 4 * 1024 * 1024) continue;
        const Answer one = serially(file);
        for (const unsigned threads : {1U, 2U, 3U}) {
            const std::uint64_t range_size = 40 + random() % (size / 2 + 1);
            if (size / range_size > 400) continue;
            const auto many = in_ranges(file, threads, range_size);
            if (!many) {  // a file with sections or interfaces further on says that it cannot be cut
                ++whole;
                continue;
            }
            ++cut;
            INFO(file << " in ranges of " << range_size << " bytes on " << threads << " threads");
            CHECK(many->damage == one.damage);
            CHECK(many->counted == one.counted);
        }
    }
    CHECK(cut > whole);
}

TEST_CASE("Counters of any split of the frames, merged in order, are those of all frames", "[laws][threads]") {
    std::mt19937 random{5};
    for (const std::string& file : corpus_files()) {
        auto source = open_capture(file);
        if (!source) continue;
        Counters whole{everything};
        Counters merged{everything};
        Counters part{everything};
        Batch batch;
        std::uint64_t packets = 0;
        while (packets < 3000 && (*source)->next(batch)) {
            packets += batch.frames.size();
            whole.add(batch.frames);
            for (const Frame& frame : batch.frames) {
                part.add({&frame, 1});
                if (random() % 4 != 0) continue;
                merged.merge(part);
                part.clear();
            }
        }
        merged.merge(part);
        INFO(file);
        CHECK(told(merged) == told(whole));
    }
}
