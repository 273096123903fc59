// Options of IPv4 headers, one at a time.
#pragma once

#include <optional>

#include "pcapline/decode/field.h"

namespace pcapline {

/// The options of an IPv4 header (RFC 791, section 3.1). Ends at the end-of-list option or where an option does not fit.
class Ipv4Options {
 public:
    static constexpr std::uint8_t end_of_list = 0;
    static constexpr std::uint8_t no_operation = 1;
    static constexpr std::uint8_t record_route = 7;
    static constexpr std::uint8_t mtu_probe = 11;
    static constexpr std::uint8_t mtu_reply = 12;
    static constexpr std::uint8_t timestamp = 68;
    static constexpr std::uint8_t traceroute = 82;
    static constexpr std::uint8_t security = 130;
    static constexpr std::uint8_t loose_source_route = 131;
    static constexpr std::uint8_t stream_id = 136;
    static constexpr std::uint8_t strict_source_route = 137;
    static constexpr std::uint8_t router_alert = 148;

    /// `header`: all bytes of an IPv4 header.
    explicit Ipv4Options(Bytes header) : left_(header.size() > 20 ? header.subspan(20) : Bytes{}) {}

    /// The next option with its type octet, or nothing. Lives as long as the header.
    std::optional<Bytes> next() {
        if (left_.empty()) return std::nullopt;
        std::size_t length = 1;
        const std::uint8_t type = left_[0];
        if (type != end_of_list && type != no_operation) {
            if (left_.size() < 2 || left_[1] < 2 || left_[1] > left_.size()) {
                left_ = {};
                return std::nullopt;
            }
            length = left_[1];
        }
        const Bytes option = left_.first(length);
        left_ = type == end_of_list ? Bytes{} : left_.subspan(length);
        return option;
    }

 private:
    Bytes left_;
};

enum class Ipv4OptionPart {
    type,
    copy,
    klass,
    number,
    length,
    pointer,
    router_alert,
    stream_id,
    mtu,
    trace_id,
    outbound_hops,
    return_hops,
    originator,
    recorded_route,
    source_route,
    empty_route,
    overflow,
    flag,
    time_stamp,
    time_stamp_address,
    classification,
};

namespace detail {
inline std::uint64_t big16(Bytes option, std::size_t at) {
    return static_cast<std::uint64_t>(option[at] << 8 | option[at + 1]);
}

/// Record route and source routes: type, length, pointer, addresses. The pointer counts from 1.
void ipv4_route(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out);
/// Timestamp: type, length, pointer, overflow and flag, then stamps or pairs of address and stamp.
void ipv4_timestamp(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out);
/// All values of one part in one option.
void ipv4_option_values(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out);
}  // namespace detail

/// Reader for one part of every option that has it.
template <Ipv4OptionPart part>
void ipv4_option(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    Ipv4Options options{context.bytes(layer)};
    while (const auto option = options.next()) detail::ipv4_option_values(part, *option, index, out);
}

}  // namespace pcapline
