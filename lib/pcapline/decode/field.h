// Field: the name, type and reader of one header field. Read lazily, when someone asks.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"

namespace pcapline {

/// What a field's values are. Decides how every output writes them.
enum class FieldType : std::uint8_t {
    protocol,  ///< presence of a layer
    boolean,
    uint8,
    uint16,
    uint24,
    uint32,
    uint64,
    int32,
    number_text,  ///< 64-bit identifiers and stamps: numbers that JSON writes as text
    bytes,
    text,  ///< bytes of the packet that are meant to be read
    ipv4,
    ipv6,
    ether,
    time,      ///< nanoseconds since 1970 (two's complement in `number`)
    epoch,     ///< the same as `time`, written as seconds since 1970
    duration,  ///< nanoseconds
};

/// How `-T fields`, tables and details spell a number: tshark's way.
enum class Display : std::uint8_t {
    dec,
    hex,  ///< 0x and the type's full width
    none,
};

/// May the field occur more than once in one layer?
enum class Repeat : std::uint8_t {
    one,
    list
};
/// Is the field part of the whole record (`packets -T json`), or given only when asked for (-e)?
enum class Shown : std::uint8_t {
    record,
    asked
};

/// What the value of a field follows from, beside the packet: StateParts of a FlowState.
enum class Needs : std::uint8_t {
    packet,  ///< nothing
    times,   ///< those of the packets before
    stream   ///< the TCP connection or UDP conversation
};

/// One value of a field: a number, or borrowed bytes (valid until the next packet is read).
struct Value {
    std::uint64_t number = 0;
    Bytes bytes = {};
};

/// Memory for values that do not stand in the packet as they are (names put together).
/// Kept from packet to packet; reset() makes it free again.
class Scratch {
 public:
    /// `n` bytes (at most block_size), valid until reset().
    std::uint8_t* take(std::size_t n) {
        if (blocks_.empty() || used_ + n > block_size) next_block();
        std::uint8_t* const taken = blocks_[at_].get() + used_;
        used_ += n;
        return taken;
    }
    /// Gives back the last `n` bytes taken.
    void give_back(std::size_t n) { used_ -= n; }
    void reset() {
        at_ = 0;
        used_ = 0;
        if (blocks_.size() > kept_blocks) blocks_.resize(kept_blocks);
    }
    static constexpr std::size_t block_size = 65536;

 private:
    static constexpr std::size_t kept_blocks = 4;
    void next_block() {
        if (blocks_.empty()) {
            at_ = 0;
        } else {
            ++at_;
        }
        if (at_ == blocks_.size()) blocks_.push_back(std::make_unique<std::uint8_t[]>(block_size));
        used_ = 0;
    }
    std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
    std::size_t at_ = 0;
    std::size_t used_ = 0;
};

/// Where fields are read from: the frame and what decode() found in it.
struct Context {
    const Frame& frame;
    const Packet& packet;

    /// Null: fields that need more than the packet are absent.
    const FlowState* state() const { return packet.state; }
    Bytes bytes(const Layer& layer) const { return bytes_of(frame, layer); }
    /// What follows a layer, as far as captured and not padding.
    Bytes content(const Layer& layer) const {
        const std::uint32_t have = frame.cap_len - layer.end;
        return frame.bytes().subspan(layer.end, layer.content < have ? layer.content : have);
    }
};

constexpr std::size_t max_fields_per_protocol = 256;

/// The values of one layer's fields, by the place of the field in its protocol's table.
/// Memory is kept and used again; values are valid until clear().
class FieldValues {
 public:
    using Mask = std::bitset<max_fields_per_protocol>;

    explicit FieldValues(const Mask& wanted = Mask{}.set()) : wanted_(wanted) {}

    void want(const Mask& wanted) {
        wanted_ = wanted;
        for (std::size_t i = max_fields_per_protocol; i-- > values_.size();)
            if (wanted[i]) values_.resize(i + 1);
    }
    bool wants(std::size_t field) const { return wanted_[field]; }
    /// The fields that are wanted.
    const Mask& wanted() const { return wanted_; }

    void number(std::size_t field, std::uint64_t value) { add(field, {value, {}}); }
    /// Bytes, text or an address. They must live as long as the packet (or be scratch()).
    void bytes(std::size_t field, Bytes value) { add(field, {0, value}); }
    void text(std::size_t field, std::string_view value) {
        add(field, {0, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()}});
    }
    void add(std::size_t field, Value value) {
        if (!wanted_[field]) return;
        if (values_.size() <= field) values_.resize(field + 1);
        std::vector<Value>& values = values_[field];
        if (values.empty()) touched_.push_back(static_cast<std::uint16_t>(field));
        values.push_back(value);
    }
    Scratch& scratch() { return scratch_; }

