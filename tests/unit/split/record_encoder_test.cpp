// Records of many files, read back.
#include "pcapline/split/record_encoder.h"

#include "pcapline/base/time.h"
#include "support/catch.h"
#include "unit/capture/capture_bytes.h"
#include "unit/split/temp_folder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::int64_t second = 1'714'550'400;

/// A file that an encoder makes.
struct Made {
    RecordEncoder::State state = 0;
    ByteBuffer bytes;
    Reading read() const { return read_all({bytes.bytes().begin(), bytes.bytes().end()}); }
};

const std::vector<std::uint8_t> data{1, 2, 3, 4, 5};

Frame frame(std::int64_t time_ns, std::uint16_t interface = 0, std::uint16_t link_type = 1) {
    return {data.data(), static_cast<std::uint32_t>(data.size()), 60, time_ns, link_type, interface};
}

/// Interfaces, and what else a source says.
struct From {
    CaptureInfo info;
    std::vector<Interface> interfaces;
    RecordEncoder::Origin origin(std::uint32_t input = 0) const { return {input, interfaces, info, native_order}; }
};

From two_interfaces() {
    From from;
    from.info.format = CaptureFormat::pcapng;
    from.info.os = "an os";
    from.interfaces.resize(2);
    from.interfaces[0].name = "eth0";
    from.interfaces[1].name = "eth1";
    from.interfaces[1].time.exponent = 9;
    return from;
}

WriterOptions format(WriteFormat of) {
    WriterOptions options;
    options.format = of;
    return options;
}

}  // namespace

TEST_CASE("Several pcapng files at once each describe the interfaces that they have packets of", "[split]") {
    RecordEncoder encoder{format(WriteFormat::pcapng)};
    const From from = two_interfaces();
    Made a;
    Made b;
    const auto put = [&](Made& to, const Frame& one) { CHECK(encoder.put(one, 1, {}, from.origin(), to.state, to.bytes)); };
    put(a, frame(second * ns_per_second + 1000, 0));
    put(b, frame(second * ns_per_second + 1, 1));
    put(a, frame(second * ns_per_second + 2, 1));
    put(b, frame(second * ns_per_second + 3, 1));
    put(a, frame(second * ns_per_second + 4000, 0));
    const Reading one = a.read();
    REQUIRE(one.packets.size() == 3);
    REQUIRE(one.interfaces.size() == 2);
    CHECK(one.interfaces[0].name == "eth0");
    CHECK(one.interfaces[1].name == "eth1");
    CHECK(one.packets[0].interface == 0);
    CHECK(one.packets[1].interface == 1);
    CHECK(one.packets[1].time_ns == second * ns_per_second + 2);
    CHECK(one.packets[2].interface == 0);
    CHECK(one.packets[2].data == data);
    CHECK(one.packets[2].wire_len == 60);
    CHECK(one.info.os == "an os");
    CHECK(!one.damage);
    const Reading two = b.read();
    REQUIRE(two.packets.size() == 2);
    REQUIRE(two.interfaces.size() == 1);
    CHECK(two.interfaces[0].name == "eth1");
}

TEST_CASE("A time that its interface cannot say gets an interface that can", "[split]") {
    RecordEncoder encoder{format(WriteFormat::pcapng)};
    const From from = two_interfaces();
    const std::int64_t times[] = {second * ns_per_second + 5, -5, 0, no_time};
    Made made;
    for (const std::int64_t time : times) CHECK(encoder.put(frame(time), 1, {}, from.origin(), made.state, made.bytes));
    const Reading read = made.read();
    REQUIRE(read.packets.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) CHECK(read.packets[i].time_ns == times[i]);
    CHECK(read.interfaces.size() == 3);
    for (const Interface& interface : read.interfaces) CHECK(interface.name == "eth0");
}

TEST_CASE("Interfaces of pcap files that say the same are one, those of pcapng files are not", "[split]") {
    for (const CaptureFormat kind : {CaptureFormat::pcap, CaptureFormat::pcapng}) {
        RecordEncoder encoder{format(WriteFormat::pcapng)};
        From from;
        from.info.format = kind;
        from.interfaces.resize(1);
        Made made;
        for (const std::uint32_t input : {0U, 1U, 0U}) CHECK(encoder.put(frame(0), 1, {}, from.origin(input), made.state, made.bytes));
        CHECK(made.read().interfaces.size() == (kind == CaptureFormat::pcap ? 1U : 2U));
    }
}

TEST_CASE("Comments are kept, also from a file of the other byte order", "[split]") {
    constexpr ByteOrder other = native_order == ByteOrder::little ? ByteOrder::big : ByteOrder::little;
    for (const ByteOrder order : {native_order, other}) {
        RecordEncoder encoder{format(WriteFormat::pcapng)};
        const From from = two_interfaces();
        RecordEncoder::Origin origin = from.origin();
        origin.order = order;
        const FileBytes options = FileBytes(order).option(1, "hello");
        Made made;
        CHECK(encoder.put(frame(0), 1, options.bytes(), origin, made.state, made.bytes));
        const Reading read = made.read();
        REQUIRE(read.packets.size() == 1);
        CHECK(read.packets[0].options == FileBytes(native_order).option(1, "hello").bytes());
    }
}

TEST_CASE("pcap keeps its precision, and refuses what it cannot say", "[split]") {
    const From from = two_interfaces();
    for (const WriteFormat kind : {WriteFormat::pcap, WriteFormat::nsecpcap}) {
        RecordEncoder encoder{format(kind)};
        Made made;
        CHECK(encoder.put(frame(second * ns_per_second + 123'456'789), 1, {}, from.origin(), made.state, made.bytes));
        const std::size_t size = made.bytes.size();
        const auto mixed = encoder.put(frame(0, 0, 101), 2, {}, from.origin(), made.state, made.bytes);
        REQUIRE(!mixed);
        CHECK(holds(mixed.error().message(), "packet 2"));
        CHECK(holds(mixed.error().message(), "--type pcapng"));
        const auto early = encoder.put(frame(-1), 3, {}, from.origin(), made.state, made.bytes);
        REQUIRE(!early);
        CHECK(holds(early.error().message(), "1970"));
        CHECK(made.bytes.size() == size);
        const Reading read = made.read();
        REQUIRE(read.packets.size() == 1);
        CHECK(read.packets[0].time_ns == second * ns_per_second + (kind == WriteFormat::nsecpcap ? 123'456'789 : 123'456'000));
    }
}
