#include "pcapline/decode/application.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>

#include "pcapline/base/text.h"
#include "pcapline/decode/application_ports.h"
#include "pcapline/decode/edges.h"

namespace pcapline {
namespace {

constexpr std::string_view blanks = " \t\r";

/// The first word of the line, which is taken off; empty at its end.
std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

std::optional<std::uint16_t> port_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    unsigned number = 0;
    for (const char c : digits) number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 0xffff) return std::nullopt;
    return static_cast<std::uint16_t>(number);
}

/// Names go into tables, JSON and file names as they are.
bool is_name(std::string_view name) {
    constexpr std::string_view first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const auto allowed = [&](char c) {
        return first.find(c) != std::string_view::npos || std::string_view{"._+-"}.find(c) != std::string_view::npos;
    };
    return !name.empty() && name.size() <= 63 && first.find(name[0]) != std::string_view::npos &&
           std::all_of(name.begin(), name.end(), allowed);
}

std::string_view find_port(std::span<const detail::PortName> ports, std::uint16_t port) {
    const auto at =
        std::lower_bound(ports.begin(), ports.end(), port, [](const detail::PortName& p, std::uint16_t number) { return p.port < number; });
    return at != ports.end() && at->port == port ? at->name : std::string_view{};
}

std::string upper_case(std::string_view name) {
    std::string text{name};
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

std::string_view known_by_name(KnownBy by) {
    return by == KnownBy::payload ? "payload" : by == KnownBy::port ? "port" : "";
}

Applications::Applications() {
    names_.emplace_back();
    for (const ProtocolInfo& protocol : protocol_table()) names_.emplace_back(protocol.name);
    names_.emplace_back("data");
    for (std::size_t id = 1; id < names_.size(); ++id) ids_.emplace(names_[id], static_cast<ApplicationId>(id));
    constexpr std::pair<Space, std::size_t> spaces[] = {{Space::tcp_port, 0}, {Space::udp_port, 1}, {Space::sctp_port, 2}};
    for (const auto& claim : detail::edges.slot)
        for (const auto& [space, slot] : spaces)
            if (claim.space == space) ports_[slot << 16 | claim.key] = of_protocol(claim.proto);
    const auto add = [this](std::size_t slot, std::span<const detail::PortName> ports) {
        for (const auto& [port, name] : ports) ports_[slot << 16 | port] = id_of(name).value_or(no_application);
    };
    add(0, detail::tcp_ports);
    add(1, detail::udp_ports);
    add(2, detail::sctp_ports);
}

const Applications& Applications::well_known() {
    static const Applications shared;
    return shared;
}

std::optional<ApplicationId> Applications::id_of(std::string_view name) {
    const auto [at, is_new] = ids_.try_emplace(std::string{name}, static_cast<ApplicationId>(names_.size()));
    if (!is_new) return at->second;
    if (names_.size() > std::numeric_limits<ApplicationId>::max()) {
        ids_.erase(at);
        return std::nullopt;
    }
    names_.emplace_back(name);
    return at->second;
}

Result<void> Applications::add_line(std::string_view line) {
    line = line.substr(0, line.find('#'));
    const std::string_view what = take_word(line);
    if (what.empty()) return {};
    const std::string_view name = take_word(line);
    const std::size_t slash = what.find('/');
    const std::optional<std::uint16_t> port = port_number(what.substr(0, slash));
    if (!port) return Error{Errc::usage, "not a port: " + harmless(what)};
    if (!is_name(name)) return Error{Errc::usage, "not a name: \"" + harmless(name) + "\" (up to 63 of A-Z a-z 0-9 . _ + -)"};
    if (const std::string_view more = take_word(line); !more.empty()) return Error{Errc::usage, "a word too many: " + harmless(more)};

    constexpr std::string_view words[] = {"tcp", "udp", "sctp"};
    std::size_t first = 0;
    std::size_t last = std::size(words) - 1;
    if (slash != std::string_view::npos) {
        const auto word = std::find(std::begin(words), std::end(words), what.substr(slash + 1));
        if (word == std::end(words)) return Error{Errc::usage, "not tcp, udp or sctp: " + harmless(what)};
        first = last = static_cast<std::size_t>(word - std::begin(words));
    }
    const std::optional<ApplicationId> id = id_of(name);
    if (!id) return Error{Errc::usage, "too many names"};
    for (std::size_t slot = first; slot <= last; ++slot) ports_[slot << 16 | *port] = *id;
    return {};
}

Result<void> Applications::add_ports(std::string_view text, const std::string& file) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (auto added = add_line(text.substr(0, end)); !added) {
            Error error = added.error();
            error.what = "line " + std::to_string(number) + ": " + error.what;
            error.where = file;
            return error;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

std::string original_name(Proto transport, Proto content, std::optional<PortPair> ports) {
    const std::string above = transport == no_proto ? "DATA" : upper_case(protocol_table()[transport].name);
    if (!ports) return above + "_UNKNOWN";
    if (transport != no_proto && roles[transport] == Role::icmp)
        return above + '_' + (content != no_proto ? upper_case(protocol_table()[content].name) : std::to_string(ports->dst));
    std::string_view known;
    for (const std::uint16_t port : {ports->src, ports->dst}) {
        if (!known.empty()) break;
        if (transport == proto_of<Tcp>) known = find_port(detail::original_tcp_ports, port);
        if (transport == proto_of<Udp>) known = find_port(detail::original_udp_ports, port);
    }
    std::string name = above + '_' + (known.empty() ? std::to_string(std::min(ports->src, ports->dst)) : std::string{known});
    if (content == proto_of<Tls> && !name.ends_with("_TLS")) name += "_TLS";
    return name;
}

}  // namespace pcapline
