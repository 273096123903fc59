// make_captures: the benchmark's inputs, from a seed.
//
//   make_captures mixed --out mixed.pcap --bytes 1073741824 FOLDER…   real packets, multiplied
//   make_captures small --out small.pcap --packets 10000000           packets of 64–100 bytes, a million flows
//
// A shorter file of the same seed is the beginning of a longer one.

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/capture_file.h"
#include "bench/sessions.h"

namespace {

using namespace pcapline::bench;

/// splitmix64 (public domain algorithm by S. Vigna): the same numbers on every machine.
class Random {
 public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }

 private:
    std::uint64_t state_;
};

constexpr std::uint64_t start_us = 1'714'550'400'000'000;  // 2024-05-01T08:00:00Z

struct Options {
    std::string kind;
    std::string out;
    std::string format = "pcap";
    std::uint64_t seed = 1;
    std::uint64_t bytes = 1u << 30;
    std::uint64_t packets = 10'000'000;
    std::uint64_t flows = 1'000'000;
    double mean_length = 616;
    double packets_a_flow = 15.4;
    std::vector<std::string> folders;
};

/// A session being played.
struct Player {
    const Session* session = nullptr;
    std::size_t at = 0;
    End a;
    End b;
};

bool is_group(const End& end) {
    if (end.address.size() == 4) return end.address[0] >= 224;
    return end.address.size() == 16 && end.address[0] == 0xff;
}

/// A new address: some 4,000 clients in 10/8 and 2001:db8::/32, some 16,000 servers anywhere. (Not more: tools that remember
/// addresses as text search long lists for them.) Clients get a new port, servers keep theirs.
void readdress(End& end, bool client, Random& random) {
    if (is_group(end)) return;
    const std::uint64_t r = random.next();
    const auto bits = [r](int from, unsigned count) { return static_cast<std::uint8_t>(r >> from & ((1u << count) - 1)); };
    if (end.address.size() == 4) {
        if (client) {
            end.address = {10, bits(0, 8), bits(8, 4), 7};
        } else {
            end.address = {static_cast<std::uint8_t>(20 + bits(0, 6)), bits(6, 8), 90, 1};
        }
    } else if (end.address.size() == 16) {
        end.address = {0x20, 0x01, 0x0d, 0xb8,       0,         client ? std::uint8_t{0} : std::uint8_t{1}, 0, 0, 0, 0, 0,
                       0,    0,    0,    bits(0, 4), bits(4, 8)};
    }
    if (client && end.port != 0) end.port = static_cast<std::uint16_t>(32768 + (r >> 32) % 28000);
}

Player play(const Session& session, Random& random) {
    Player player{&session, 0, session.a, session.b};
    const bool a_is_client = session.a.port >= session.b.port;
    readdress(player.a, a_is_client, random);
    readdress(player.b, !a_is_client, random);
    return player;
}

bool make_mixed(const Options& options, CaptureFile& file) {
    SessionPool pool;
    if (!pool.load(options.folders, options.mean_length, options.packets_a_flow)) {
        std::fprintf(stderr, "make_captures: no Ethernet packets in the folders given\n");
        return false;
    }
    Random random(options.seed);
    constexpr std::size_t at_once = 512;
    std::vector<Player> players;
    std::vector<std::uint8_t> bytes;
    std::uint64_t promised_packets = 0;
    std::uint64_t promised_bytes = 0;
    std::uint64_t sessions = 0;
    std::uint64_t time = start_us;
    std::uint64_t size = 24;  // as pcap, so that both formats hold the same packets
    while (size < options.bytes) {
        while (players.size() < at_once) {
            const double packets = static_cast<double>(promised_packets);
            const bool large = static_cast<double>(promised_bytes) < options.mean_length * packets;
            const bool is_long = packets < options.packets_a_flow * static_cast<double>(sessions);
            players.push_back(play(pool.of(large, is_long, random.next()), random));
            promised_packets += players.back().session->packets.size();
            promised_bytes += players.back().session->wire_bytes;
            ++sessions;
        }
        const std::size_t chosen = random.below(players.size());
        Player& player = players[chosen];
        const StoredPacket& packet = player.session->packets[player.at];
        bytes = packet.bytes;
        if (packet.is_ip)
            replace_ends(bytes.data(), packet.place, packet.from_a ? player.a : player.b, packet.from_a ? player.b : player.a);
        time += 1 + random.below(700);
        file.add(time, bytes.data(), static_cast<std::uint32_t>(bytes.size()), packet.wire);
        size += 16 + bytes.size();
        if (++player.at == player.session->packets.size()) {
            player = players.back();
            players.pop_back();
        }
    }
    std::printf("{\"pool_packets\":%zu,\"pool_sessions\":%zu,\"sessions\":%llu,", pool.packets(), pool.sessions(),
                static_cast<unsigned long long>(sessions));
    return true;
}

void put16(std::uint8_t* p, std::uint64_t v) {
    p[0] = static_cast<std::uint8_t>(v >> 8);
    p[1] = static_cast<std::uint8_t>(v);
}

