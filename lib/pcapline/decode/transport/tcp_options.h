// TCP options: an iterator over them, and readers of their fields. Never used by decode() itself.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"

namespace pcapline {

/// One option of a TCP header (RFC 9293, section 3.1).
struct TcpOption {
    std::uint8_t kind = 0;
    std::uint8_t length = 1;  ///< as the option claims it, kind and length included
    Bytes whole;              ///< kind, length and data, as far as they are in the header
    Bytes data;               ///< without kind and length
};

/// Takes the options from a TCP header one by one. Ends behind the end-of-options octet and the zeros that
/// pad it (one option each, as in tshark), or at an option whose length cannot be.
class TcpOptions {
 public:
    /// `header`: the whole TCP header; the first 20 bytes are passed over.
    explicit TcpOptions(Bytes header) : rest_(header.subspan(header.size() < 20 ? header.size() : 20), 0) {}

    std::optional<TcpOption> next() {
        const auto kind = rest_.peek<1>();
        if (!kind || (ended_ && u8<0>(*kind) != end_of_options)) return std::nullopt;
        TcpOption option;
        option.kind = u8<0>(*kind);
        if (option.kind == end_of_options || option.kind == no_operation) {
            ended_ = option.kind == end_of_options;
            option.whole = *rest_.take(1);
            return option;
        }
        const auto start = rest_.peek<2>();
        if (!start) return std::nullopt;
        option.length = u8<1>(*start);
        if (option.length < 2) return std::nullopt;
        const auto whole = rest_.take(option.length);
        if (!whole) return std::nullopt;
        option.whole = *whole;
        option.data = whole->subspan(2);
        return option;
    }

    static constexpr std::uint8_t end_of_options = 0;
    static constexpr std::uint8_t no_operation = 1;

 private:
    Cursor rest_;
    bool ended_ = false;
};

namespace tcp_option {

/// Reader of a field that options of kind `Kind` carry: Extract(option, index, out) adds the values.
template <std::uint8_t Kind, auto Extract>
void each(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    TcpOptions options{context.bytes(layer)};
    while (const auto option = options.next())
        if (option->kind == Kind) Extract(*option, index, out);
}

/// An unsigned integer of Size bytes at data byte At, in options that have exactly DataSize bytes of data.
template <std::size_t DataSize, std::size_t At, std::size_t Size>
void number(const TcpOption& option, std::size_t index, FieldValues& out) {
    static_assert(At + Size <= DataSize);
    if (option.data.size() != DataSize) return;
    std::uint64_t value = 0;
    for (std::size_t i = At; i < At + Size; ++i) value = value << 8 | option.data[i];
    out.number(index, value);
}

inline void whole(const TcpOption& option, std::size_t index, FieldValues& out) {
    out.bytes(index, option.whole);
}

inline void data(const TcpOption& option, std::size_t index, FieldValues& out) {
    if (!option.data.empty()) out.bytes(index, option.data);
}

/// 2^shift (RFC 7323, section 2.2); a shift above 14 counts as 14 (section 2.3).
inline void multiplier(const TcpOption& option, std::size_t index, FieldValues& out) {
    if (option.data.size() != 1) return;
    out.number(index, std::uint64_t{1} << (option.data[0] < 14 ? option.data[0] : 14));
}

/// Number of selective acknowledgement blocks (RFC 2018, section 3).
inline void sack_count(const TcpOption& option, std::size_t index, FieldValues& out) {
    if (option.data.size() % 8 == 0) out.number(index, option.data.size() / 8);
}

inline void kinds(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    TcpOptions options{context.bytes(layer)};
    while (const auto option = options.next()) out.number(index, option->kind);
}

/// Lengths of the options that have one (end of options and no-operation have none).
inline void lengths(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    TcpOptions options{context.bytes(layer)};
    while (const auto option = options.next())
        if (option->kind > TcpOptions::no_operation) out.number(index, option->length);
}

}  // namespace tcp_option
}  // namespace pcapline
