#include "pcapline/capture/filter_words.h"

#include <algorithm>
#include <array>

namespace pcapline {
namespace {

using namespace std::string_view_literals;

// What a word means depends on the last type qualifier before it; any other qualifier takes it back to "host".
enum class Wants : std::uint8_t {
    host,
    other,  ///< a port, a protocol, a WLAN type … : never looked up in the network
};

// Words after which a name is no host.
constexpr std::array other_qualifiers = {
    "port"sv,   "portrange"sv, "proto"sv, "protochain"sv, "ifname"sv,  "on"sv,      "rset"sv,    "ruleset"sv,    "reason"sv,  "action"sv,
    "type"sv,   "subtype"sv,   "dir"sv,   "direction"sv,  "rnr"sv,     "rulenum"sv, "srnr"sv,    "subrulenum"sv, "vlan"sv,    "mpls"sv,
    "pppoes"sv, "geneve"sv,    "vxlan"sv, "less"sv,       "greater"sv, "byte"sv,    "inbound"sv, "outbound"sv,   "ifindex"sv, "vpi"sv,
    "vci"sv,    "sio"sv,       "opc"sv,   "dpc"sv,        "sls"sv,     "hsio"sv,    "hopc"sv,    "hdpc"sv,       "hsls"sv,
};

// Qualifiers and protocols after which a bare name is a host.
constexpr std::array host_qualifiers = {
    "host"sv,     "net"sv,      "mask"sv,     "gateway"sv,  "src"sv,  "dst"sv,    "addr1"sv,      "addr2"sv,       "addr3"sv, "addr4"sv,
    "address1"sv, "address2"sv, "address3"sv, "address4"sv, "ra"sv,   "ta"sv,     "link"sv,       "ether"sv,       "ppp"sv,   "slip"sv,
    "fddi"sv,     "tr"sv,       "wlan"sv,     "arp"sv,      "rarp"sv, "ip"sv,     "sctp"sv,       "tcp"sv,         "udp"sv,   "icmp"sv,
    "igmp"sv,     "igrp"sv,     "pim"sv,      "vrrp"sv,     "carp"sv, "radio"sv,  "ip6"sv,        "icmp6"sv,       "ah"sv,    "esp"sv,
    "atalk"sv,    "aarp"sv,     "decnet"sv,   "lat"sv,      "sca"sv,  "moprc"sv,  "mopdl"sv,      "iso"sv,         "esis"sv,  "es-is"sv,
    "isis"sv,     "is-is"sv,    "l1"sv,       "l2"sv,       "iih"sv,  "lsp"sv,    "snp"sv,        "csnp"sv,        "psnp"sv,  "clnp"sv,
    "stp"sv,      "ipx"sv,      "netbeui"sv,  "llc"sv,      "lane"sv, "pppoed"sv, "broadcast"sv,  "multicast"sv,   "metac"sv, "bcc"sv,
    "oam"sv,      "oamf4"sv,    "oamf4ec"sv,  "oamf4sc"sv,  "sc"sv,   "ilmic"sv,  "connectmsg"sv, "metaconnect"sv, "fisu"sv,  "lssu"sv,
    "lsu"sv,      "msu"sv,      "hfisu"sv,    "hlssu"sv,    "hmsu"sv,
};

// Words that change nothing: a list of names keeps its qualifier over "or".
constexpr std::array neutral = {"and"sv, "or"sv, "not"sv, "len"sv, "length"sv};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == ':';
}

// Pairs of hexadecimal digits between '-' or '.', groups of four between '.', or twelve digits in a row.
bool is_link_address(std::string_view word) {
    const auto digits = std::count_if(word.begin(), word.end(), is_hex);
    const auto others = static_cast<std::ptrdiff_t>(word.size()) - digits;
    const auto dashes = std::count(word.begin(), word.end(), '-');
    const auto dots = std::count(word.begin(), word.end(), '.');
    if (others == 0) return digits == 12;
    if (dashes == 5 && others == 5) return digits >= 6 && digits <= 12;
    return dots == others && ((dots == 5 && digits >= 6 && digits <= 12) || (dots == 2 && digits == 12));
}

// Numbers, dotted addresses, IPv6 and link-layer addresses, ranges of numbers.
bool is_address(std::string_view word) {
    if (word.find(':') != std::string_view::npos) return true;
    if (word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
        return std::all_of(word.begin() + 2, word.end(), is_hex);
    }
    return std::none_of(word.begin(), word.end(), is_letter) || is_link_address(word);
}

}  // namespace

std::string first_host_name(std::string_view expression) {
    Wants wants = Wants::host;
    int brackets = 0;
    for (std::size_t at = 0; at < expression.size();) {
        const char c = expression[at];
        if (!is_word(c) && c != '\\') {
            if (c == '[') ++brackets;
            if (c == ']') --brackets;
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < expression.size() && is_word(expression[end])) ++end;
        const std::string_view word = expression.substr(at, end - at);
        at = end;
        // Between brackets stand offsets into a header; a word with a backslash is a protocol's name.
        if (brackets > 0 || c == '\\' || is_address(word) || is_one_of(word, neutral)) continue;
        if (is_one_of(word, other_qualifiers)) {
            wants = Wants::other;
        } else if (is_one_of(word, host_qualifiers)) {
            wants = Wants::host;
        } else if (wants == Wants::host && !word.starts_with("tcp-") && !word.starts_with("icmp-") && !word.starts_with("icmp6-")) {
            return std::string(word);
        }
    }
    return {};
}

}  // namespace pcapline
