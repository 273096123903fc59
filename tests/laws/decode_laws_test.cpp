// What holds for every frame of every capture, whatever is in it.
#include <cstring>
#include <memory>
#include <random>

#include "pcapline/decode/field.h"
#include "pcapline/decode/glance.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/registry.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// A frame in a buffer of exactly its length, so that the sanitizers see one byte too many.
class OwnFrame {
 public:
    OwnFrame(const Frame& of, std::size_t cap_len) : bytes_(std::make_unique<std::uint8_t[]>(cap_len)), frame_(of) {
        std::memcpy(bytes_.get(), of.data, std::min<std::size_t>(cap_len, of.cap_len));
        frame_.data = bytes_.get();
        frame_.cap_len = static_cast<std::uint32_t>(cap_len);
        frame_.wire_len = std::max(frame_.wire_len, frame_.cap_len);
    }
    Frame& frame() { return frame_; }
    std::uint8_t* bytes() { return bytes_.get(); }

 private:
    std::unique_ptr<std::uint8_t[]> bytes_;
    Frame frame_;
};

Packet decoded(const Frame& frame) {
    Packet packet;
    std::memset(static_cast<void*>(&packet), 0xaa, sizeof packet);  // law: what it held before does not matter, but for
    packet.state = nullptr;                                         // what decode() leaves alone
    decode(frame, packet);
    return packet;
}

std::string place(const std::string& file, std::uint64_t number) {
    return file + " packet " + std::to_string(number);
}

bool tiles(const Frame& frame, const Packet& packet) {
    std::uint32_t at = 0;
    for (const Layer& layer : packet.stack()) {
        if (layer.begin != at || layer.end < layer.begin) return false;
        at = layer.end;
    }
    return packet.payload_begin == at && packet.payload_end >= at && packet.payload_end <= frame.cap_len;
}

bool same_layer(const Layer& a, const Layer& b) {
    return a.proto == b.proto && a.begin == b.begin && a.end == b.end;
}

/// Fewer layers, never different ones; only the last may end earlier (one that takes what there is).
bool is_beginning_of(const Packet& part, const Packet& whole) {
    if (part.depth > whole.depth) return false;
    for (std::size_t i = 0; i < part.depth; ++i) {
        const Layer& a = part.layers[i];
        const Layer& b = whole.layers[i];
        const bool shortened = i + 1U == part.depth && a.proto == b.proto && a.begin == b.begin && a.end <= b.end;
        if (!same_layer(a, b) && !shortened) return false;
    }
    return true;
}

void read_all(const Frame& frame, const Packet& packet, FieldValues& values) {
    const Context context{frame, packet};
    for (const Layer& layer : packet.stack()) {
        values.clear();
        read_fields(context, layer, values);
    }
}

bool same_packet(const Packet& a, const Packet& b) {
    if (a.depth != b.depth) return false;
    for (std::size_t i = 0; i < a.depth; ++i) {
        const Layer& x = a.layers[i];
        const Layer& y = b.layers[i];
        if (!same_layer(x, y) || x.content != y.content || x.source != y.source || x.found_in != y.found_in) return false;
    }
    return a.path == b.path && a.ip == b.ip && a.transport == b.transport && a.stop == b.stop && a.anomaly == b.anomaly && a.at == b.at &&
           a.unknown_space == b.unknown_space && a.unknown_key == b.unknown_key && a.payload_begin == b.payload_begin &&
           a.payload_end == b.payload_end && a.missing == b.missing;
}

/// What glance() says of a frame, decode() says too.
bool glance_agrees(const Frame& frame, const Packet& packet) {
    Glance seen;
    if (!glance(frame, seen)) return true;
    const Innermost inner = innermost_ip(packet);
    const Innermost& glanced = seen.inner;
    return seen.path == packet.path && glanced.ip_role == inner.ip_role && glanced.transport_role == inner.transport_role &&
           glanced.transport == inner.transport && glanced.ip_begin == inner.ip_begin && glanced.transport_begin == inner.transport_begin &&
           glanced.ip_bytes == inner.ip_bytes && glanced.payload_bytes == inner.payload_bytes;
}

}  // namespace

TEST_CASE("The short ways of decode() and glance() end where the tables lead, for frames, their beginnings and mutants", "[laws][decode]") {
    std::uint64_t violations = 0;
    std::string first;
    std::mt19937 random{13};
    std::uint64_t glanced = 0;
    const auto check = [&](const Frame& frame, const std::string& file, std::uint64_t number) {
        const Packet packet = decoded(frame);
        Packet by_tables;
        detail::decode_by_tables(frame, by_tables);
        if ((!same_packet(packet, by_tables) || !glance_agrees(frame, packet)) && violations++ == 0) first = place(file, number);
        Glance seen;
        glanced += glance(frame, seen) ? 1U : 0U;
    };
    each_frame(
        [&](const Frame& frame, const std::string& file, std::uint64_t number) {
            for (std::uint32_t length = 0; length <= frame.cap_len; length += length < 120 || length + 97 > frame.cap_len ? 1 : 97) {
                OwnFrame cut{frame, length};
                check(cut.frame(), file, number);
                cut.frame().wire_len = length;
                check(cut.frame(), file, number);
            }
            if (frame.cap_len == 0) return;
            const std::uint32_t reach = std::min<std::uint32_t>(frame.cap_len, 90);
            for (int mutant = 0; mutant < 60; ++mutant) {
                OwnFrame own{frame, frame.cap_len};
                for (int change = 0; change < 1 + mutant / 20; ++change)
                    own.bytes()[random() % reach] = static_cast<std::uint8_t>(random());
                check(own.frame(), file, number);
            }
        },
        60);
    INFO(first);
    CHECK(violations == 0);
    CHECK(glanced > 1000);
}

