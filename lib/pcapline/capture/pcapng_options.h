// Options of pcapng blocks: read on demand, over bytes that nobody has checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"

namespace pcapline {

/// One option; `value` is a view into the block, without padding.
struct Option {
    std::uint16_t code = 0;
    Bytes value;
};

/// Walks over a list of options. Ends at opt_endofopt, at the end of the bytes, and at an option longer than what is
/// left; padding is skipped unseen, and may be missing behind the last one.
class OptionWalk {
 public:
    OptionWalk(Bytes options, ByteOrder order) : rest_(options), order_(order) {}

    std::optional<Option> next();
    /// Bytes not walked over yet.
    std::size_t left() const { return rest_.size(); }

 private:
    Bytes rest_;
    ByteOrder order_;
};

/// The options without opt_endofopt and whatever stands behind it or makes no sense.
Bytes sound_options(Bytes options, ByteOrder order);
/// The value of the first option with this code, for example option::comment.
std::optional<Bytes> find_option(Bytes options, ByteOrder order, std::uint16_t code);
/// Bytes of an option as text, up to the first NUL (some writers count it in). Not sanitised.
std::string option_text(Bytes value);

}  // namespace pcapline
