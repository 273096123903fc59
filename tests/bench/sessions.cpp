#include "bench/sessions.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "pcapline/capture/frame_source.h"

namespace pcapline::bench {

namespace {

constexpr std::uint16_t ethernet = 1;
/// One conversation must not be most of the mix.
constexpr std::size_t max_packets = 1000;

using Key = std::tuple<std::vector<std::uint8_t>, std::vector<std::uint8_t>, std::uint16_t, std::uint16_t, std::uint8_t>;

/// The same for both directions.
Key key_of(const StoredPacket& packet) {
    if (!packet.is_ip)
        return {{packet.bytes.begin(), packet.bytes.begin() + std::min<std::ptrdiff_t>(14, std::ssize(packet.bytes))}, {}, 0, 0, 0};
    End a = source_of(packet.bytes, packet.place);
    End b = destination_of(packet.bytes, packet.place);
    if (std::tie(b.address, b.port) < std::tie(a.address, a.port)) std::swap(a, b);
    return {a.address, b.address, a.port, b.port, packet.place.protocol};
}

}  // namespace

void SessionPool::read(const std::string& path) {
    auto source = open_capture(path);
    if (!source) return;
    std::map<Key, std::size_t> open;
    Batch batch;
    while ((*source)->next(batch)) {
        for (const Frame& frame : batch.frames) {
            if (frame.link_type != ethernet || frame.cap_len < 14 || frame.not_captured() != 0) continue;
            StoredPacket packet;
            packet.bytes.assign(frame.data, frame.data + frame.cap_len);
            packet.wire = frame.wire_len;
            if (const auto place = find_ip(packet.bytes)) {
                packet.is_ip = true;
                packet.place = *place;
            }
            const Key key = key_of(packet);
            auto at = open.find(key);
            if (at == open.end() || all_[at->second].packets.size() >= max_packets) {
                at = open.insert_or_assign(key, all_.size()).first;
                all_.emplace_back();
                if (packet.is_ip) {
                    all_.back().a = source_of(packet.bytes, packet.place);
                    all_.back().b = destination_of(packet.bytes, packet.place);
                }
            }
            Session& session = all_[at->second];
            if (packet.is_ip) {
                const End sender = source_of(packet.bytes, packet.place);
                packet.from_a = sender.address == session.a.address && sender.port == session.a.port;
            }
            session.wire_bytes += packet.wire;
            session.packets.push_back(std::move(packet));
            ++packets_;
        }
    }
}

bool SessionPool::load(const std::vector<std::string>& folders, double mean_length, double packets_a_session) {
    std::vector<std::string> paths;
    for (const std::string& folder : folders) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(folder, ignored)) paths.push_back(folder);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
            if (entry.is_regular_file()) paths.push_back(entry.path().string());
        }
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) read(path);
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const bool large = all_[i].mean_length() > mean_length;
        const bool is_long = static_cast<double>(all_[i].packets.size()) > packets_a_session;
        classes_[(large ? 2u : 0u) + (is_long ? 1u : 0u)].push_back(i);
    }
    return !all_.empty();
}

const Session& SessionPool::of(bool large, bool is_long, std::uint64_t random) const {
    const std::vector<std::size_t>& wanted = classes_[(large ? 2u : 0u) + (is_long ? 1u : 0u)];
    if (wanted.empty()) return all_[random % all_.size()];
    return all_[wanted[random % wanted.size()]];
}

}  // namespace pcapline::bench
