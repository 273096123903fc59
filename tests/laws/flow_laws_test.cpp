// What holds for the flow of every frame of every capture.
#include <cstring>
#include <memory>
#include <random>

#include "pcapline/capture/frame_source.h"
#include "pcapline/decode/glance.h"
#include "pcapline/flow/flow_hash.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/flow/flow_reader.h"
#include "pcapline/flow/fragments.h"
#include "pcapline/flow/key_extras.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

bool same(const FlowOf& a, const FlowOf& b) {
    return a.key == b.key && a.time_ns == b.time_ns && a.tcp_flags == b.tcp_flags && a.from_low == b.from_low && a.fragment == b.fragment &&
           a.icmp_type == b.icmp_type && a.icmp_code == b.icmp_code;
}

/// A frame with other bytes, in a buffer of exactly their length.
struct OwnFrame {
    OwnFrame(const Frame& of, std::size_t cap_len) : bytes(std::make_unique<std::uint8_t[]>(cap_len)), frame(of) {
        std::memcpy(bytes.get(), of.data, cap_len);
        frame.data = bytes.get();
        frame.cap_len = static_cast<std::uint32_t>(cap_len);
    }
    std::unique_ptr<std::uint8_t[]> bytes;
    Frame frame;
};

/// The type of the message that goes the other way.
std::uint8_t answer_to(std::uint8_t protocol, std::uint8_t type) {
    for (unsigned other = 0; other < 256; ++other)
        if (other != type && icmp_pairing(protocol, static_cast<std::uint8_t>(other)) == icmp_pairing(protocol, type))
            return static_cast<std::uint8_t>(other);
    return type;
}

/// Sends a packet back: swaps the addresses, and the ports or the ICMP type, where flow_of() finds them.
void mirror(std::uint8_t* bytes, const Packet& packet, const FlowOf& flow) {
    const Layer& ip = packet.layers[packet.ip];
    const bool v4 = flow.key.family == Family::ipv4;
    const std::size_t size = v4 ? 4 : 16;
    std::uint8_t* const addresses = bytes + ip.begin + (v4 ? 12 : 8);
    std::swap_ranges(addresses, addresses + size, addresses + size);
    if (flow.fragment == FragmentPart::later || flow.key.lacks_ports != 0) return;
    const std::uint32_t above = packet.transport != Packet::no_layer ? packet.layers[packet.transport].begin : packet.payload_begin;
    if (has_ports(flow.key.protocol)) std::swap_ranges(bytes + above, bytes + above + 2, bytes + above + 2);
    if (flow.key.pairing != 0) bytes[above] = answer_to(flow.key.protocol, flow.icmp_type);
}

std::string place(const std::string& file, std::uint64_t number) {
    return file + " packet " + std::to_string(number);
}

}  // namespace

TEST_CASE("A glance gives the flow that decoding gives, for frames, their beginnings and mutants", "[laws][flow]") {
    std::uint64_t glanced = 0;
    std::uint64_t violations = 0;
    std::string first;
    std::mt19937 random{17};
    const auto check = [&](const Frame& frame, const std::string& file, std::uint64_t number) {
        Glance seen;
        if (!glance(frame, seen)) return;
        ++glanced;
        Packet packet;
        decode(frame, packet);
        FlowOf by_glance;
        FlowOf by_decode;
        std::memset(static_cast<void*>(&by_glance), 0xaa, sizeof by_glance);
        flow_of_glance(frame, seen.inner, by_glance);
        const bool has = flow_of(frame, packet, {}, 0, by_decode);
        FlowOf outside;
        const bool has_outside = flow_of(frame, packet, {.outermost = true}, 0, outside);
        if ((!has || !same(by_glance, by_decode) || !has_outside || !same(outside, by_decode)) && violations++ == 0)
            first = place(file, number);
    };
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        check(frame, file, number);
        if (frame.cap_len == 0) return;
        OwnFrame mutant{frame, 1 + random() % frame.cap_len};
        check(mutant.frame, file, number);
        mutant.bytes[random() % mutant.frame.cap_len] = static_cast<std::uint8_t>(random());
        check(mutant.frame, file, number);
    });
    INFO(first);
    CHECK(violations == 0);
    CHECK(glanced > 500);
}

