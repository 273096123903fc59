// Every packet has an application, and a glance gives the same one.
#include "pcapline/decode/application.h"
#include "pcapline/decode/checksum.h"
#include "pcapline/decode/glance.h"
#include "pcapline/stats/looked.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

std::optional<std::uint16_t> outermost_vlan(const Frame& frame, const Packet& packet) {
    for (const Layer& layer : packet.stack())
        if (layer.proto == proto_of<Vlan> || layer.proto == proto_of<Ieee8021ad>)
            return static_cast<std::uint16_t>(be16<0>(first_of<2>(bytes_of(frame, layer))) & 0xfff);
    return std::nullopt;
}

}  // namespace

TEST_CASE("Every packet has an application, and decode() and glance() tell the same one, and the same checksum and VLAN",
          "[laws][decode]") {
    const Applications& applications = Applications::well_known();
    std::uint64_t differ = 0;
    std::uint64_t glanced = 0;
    std::string first;
    Looked looked;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        Packet packet;
        decode(frame, packet);
        const KnownApplication known = applications.of_packet(frame, packet);
        bool same = known.id != no_application && known.id < applications.size() && known.by != KnownBy::nothing;
        if (Glance seen; glance(frame, seen)) {
            ++glanced;
            const KnownApplication other = applications.of_packet(frame, top_of_path(seen.path), seen.inner);
            same = same && other.id == known.id && other.by == known.by;
            same = same && transport_checksum(frame, seen.inner, nullptr) == transport_checksum(frame, innermost_ip(packet), &packet);
        }
        looked.look(frame);
        same = same && looked.top == top_proto(packet) && looked.vlan(frame) == outermost_vlan(frame, packet);
        if (!same && differ++ == 0) first = file + " packet " + std::to_string(number);
    });
    INFO(first);
    CHECK(differ == 0);
    CHECK(glanced > 100);
}
