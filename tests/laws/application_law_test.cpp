// Every packet has an application, and a glance gives the same one.
#include "pcapline/decode/application.h"
#include "pcapline/decode/glance.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("Every packet has an application, and decode() and glance() tell the same one", "[laws][decode]") {
    const Applications& applications = Applications::well_known();
    std::uint64_t differ = 0;
    std::uint64_t glanced = 0;
    std::string first;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        Packet packet;
        decode(frame, packet);
        const KnownApplication known = applications.of_packet(frame, packet);
        bool same = known.id != no_application && known.id < applications.size() && known.by != KnownBy::nothing;
        if (Glance seen; glance(frame, seen)) {
            ++glanced;
            const KnownApplication other = applications.of_packet(frame, top_of_path(seen.path), seen.inner);
            same = same && other.id == known.id && other.by == known.by;
        }
        if (!same && differ++ == 0) first = file + " packet " + std::to_string(number);
    });
    INFO(first);
    CHECK(differ == 0);
    CHECK(glanced > 100);
}