TEST_CASE("A reader of batches gives the flows and IP packets that decoding gives frame by frame", "[laws][flow]") {
    std::uint64_t compared = 0;
    std::uint64_t left_out = 0;
    std::uint64_t violations = 0;
    std::string first;
    const auto same_inner = [](const Innermost& a, const Innermost& b) {
        return a.ip_role == b.ip_role && a.transport_role == b.transport_role && a.transport == b.transport && a.ip_begin == b.ip_begin &&
               a.transport_begin == b.transport_begin && a.ip_bytes == b.ip_bytes && a.payload_bytes == b.payload_bytes;
    };
    for (const KeyRules& rules : {KeyRules{}, KeyRules{.outermost = true}, KeyRules{.vlan = true, .tunnel = true}}) {
        for (const std::string& file : corpus_files()) {
            auto source = open_capture(file);
            if (!source) continue;
            FlowReader reader{rules};
            FragmentMap fragments;
            KeyExtras extras;
            Packet packet;
            Batch batch;
            for (int batches = 0; batches < 40 && (*source)->next(batch); ++batches) {
                reader.read(batch.frames);
                for (std::size_t i = 0; i < batch.frames.size(); ++i) {
                    const Frame& frame = batch.frames[i];
                    decode(frame, packet);
                    FlowOf flow;
                    const bool has = flow_of(frame, packet, rules, extras.id_of(frame, packet, rules), flow);
                    if (has) fragments.resolve(frame, packet, rules, flow);
                    const FlowOf& read = reader.flows()[i];
                    const Innermost inner = rules.outermost ? outermost_ip(packet) : innermost_ip(packet);
                    const bool agrees = has ? read.has_flow() && same(read, flow) : !read.has_flow() && read.time_ns == frame.time_ns;
                    ++compared;
                    left_out += has ? 0U : 1U;
                    if ((!agrees || !same_inner(inner, reader.inner(i))) && violations++ == 0) first = place(file, batch.number_of(i));
                }
            }
            left_out -= reader.left_out();
        }
    }
    INFO(first);
    CHECK(violations == 0);
    CHECK(left_out == 0);
    CHECK(compared > 1000);
}

TEST_CASE("A packet sent back has the same key and the other direction", "[laws][flow]") {
    std::uint64_t mirrored = 0;
    std::uint64_t violations = 0;
    std::string first;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        Packet packet;
        decode(frame, packet);
        FlowOf there;
        if (!flow_of(frame, packet, {}, 0, there)) return;
        OwnFrame sent{frame, frame.cap_len};
        mirror(sent.bytes.get(), packet, there);
        decode(sent.frame, packet);
        FlowOf back;
        const bool has = flow_of(sent.frame, packet, {}, 0, back);
        const bool to_itself = there.key.low == there.key.high;
        ++mirrored;
        if ((!has || !(there.key == back.key) || (there.from_low == back.from_low && !to_itself) ||
             published_hash(there.key) != published_hash(back.key)) &&
            violations++ == 0)
            first = place(file, number);
    });
    INFO(first);
    CHECK(violations == 0);
    CHECK(mirrored > 500);
}

TEST_CASE("No frame, beginning of one or mutant makes the key's readers leave it", "[laws][flow]") {
    std::mt19937 random{19};
    KeyExtras extras;
    FragmentMap fragments;
    std::uint64_t flows = 0;
    const auto read = [&](const Frame& frame) {
        Packet packet;
        decode(frame, packet);
        for (const FlowBy by : {FlowBy::flow, FlowBy::ip, FlowBy::eth}) {
            for (const bool outermost : {false, true}) {
                const KeyRules rules{.by = by, .outermost = outermost, .vlan = true, .tunnel = true, .interface = true};
                FlowOf flow;
                if (!flow_of(frame, packet, rules, extras.id_of(frame, packet, rules), flow)) continue;
                fragments.resolve(frame, packet, rules, flow);
                ++flows;
                if (flow.key.family != Family::ethernet) static_cast<void>(outermost_ip(packet));
            }
        }
    };
    each_frame(
        [&](const Frame& frame, const std::string&, std::uint64_t) {
            for (std::uint32_t length = 0; length <= frame.cap_len && length < 160; length += 3) read(OwnFrame{frame, length}.frame);
            if (frame.cap_len == 0) return;
            OwnFrame mutant{frame, frame.cap_len};
            for (int i = 0; i < 8; ++i) {
                mutant.bytes[random() % std::min<std::uint32_t>(frame.cap_len, 100)] = static_cast<std::uint8_t>(random());
                read(mutant.frame);
            }
        },
        300);
    CHECK(flows > 1000);
    CHECK(extras.merged() == 0);
}
