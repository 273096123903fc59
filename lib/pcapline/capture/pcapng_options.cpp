#include "pcapline/capture/pcapng_options.h"

#include <algorithm>

#include "pcapline/capture/pcapng_format.h"

namespace pcapline {

std::optional<Option> OptionWalk::next() {
    if (rest_.size() < 4) return std::nullopt;
    const std::uint16_t code = load16(rest_.data(), order_);
    const std::uint16_t length = load16(rest_.data() + 2, order_);
    if (code == option::end || length > rest_.size() - 4) return std::nullopt;
    const Option found{code, rest_.subspan(4, length)};
    rest_ = rest_.subspan(std::min(rest_.size(), 4 + std::size_t{padded(length)}));
    return found;
}

Bytes sound_options(Bytes options, ByteOrder order) {
    OptionWalk walk(options, order);
    while (walk.next()) {}
    return options.first(options.size() - walk.left());
}

std::optional<Bytes> find_option(Bytes options, ByteOrder order, std::uint16_t code) {
    OptionWalk walk(options, order);
    while (const auto found = walk.next())
        if (found->code == code) return found->value;
    return std::nullopt;
}

std::string option_text(Bytes value) {
    return {value.begin(), std::find(value.begin(), value.end(), std::uint8_t{0})};
}

}  // namespace pcapline
