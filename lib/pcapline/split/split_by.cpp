#include "pcapline/split/split_by.h"

#include <array>
#include <utility>

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"

namespace pcapline {
namespace {

using Kind = SplitBy::Kind;
constexpr std::array<std::pair<std::string_view, Kind>, 10> words{{{"session", Kind::session},
                                                                   {"flow", Kind::session},
                                                                   {"host", Kind::host},
                                                                   {"host-pair", Kind::host_pair},
                                                                   {"port", Kind::port},
                                                                   {"vlan", Kind::vlan},
                                                                   {"time", Kind::time},
                                                                   {"size", Kind::size},
                                                                   {"count", Kind::count},
                                                                   {"hash", Kind::hash}}};
constexpr std::uint64_t most_hash_parts = 1'000'000;

Result<std::uint64_t> amount_of(Kind kind, std::string_view text) {
    if (kind == Kind::time) {
        const auto duration = parse_duration(text);
        if (!duration) return duration.error();
        return static_cast<std::uint64_t>(*duration);
    }
    if (kind == Kind::size) return parse_size(text);
    std::uint64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || text.size() > 18) return Error{Errc::usage, "not a whole number: " + harmless(text)};
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return number;
}

}  // namespace

Result<SplitBy> SplitBy::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    for (const auto& [known, kind] : words) {
        if (word != known) continue;
        const bool takes_amount = kind == Kind::time || kind == Kind::size || kind == Kind::count || kind == Kind::hash;
        if (takes_amount != (colon != std::string_view::npos)) {
            return Error{Errc::usage, takes_amount
                                          ? "--by " + std::string(word) + " wants how much, as in --by " + std::string(word) + ":10"
                                          : "--by " + std::string(word) + " takes nothing more"};
        }
        SplitBy by{kind, 0};
        if (!takes_amount) return by;
        const auto amount = amount_of(kind, text.substr(colon + 1));
        if (!amount) return amount.error();
        if (*amount == 0) return Error{Errc::usage, "--by " + std::string(word) + " takes more than 0"};
        if (kind == Kind::hash && *amount > most_hash_parts) return Error{Errc::usage, "--by hash takes 1 to 1000000 parts"};
        by.amount = *amount;
        return by;
    }
    return Error{Errc::usage,
                 "--by takes session, host, host-pair, port, vlan, time:DURATION, size:SIZE, count:N or hash:N: " + harmless(text)};
}

std::string_view SplitBy::default_name() const {
    switch (kind) {
        case Kind::session:
            return "{seq}_{time}_{proto}_{src}_{sport}_{dst}_{dport}";
        case Kind::time:
        case Kind::size:
        case Kind::count:
            return "{seq}_{time}";
        default:
            return "{seq}_{key}";
    }
}

}  // namespace pcapline
