// make_flows KIND COUNT >CAPTURE: COUNT packets, each the first of another flow.
//   syn, udp    of random addresses and ports
//   published   SYNs whose keys have the same first and the same last four bits of published_hash()
//   unkeyed     SYNs whose keys are all one hash if FlowTable's is keyed by zeros
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "pcapline/base/endian.h"
#include "pcapline/flow/flow_hash.h"

namespace {

using namespace pcapline;

struct Ends {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint16_t source_port = 0;
    std::uint16_t target_port = 0;
};

std::uint64_t published_hash_of(const Ends& ends) {
    FlowOf flow;
    flow.key.protocol = 6;
    store(flow.key.low.address.data(), ends.source, ByteOrder::big);
    store(flow.key.high.address.data(), ends.target, ByteOrder::big);
    flow.key.low.port = ends.source_port;
    flow.key.high.port = ends.target_port;
    flow.order();
    return published_hash(flow.key);
}

class Capture {
 public:
    Capture() {
        std::array<std::uint8_t, 24> header{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
        header[18] = 4;  // snap length 262144
        header[20] = 1;  // Ethernet
        put(header);
    }
    void add(const Ends& ends, bool udp) {
        std::array<std::uint8_t, 16> record{};
        const std::uint32_t size = udp ? 60 : 54;
        store(&record[0], 1'700'000'000 + number_ / 10'000, ByteOrder::little);
        store(&record[4], number_ % 10'000 * 100, ByteOrder::little);
        store(&record[8], size, ByteOrder::little);
        store(&record[12], size, ByteOrder::little);
        ++number_;
        put(record);
        std::array<std::uint8_t, 60> frame{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, static_cast<std::uint8_t>(size - 14),
                                           0, 0, 0, 0, 64};
        frame[23] = udp ? 17 : 6;
        store(&frame[26], ends.source, ByteOrder::big);
        store(&frame[30], ends.target, ByteOrder::big);
        store(&frame[34], ends.source_port, ByteOrder::big);
        store(&frame[36], ends.target_port, ByteOrder::big);
        if (udp) {
            frame[39] = 26;
        } else {
            store(&frame[38], number_, ByteOrder::big);
            frame[46] = 0x50;
            frame[47] = 2;
            frame[48] = 4;
        }
        put(std::span{frame}.first(size));
    }

 private:
    static void put(std::span<const std::uint8_t> bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) std::exit(3);
    }
    std::uint32_t number_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string_view kind = argc == 3 ? argv[1] : "";
    const unsigned long count = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
    if (count == 0 || (kind != "syn" && kind != "udp" && kind != "published" && kind != "unkeyed")) {
        std::fputs("usage: make_flows syn|udp|published|unkeyed COUNT\n", stderr);
        return 2;
    }
    constexpr std::uint64_t first_and_last = 0xf00000000000000f;
    std::mt19937_64 random{1};
    Capture capture;
    for (unsigned long made = 0; made < count;) {
        const std::uint64_t addresses = random();
        const std::uint64_t ports = random();
        Ends ends{static_cast<std::uint32_t>(addresses), static_cast<std::uint32_t>(addresses >> 32), static_cast<std::uint16_t>(ports),
                  static_cast<std::uint16_t>(ports >> 16)};
        if (kind == "unkeyed") ends = {0, 0, static_cast<std::uint16_t>(made), static_cast<std::uint16_t>(made >> 16)};
        if (kind == "published" && (published_hash_of(ends) & first_and_last) != 0) continue;
        capture.add(ends, kind == "udp");
        ++made;
    }
    return std::fclose(stdout) == 0 ? 0 : 3;
}
