// Which packets belong together.
#include "pcapline/split/partition.h"

#include "support/catch.h"
#include "unit/flow/flow_support.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// Sends frames through a partition, one batch each.
struct Splitter {
    explicit Splitter(std::string_view by_text, std::string_view name = "{key}")
        : namer(*NameTemplate::parse(name), parts), by(*SplitBy::parse(by_text)), partition(make_partition(by, {}, namer, encoder)) {
        interfaces.resize(1);
    }
    /// Names of the parts, joined by '+'.
    std::string add(const Octets& bytes, std::int64_t time_ns = 0) {
        Batch batch;
        batch.frames.push_back(frame_of(bytes));
        batch.frames[0].time_ns = time_ns;
        std::vector<Targets> targets;
        partition->assign(batch, {0, interfaces, info, native_order}, targets);
        REQUIRE(targets.size() == 1);
        std::string text{parts.name(targets[0].first)};
        if (targets[0].second != Parts::none) (text += '+') += parts.name(targets[0].second);
        return text;
    }
    Parts parts;
    Namer namer;
    RecordEncoder encoder{WriterOptions{}};
    SplitBy by;
    std::unique_ptr<Partition> partition;
    CaptureInfo info;
    std::vector<Interface> interfaces;
};

const Octets arp = ethernet(0x0806, Octets(28));
const Octets dns = ethernet(0x0800, ipv4(17, udp(5000, 53)));
const Octets answer = ethernet(0x0800, ipv4(17, udp(53, 5000), 2, 1));
const Octets web = ethernet(0x0800, ipv4(6, tcp(5000, 80), 1, 3));
const Octets six = ethernet(0x86dd, ipv6(17, udp(53, 53)));
const Octets to_itself = ethernet(0x0800, ipv4(17, udp(7, 7), 1, 1));
const Octets tagged = hex("020000000002 020000000001 8100 0064 0800") + ipv4(17, udp(1, 2));

}  // namespace

TEST_CASE("By host and by port a packet belongs to both its ends, or to one if they are the same", "[split]") {
    Splitter host{"host"};
    CHECK(host.add(dns) == "10.0.0.1+10.0.0.2");
    CHECK(host.add(answer) == "10.0.0.2+10.0.0.1");
    CHECK(host.add(to_itself) == "10.0.0.1");
    CHECK(host.add(arp) == "000000_other");
    CHECK(host.add(six) == "2001-db8--1+2001-db8--2");
    CHECK(host.parts.size() == 5);
    CHECK(host.parts.key(3) == "2001:db8::1");
    Splitter port{"port"};
    CHECK(port.add(dns) == "udp-5000+udp-53");
    CHECK(port.add(web) == "tcp-5000+tcp-80");
    CHECK(port.add(six) == "udp-53");
    CHECK(port.add(arp) == "000000_other");
    CHECK(port.add(ethernet(0x0800, ipv4(1, hex("0800 0000 0001 0001")))) == "000000_other");
}

TEST_CASE("By host-pair both directions are one part", "[split]") {
    Splitter pair{"host-pair"};
    CHECK(pair.add(answer) == "10.0.0.2-10.0.0.1");
    CHECK(pair.add(dns) == "10.0.0.2-10.0.0.1");
    CHECK(pair.add(web) == "10.0.0.1-10.0.0.3");
    CHECK(pair.add(arp) == "000000_other");
    CHECK(pair.parts.key(1) == "10.0.0.2,10.0.0.1");
}

TEST_CASE("By VLAN the tags count, and packets without any are other", "[split]") {
    Splitter vlan{"vlan"};
    CHECK(vlan.add(tagged) == "100");
    CHECK(vlan.add(dns) == "000000_other");
    CHECK(vlan.add(hex("020000000002 020000000001 88a8 0007 8100 0064 0806") + Octets(28)) == "7-100");
}

TEST_CASE("By time the bins are aligned to the epoch, also before it", "[split]") {
    Splitter time{"time:10s", "{time}"};
    const std::int64_t s = 1'000'000'000;
    CHECK(time.add(dns, 1'714'550'409 * s) == "20240501T080000.000000000Z");
    CHECK(time.add(dns, 1'714'550'410 * s) == "20240501T080010.000000000Z");
    CHECK(time.add(dns, 1'714'550'400 * s) == "20240501T080000.000000000Z");
    CHECK(time.add(dns, -1) == "19691231T235950.000000000Z");
    CHECK(time.add(dns, no_time) == "000000_other");
    CHECK(time.parts.size() == 4);
}

TEST_CASE("By count and by size a part ends before the packet that is too much", "[split]") {
    Splitter count{"count:2"};
    std::string got;
    for (int i = 0; i < 5; ++i) got += count.add(i == 1 ? arp : dns) + ' ';
    CHECK(got == "1 1 2 2 3 ");
    // A pcap file: 24 bytes, and 16 and 42 a packet.
    Splitter size{"size:140"};
    got.clear();
    for (int i = 0; i < 4; ++i) got += size.add(dns) + ' ';
    CHECK(got == "1 1 2 2 ");
    Splitter smaller{"size:139"};
    got.clear();
    for (int i = 0; i < 3; ++i) got += smaller.add(dns) + ' ';
    CHECK(got == "1 2 3 ");
}

TEST_CASE("By hash both directions are in one part, the same in every run", "[split]") {
    Splitter hash{"hash:1000"};
    const std::string part = hash.add(dns);
    CHECK(hash.add(answer) == part);
    CHECK(hash.add(arp) == "000000_other");
    Splitter again{"hash:1000"};
    CHECK(again.add(answer) == part);
    Splitter one{"hash:1"};
    CHECK(one.add(dns) == "0");
    CHECK(one.add(web) == "0");
}