/// A packet of flow `flow`: Ethernet, IPv4 (four of five flows) or IPv6, TCP (three of four) or UDP, checksums right.
std::uint32_t small_packet(std::uint64_t flow, Random& random, std::array<std::uint8_t, 128>& out) {
    Random of_flow(flow * 0x2545f4914f6cdd1du);
    const std::uint64_t addresses = of_flow.next();
    const std::uint64_t ports = of_flow.next();
    const bool v6 = flow % 5 == 4;
    const bool udp = flow % 4 == 3;
    const std::uint64_t r = random.next();
    const bool back = r & 1;
    const std::uint32_t size = 64 + static_cast<std::uint32_t>((r >> 1) % 37);
    out.fill(0);
    std::uint8_t* const p = out.data();
    p[0] = p[6] = 2;
    p[5] = back ? 1 : 2;
    p[11] = back ? 2 : 1;
    put16(p + 12, v6 ? 0x86dd : 0x0800);
    std::uint8_t* const ip = p + 14;
    const std::uint32_t ip_header = v6 ? 40 : 20;
    std::uint32_t transport_header = udp ? 8 : 20;
    const std::uint32_t wanted = size - 14 - ip_header;
    const std::uint32_t transport = wanted < transport_header ? transport_header : wanted;
    std::uint8_t* const source = ip + (v6 ? 8 : 12) + (back ? (v6 ? 16 : 4) : 0);
    std::uint8_t* const destination = ip + (v6 ? 8 : 12) + (back ? 0 : (v6 ? 16 : 4));
    const std::uint8_t protocol = udp ? 17 : 6;
    const auto byte = [addresses](int i) { return static_cast<std::uint8_t>(addresses >> (8 * i)); };
    if (v6) {
        ip[0] = 0x60;
        put16(ip + 4, transport);
        ip[6] = protocol;
        ip[7] = 64;
        for (std::uint8_t* end : {source, destination}) {
            end[0] = 0x20, end[1] = 0x01, end[2] = 0x0d, end[3] = 0xb8;
            end[5] = end == destination;
        }
        source[13] = byte(0), source[14] = byte(1), source[15] = byte(2);
        destination[14] = byte(3), destination[15] = byte(4);
    } else {
        ip[0] = 0x45;
        put16(ip + 2, ip_header + transport);
        put16(ip + 4, r >> 16);
        ip[8] = 64;
        ip[9] = protocol;
        source[0] = 10, source[1] = byte(0), source[2] = byte(1), source[3] = byte(2);
        destination[0] = 198, destination[1] = static_cast<std::uint8_t>(18 + (byte(5) & 1)), destination[2] = byte(3),
        destination[3] = byte(4);
        put16(ip + 10, static_cast<std::uint16_t>(~sum16(ip, 20)));
    }
    std::uint8_t* const t = ip + ip_header;
    static constexpr std::array<std::uint16_t, 8> services{443, 80, 22, 53, 8080, 3306, 25, 5060};
    put16(t + (back ? 2 : 0), 1024 + ports % 64000);
    put16(t + (back ? 0 : 2), services[(ports >> 32) % services.size()]);
    if (udp) {
        put16(t + 4, transport);
    } else {
        put16(t + 4, r >> 24);
        put16(t + 6, r >> 40);
        t[12] = 0x50;
        t[13] = 0x10;
        put16(t + 14, 0xffff);
    }
    for (std::uint32_t i = transport_header; i < transport; ++i) t[i] = static_cast<std::uint8_t>(r >> (i % 8 * 8));
    const std::uint32_t pseudo = sum16(ip + (v6 ? 8 : 12), v6 ? 32 : 8, protocol + transport);
    const std::uint16_t sum = static_cast<std::uint16_t>(~sum16(t, transport, pseudo));
    put16(t + (udp ? 6 : 16), sum == 0 ? 0xffff : sum);
    return 14 + ip_header + transport;
}

void make_small(const Options& options, CaptureFile& file) {
    Random random(options.seed);
    std::array<std::uint8_t, 128> bytes;
    std::uint64_t time = start_us;
    for (std::uint64_t i = 0; i < options.packets; ++i) {
        // every flow once, then at random: exactly so many flows, in no order
        const std::uint64_t flow = i < options.flows ? i * 7919 % options.flows : random.below(options.flows);
        const std::uint32_t size = small_packet(flow, random, bytes);
        time += 1 + random.below(119);
        file.add(time, bytes.data(), size, size);
    }
    std::printf("{\"flows\":%llu,", static_cast<unsigned long long>(options.flows));
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Makes the captures of the benchmark");
    app.add_option("kind", options.kind)->required()->check(CLI::IsMember({"mixed", "small"}));
    app.add_option("folders", options.folders, "mixed: folders of real captures, or files");
    app.add_option("--out", options.out)->required();
    app.add_option("--format", options.format)->check(CLI::IsMember({"pcap", "pcapng"}));
    app.add_option("--seed", options.seed);
    app.add_option("--bytes", options.bytes, "mixed: size of the file as pcap");
    app.add_option("--packets", options.packets, "small: number of packets");
    app.add_option("--flows", options.flows, "small: number of flows");
    CLI11_PARSE(app, argc, argv);

    const auto file = CaptureFile::create(options.out, options.format == "pcap" ? CaptureFile::Format::pcap : CaptureFile::Format::pcapng);
    if (!file) {
        std::perror(options.out.c_str());
        return 3;
    }
    if (options.kind == "small") {
        make_small(options, *file);
    } else if (!make_mixed(options, *file)) {
        return 2;
    }
    std::printf("\"packets\":%llu,\"wire_bytes\":%llu,\"file_bytes\":%llu}\n", static_cast<unsigned long long>(file->packets()),
                static_cast<unsigned long long>(file->wire_bytes()), static_cast<unsigned long long>(file->bytes()));
    if (file->finish()) return 0;
    std::perror(options.out.c_str());
    return 3;
}
