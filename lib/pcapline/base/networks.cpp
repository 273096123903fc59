#include "pcapline/base/networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "pcapline/base/text.h"

namespace pcapline {

Result<Networks::Prefix> Networks::parse_prefix(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string address{text.substr(0, slash)};
    Prefix prefix;
    if (inet_pton(AF_INET, address.c_str(), prefix.address.data()) == 1) {
        prefix.size = 4;
    } else if (inet_pton(AF_INET6, address.c_str(), prefix.address.data()) == 1) {
        prefix.size = 16;
    }
    const auto most = static_cast<unsigned>(prefix.size * 8);
    prefix.bits = most;
    bool whole = prefix.size != 0;
    if (slash != std::string_view::npos) {
        const std::string_view length = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), prefix.bits);
        whole = whole && error == std::errc{} && end == length.data() + length.size() && prefix.bits <= most;
    }
    if (!whole) return Error{Errc::usage, harmless(text) + " is no network: 192.168.0.0/16, 2001:db8::/32, private"};
    return prefix;
}

Result<Networks> Networks::parse(std::string_view text) {
    constexpr std::string_view private_networks[] = {"10.0.0.0/8",  "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                                                     "127.0.0.0/8", "fc00::/7",      "fe80::/10",      "::1"};
    Networks networks;
    const auto add = [&](std::string_view prefix) -> Result<void> {
        auto parsed = parse_prefix(prefix);
        if (!parsed) return parsed.error();
        networks.prefixes_.push_back(*parsed);
        return {};
    };
    for (bool more = true; more;) {
        const std::size_t comma = text.find(',');
        const std::string_view one = text.substr(0, comma);
        if (one == "private") {
            for (const std::string_view prefix : private_networks)
                if (auto added = add(prefix); !added) return added.error();
        } else if (auto added = add(one); !added) {
            return added.error();
        }
        more = comma != std::string_view::npos;
        if (more) text.remove_prefix(comma + 1);
    }
    return networks;
}

bool Networks::contains(Bytes address) const {
    return std::any_of(prefixes_.begin(), prefixes_.end(), [&](const Prefix& prefix) {
        if (prefix.size != address.size()) return false;
        const std::size_t bytes = prefix.bits / 8;
        if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(bytes), prefix.address.begin())) return false;
        const unsigned rest = prefix.bits % 8;
        return rest == 0 || (address[bytes] ^ prefix.address[bytes]) >> (8 - rest) == 0;
    });
}

bool is_group_address(Bytes address) {
    if (address.size() == 16) return address[0] == 0xff;
    return address[0] >> 4 == 0xe || std::all_of(address.begin(), address.end(), [](std::uint8_t byte) { return byte == 0xff; });
}

}  // namespace pcapline
