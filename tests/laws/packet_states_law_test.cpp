// What holds for the fields that need the packets before, over every packet of every capture.
#include <memory>

#include "pcapline/conversation/packet_states.h"
#include "pcapline/output/text_buffer.h"
#include "pcapline/record/packet_writer.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// All fields that need no more than the packet, or all.
std::vector<RecordField> all_fields(bool with_state) {
    std::vector<std::string> names;
    for (const FieldListing& field : list_fields()) names.push_back(field.name);
    auto fields = find_record_fields(names);
    REQUIRE(fields);
    if (!with_state) std::erase_if(*fields, [](const RecordField& field) { return field.needs != Needs::packet; });
    return std::move(*fields);
}

RecordOptions ndjson(std::vector<RecordField> fields) {
    RecordOptions options;
    options.format = Format::ndjson;
    options.fields = std::move(fields);
    return options;
}

struct States {
    PacketStates all{StateParts{true, true, true}};
    PacketStates times{StateParts{true, false, false}};
    PacketStates tcp{StateParts{false, true, false}};
    PacketStates udp{StateParts{false, false, true}};
};

bool same(const TcpPacket& a, const TcpPacket& b) {
    return a.analysis == b.analysis && a.seq == b.seq && a.ack == b.ack && a.next_seq == b.next_seq && a.window_size == b.window_size &&
           a.window_factor == b.window_factor && a.bytes_in_flight == b.bytes_in_flight && a.duplicate_number == b.duplicate_number &&
           a.duplicate_of == b.duplicate_of && a.time_relative == b.time_relative && a.time_delta == b.time_delta &&
           a.ack_rtt == b.ack_rtt && a.acks_frame == b.acks_frame && a.pushed_bytes == b.pushed_bytes && a.flight_known == b.flight_known &&
           a.initial_rtt == b.initial_rtt && a.length_known == b.length_known;
}

/// The layers of `part` are among those of `all`, and the same.
bool is_part_of(const FlowState& part, const FlowState& all) {
    for (std::size_t i = 0; i < part.count; ++i) {
        Layer layer;
        layer.begin = part.layers[i].begin;
        const FlowState::OfLayer* const found = all.of(layer);
        if (found == nullptr || found->stream != part.layers[i].stream || !same(found->tcp, part.layers[i].tcp)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("Fields of the packet are the same whether the packets before are followed or not", "[laws]") {
    PacketWriter plain{ndjson(all_fields(false))};
    PacketWriter with_state{ndjson(all_fields(false))};
    PacketWriter without_state{ndjson(all_fields(true))};
    std::unique_ptr<States> states;
    std::string in_file;
    TextBuffer one;
    TextBuffer other;
    Packet packet;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        if (file != in_file) states = std::make_unique<States>();
        in_file = file;
        decode(frame, packet);
        const FlowState& state = states->all.next(frame, packet, number);
        packet.state = nullptr;
        one.clear();
        plain.packet(one, {frame, packet, number});
        other.clear();
        packet.state = &state;
        with_state.packet(other, {frame, packet, number});
        if (one.view() != other.view()) FAIL_CHECK(file + " packet " + std::to_string(number) + ": other fields with a state");
        other.clear();
        packet.state = nullptr;
        without_state.packet(other, {frame, packet, number});
        if (one.view() != other.view()) FAIL_CHECK(file + " packet " + std::to_string(number) + ": fields of streams without a state");
    });
}

TEST_CASE("What is said of a packet does not depend on what else is wanted", "[laws]") {
    std::unique_ptr<States> states;
    std::string in_file;
    Packet packet;
    std::uint64_t headers = 0;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        if (file != in_file) states = std::make_unique<States>();
        in_file = file;
        decode(frame, packet);
        const FlowState& all = states->all.next(frame, packet, number);
        const FlowState& times = states->times.next(frame, packet, number);
        const FlowState& tcp = states->tcp.next(frame, packet, number);
        const FlowState& udp = states->udp.next(frame, packet, number);
        const bool same_times = times.time_delta == all.time_delta && times.time_relative == all.time_relative;
        const bool whole = tcp.count + udp.count == all.count && times.count == 0;
        if (!same_times || !whole || !is_part_of(tcp, all) || !is_part_of(udp, all))
            FAIL_CHECK(file + " packet " + std::to_string(number) + ": another state");
        headers += all.count;
    });
    CHECK(headers > 500);
}

TEST_CASE("What is said of a stream does not depend on the others", "[laws]") {
    constexpr std::uint32_t most_streams = 40;
    std::unique_ptr<PacketStates> all;
    std::vector<std::unique_ptr<PacketStates>> alone;
    std::string in_file;
    Packet packet;
    std::uint64_t compared = 0;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        if (file != in_file) {
            all = std::make_unique<PacketStates>(StateParts{false, true, false});
            alone.clear();
        }
        in_file = file;
        decode(frame, packet);
        const FlowState& state = all->next(frame, packet, number);
        if (state.count != 1 || state.layers[0].stream >= most_streams) return;
        const std::uint32_t stream = state.layers[0].stream;
        if (alone.size() <= stream) alone.resize(stream + 1);
        TcpPacket together = state.layers[0].tcp;
        if (!alone[stream]) {
            alone[stream] = std::make_unique<PacketStates>(StateParts{false, true, false});
            together.analysis.remove(TcpEvent::reused_ports);  // there was another one
        }
        const FlowState& by_itself = alone[stream]->next(frame, packet, number);
        if (by_itself.count != 1 || by_itself.layers[0].stream != 0 || !same(by_itself.layers[0].tcp, together))
            FAIL_CHECK(file + " packet " + std::to_string(number) + ": another state alone");
        ++compared;
    });
    CHECK(compared > 200);
}