    std::span<const Value> of(std::size_t field) const {
        if (field >= values_.size()) return {};
        return values_[field];
    }
    /// Where the values of a wanted field are kept; the reference stays good until the next want().
    const std::vector<Value>& kept(std::size_t field) const { return values_[field]; }
    /// Forgets the values, keeps the memory.
    void clear() {
        for (const std::uint16_t field : touched_) values_[field].clear();
        touched_.clear();
        scratch_.reset();
    }

 private:
    Mask wanted_;
    std::vector<std::uint16_t> touched_;  ///< fields that have values
    std::vector<std::vector<Value>> values_;
    Scratch scratch_;
};

/// Reads all wanted fields of one layer: for protocols whose fields lie in a sequence.
using Walk = void (*)(const Context&, const Layer&, FieldValues&);
/// Reads one field of a layer: adds its values at place `index`.
using Read = void (*)(const Context&, const Layer&, std::size_t index, FieldValues&);
/// Reads the one value of a field that stands in every header of its protocol, from the layer's bytes.
using ReadOne = void (*)(Bytes layer, Value& out);

/// How a field is read.
struct Reader {
    constexpr Reader(std::nullptr_t = nullptr) {}  // not explicit: tables of fields name readers of all kinds
    constexpr Reader(Read function) : all(function) {}
    constexpr Reader(Read function, ReadOne only) : all(function), one(only) {}

    Read all = nullptr;     ///< null: only the protocol's walk gives the field
    ReadOne one = nullptr;  ///< null: there may be more or fewer values than one
};

/// One field: Wireshark's display-filter name, type, and how it is read.
struct Field {
    std::string_view name;
    FieldType type = FieldType::uint32;
    std::string_view description;
    Reader read = nullptr;
    Display display = Display::dec;
    Repeat repeat = Repeat::one;
    Shown shown = Shown::record;
    Needs needs = Needs::packet;
};

namespace detail {
template <class Owner>
Owner view(Bytes layer) {
    return Owner{first_of<Owner::size>(layer)};
}
inline Value value_of(std::uint64_t number) {
    return {number, {}};
}
inline Value value_of(Bytes bytes) {
    return {0, bytes};
}
template <std::size_t N>
Value value_of(Fixed<N> bytes) {
    return {0, bytes.bytes()};
}

template <class Owner, auto Accessor>
void get_one(Bytes layer, Value& out) {
    out = value_of((view<Owner>(layer).*Accessor)());
}
template <class Owner, auto Accessor>
void get_all(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    out.add(index, value_of((view<Owner>(context.bytes(layer)).*Accessor)()));
}
}  // namespace detail

/// Reader for an accessor of a header view: `get<Udp, &Udp::src_port>`. The view is made from the
/// first Owner::size bytes of the layer. Accessors return an unsigned integer, bool, Fixed<N> or Bytes.
template <class Owner, auto Accessor>
inline constexpr Reader get{&detail::get_all<Owner, Accessor>, &detail::get_one<Owner, Accessor>};

/// Reader for two accessors of one header (ip.addr, tcp.port): both values, in this order.
template <class Owner, auto First, auto Second>
void get_both(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Owner header = detail::view<Owner>(context.bytes(layer));
    out.add(index, detail::value_of((header.*First)()));
    out.add(index, detail::value_of((header.*Second)()));
}

/// Reader for a field that only some headers have: no value where the header's `Has` says so.
template <class Owner, auto Has, auto Accessor>
void get_if(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Owner header = detail::view<Owner>(context.bytes(layer));
    if ((header.*Has)()) out.add(index, detail::value_of((header.*Accessor)()));
}

/// The fields of protocol P; each protocol's file specialises it.
template <class P>
inline constexpr std::array<Field, 0> fields{};

/// Everything the rest of the program knows of a protocol; made from the list in protocols.h.
struct ProtocolInfo {
    std::string_view name;
    std::string_view title;
    std::span<const Field> fields;
    Walk walk = nullptr;           ///< null: each field has its own reader
    bool names_ethertype = false;  ///< tshark writes "ethertype" after it in frame.protocols
    bool by_ethertype = false;     ///< found by an EtherType
};

/// All protocols, in list order: protocol_table()[proto].
std::span<const ProtocolInfo> protocol_table();

/// Reads the wanted fields of a layer, in whichever way its protocol reads them.
void read_fields(const Context& context, const Layer& layer, FieldValues& out);

}  // namespace pcapline