TEST_CASE("Layers and payload tile every frame, and what a packet held before does not matter", "[laws][decode]") {
    std::uint64_t violations = 0;
    std::string first;
    const std::uint64_t seen = each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        OwnFrame own{frame, frame.cap_len};
        const Packet packet = decoded(own.frame());
        Packet again;
        decode(own.frame(), again);
        const bool same = same_packet(again, packet);
        if ((!tiles(own.frame(), packet) || !same) && violations++ == 0) first = place(file, number);
    });
    INFO(first);
    CHECK(violations == 0);
    CHECK(seen > 100);
}

TEST_CASE("Of a shorter prefix we see fewer layers, never different ones, and cutting never makes a packet malformed", "[laws][decode]") {
    std::uint64_t different = 0;
    std::uint64_t blamed = 0;
    std::string first;
    FieldValues values;
    each_frame(
        [&](const Frame& frame, const std::string& file, std::uint64_t number) {
            const Packet whole = decoded(frame);
            const std::uint32_t longest = std::min<std::uint32_t>(frame.cap_len, 300);
            for (std::uint32_t length = 0; length < longest; ++length) {
                OwnFrame cut{frame, length};
                cut.frame().wire_len = frame.wire_len;
                const Packet part = decoded(cut.frame());
                read_all(cut.frame(), part, values);
                const bool prefix = is_beginning_of(part, whole) && tiles(cut.frame(), part);
                const bool fair = whole.stop == Stop::bad || part.stop != Stop::bad;
                if ((!prefix || !fair) && first.empty()) first = place(file, number) + " cut at " + std::to_string(length);
                different += prefix ? 0U : 1U;
                blamed += fair ? 0U : 1U;
            }
        },
        60);
    INFO(first);
    CHECK(different == 0);
    CHECK(blamed == 0);
}

TEST_CASE("Bytes behind the payload change nothing, nor do the payload's bytes where no protocol claimed them", "[laws][decode]") {
    std::uint64_t violations = 0;
    std::string first;
    std::mt19937 random{7};
    each_frame(
        [&](const Frame& frame, const std::string& file, std::uint64_t number) {
            const Packet whole = decoded(frame);
            OwnFrame other{frame, frame.cap_len};
            for (std::uint32_t i = whole.payload_end; i < frame.cap_len; ++i) other.bytes()[i] = static_cast<std::uint8_t>(random());
            const Packet trailer = decoded(other.frame());
            bool same = trailer.depth == whole.depth && trailer.stop == whole.stop && trailer.payload_end == whole.payload_end;
            // A fragment's or an unknown protocol's payload; what a port or content might claim is looked at.
            if (whole.stop == Stop::fragment || whole.stop == Stop::unknown) {
                for (std::uint32_t i = whole.payload_begin; i < whole.payload_end; ++i)
                    other.bytes()[i] = static_cast<std::uint8_t>(random());
                const Packet payload = decoded(other.frame());
                same = same && payload.depth == whole.depth && payload.stop == whole.stop;
            }
            if (!same && violations++ == 0) first = place(file, number);
        },
        500);
    INFO(first);
    CHECK(violations == 0);
}

TEST_CASE("Mutants of every frame decode, tile, and give all their fields", "[laws][decode]") {
    std::uint64_t violations = 0;
    std::string first;
    std::mt19937 random{11};
    FieldValues values;
    each_frame(
        [&](const Frame& frame, const std::string& file, std::uint64_t number) {
            if (frame.cap_len == 0) return;
            for (int mutant = 0; mutant < 12; ++mutant) {
                OwnFrame own{frame, frame.cap_len};
                const std::uint32_t reach = mutant % 2 == 0 ? std::min<std::uint32_t>(frame.cap_len, 80) : frame.cap_len;
                for (int change = 0; change < 1 + mutant / 3; ++change) own.bytes()[random() % reach] = static_cast<std::uint8_t>(random());
                const Packet packet = decoded(own.frame());
                read_all(own.frame(), packet, values);
                if (!tiles(own.frame(), packet) && violations++ == 0) first = place(file, number);
            }
        },
        300);
    INFO(first);
    CHECK(violations == 0);
}

TEST_CASE("A field of type ipv4, ipv6 or ether has 4, 16 or 6 bytes, and a field marked `one` has one value in a layer", "[laws][decode]") {
    std::string wrong;
    FieldValues values;
    each_frame([&](const Frame& frame, const std::string& file, std::uint64_t number) {
        const Packet packet = decoded(frame);
        const Context context{frame, packet};
        for (const Layer& layer : packet.stack()) {
            values.clear();
            read_fields(context, layer, values);
            const ProtocolInfo& protocol = protocol_table()[layer.proto];
            for (std::size_t i = 0; i < protocol.fields.size(); ++i) {
                const Field& field = protocol.fields[i];
                const auto of = values.of(i);
                bool right = field.repeat == Repeat::list || of.size() <= 1;
                for (const Value& value : of) {
                    right = right && (field.type != FieldType::ipv4 || value.bytes.size() == 4);
                    right = right && (field.type != FieldType::ipv6 || value.bytes.size() == 16);
                    right = right && (field.type != FieldType::ether || value.bytes.size() == 6);
                }
                if (!right && wrong.find(std::string{field.name}) == std::string::npos)
                    wrong += std::string{field.name} + " in " + place(file, number) + "\n";
            }
        }
    });
    CHECK(wrong == "");
}
