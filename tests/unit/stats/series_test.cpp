#include "pcapline/stats/series.h"

#include <map>
#include <random>

#include "pcapline/base/time.h"
#include "pcapline/stats/point_groups.h"
#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

/// "TIME KEY packets wire ip payload" for every row; the key as its text and number.
std::string told(const Series& series, bool fill = false) {
    std::string all;
    series.each(fill, [&](const Series::Row& row) {
        all += std::to_string(row.time_ns);
        if (row.key != Series::no_key) {
            const bool numbered = series.by() == SeriesBy::interface || series.by() == SeriesBy::vlan;
            if (!numbered) all += ' ' + series.text_of(row.key);
            if (numbered || series.by() == SeriesBy::port) all += ' ' + std::to_string(Series::number_of(series.by(), row.key));
        }
        const Series::Count& count = row.count;
        for (const std::uint64_t number : {count.packets, count.wire_bytes, count.ip_bytes, count.payload_bytes})
            all += ' ' + std::to_string(number);
        all += '\n';
        return true;
    });
    return all;
}

Frame at(const ByteVector& bytes, std::int64_t time_ns, std::uint16_t interface = 0) {
    Frame frame = frame_of(bytes);
    frame.time_ns = time_ns;
    frame.interface = interface;
    return frame;
}

std::string of(std::int64_t interval, SeriesBy by, const std::vector<Frame>& frames, bool fill = false) {
    Series series{interval, by};
    series.add(frames);
    return told(series, fill);
}

/// UDP between two ports and the addresses 192.0.2.`src` and 192.0.2.`dst`, 2 bytes of payload.
ByteVector udp(std::uint16_t from, std::uint16_t to, std::uint8_t src = 1, std::uint8_t dst = 2) {
    ByteVector bytes = hex("00005e005301 00005e00530a 0800 4500 001e 0001 0000 4011 0000 c0000200 c0000200");
    bytes[29] = src;
    bytes[33] = dst;
    return join(join(bytes, join(be16_bytes(from), be16_bytes(to))), hex("000a 0000 0102"));
}

const ByteVector arp = in_ethernet(0x0806, hex("0001 0800 06 04 0001 00005e00530a c000020a 000000000000 c0000201"));

}  // namespace

TEST_CASE("Bins are half-open and aligned to 1970, before it too, in any order of packets", "[stats]") {
    const ByteVector bytes = udp(1000, 1001);
    const auto frames = [&](std::initializer_list<std::int64_t> times) {
        std::vector<Frame> all;
        for (const std::int64_t time : times) all.push_back(at(bytes, time));
        return all;
    };
    CHECK(of(10, SeriesBy::nothing, frames({0, 9, 10, 25, 19})) == "0 2 88 60 4\n10 2 88 60 4\n20 1 44 30 2\n");
    CHECK(of(10, SeriesBy::nothing, frames({25, -1, 0, -10, -11})) == "-20 1 44 30 2\n-10 2 88 60 4\n0 1 44 30 2\n20 1 44 30 2\n");
    CHECK(of(7, SeriesBy::nothing, frames({15, 14, 13})) == "7 1 44 30 2\n14 2 88 60 4\n");
    CHECK(of(10, SeriesBy::nothing, frames({0, 31, 30}), true) == "0 1 44 30 2\n10 0 0 0 0\n20 0 0 0 0\n30 2 88 60 4\n");
    CHECK(of(10, SeriesBy::nothing, {}, true).empty());
}

TEST_CASE("Packets without a time, or before the first bin that has a begin, are in no row but counted", "[stats]") {
    const ByteVector bytes = udp(1000, 1001);
    constexpr std::int64_t earliest = no_time + 1;
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    Series series{ns_per_second, SeriesBy::nothing};
    series.add(std::vector<Frame>{at(bytes, 5), at(bytes, no_time), at(bytes, earliest), at(bytes, latest), at(bytes, no_time)});
    CHECK(series.packets() == 5);
    CHECK(series.without_time() == 3);
    CHECK(told(series) == "0 1 44 30 2\n9223372036000000000 1 44 30 2\n");
    CHECK(of(1, SeriesBy::nothing, {at(bytes, earliest), at(bytes, latest)}).starts_with("-9223372036854775807 1"));
    Series widest{latest, SeriesBy::nothing};
    widest.add(std::vector<Frame>{at(bytes, earliest), at(bytes, -1), at(bytes, latest - 1), at(bytes, latest)});
    CHECK(told(widest) == "-9223372036854775807 2 88 60 4\n0 1 44 30 2\n9223372036854775807 1 44 30 2\n");
    CHECK(widest.rows(true) == 3);
    CHECK(told(widest, true) == told(widest));
}

TEST_CASE("A series by what it is asked for, rows without it first", "[stats]") {
    const ByteVector dns = udp(53124, 53);
    const ByteVector ssh_like = udp(22, 22, 9, 9);
    const ByteVector later = udp(53, 1000, 10, 2);
    const ByteVector tagged = hex("00005e005301 00005e00530a 8100 0064 8100 00c8 9999");
    const ByteVector plainly_tagged =
        hex("00005e005301 00005e00530a 8100 2007 0800 4500 001e 0001 0000 4011 0000 c0000201 c0000202 03e8 03e9 000a 0000 0102");
    const std::vector<Frame> frames{at(dns, 3), at(arp, 2, 1), at(ssh_like, 1), at(later, 11), at(tagged, 4, 3), at(plainly_tagged, 4)};
    CHECK(of(10, SeriesBy::application, frames) == "0 arp 1 42 0 0\n0 dns 1 44 30 2\n0 udp 2 92 60 4\n0 vlan 1 22 0 0\n10 dns 1 44 30 2\n");
    CHECK(of(10, SeriesBy::address, frames) ==
          "0 2 64 0 0\n0 192.0.2.1 2 92 60 4\n0 192.0.2.2 2 92 60 4\n0 192.0.2.9 1 44 30 2\n10 192.0.2.10 1 44 30 2\n10 192.0.2.2 1 44 30 "
          "2\n");
    CHECK(of(10, SeriesBy::port, frames) ==
          "0 2 64 0 0\n0 udp 22 1 44 30 2\n0 udp 53 1 44 30 2\n0 udp 1000 1 48 30 2\n0 udp 1001 1 48 30 2\n0 udp 53124 1 44 30 2\n"
          "10 udp 53 1 44 30 2\n10 udp 1000 1 44 30 2\n");
    CHECK(of(10, SeriesBy::interface, frames) == "0 0 3 136 90 6\n0 1 1 42 0 0\n0 3 1 22 0 0\n10 0 1 44 30 2\n");
    CHECK(of(10, SeriesBy::vlan, frames) == "0 3 130 60 4\n0 7 1 48 30 2\n0 100 1 22 0 0\n10 1 44 30 2\n");
    const std::string by_protocol = of(10, SeriesBy::protocol, frames);
    CHECK(by_protocol.starts_with("0 arp 1 42 0 0\n"));
    CHECK(by_protocol.find(" vlan 1 ") != std::string::npos);
    CHECK(of(10, SeriesBy::port, {at(in_ipv4(6, hex("0050 0051 00000000 00000000 5010 0000 0000 0000")), 0), at(dns, 0)})
              .starts_with("0 tcp 80"));
    CHECK(of(5, SeriesBy::interface, {at(arp, 0), at(arp, 10, 2)}, true) ==
          "0 0 1 42 0 0\n0 2 0 0 0 0\n5 0 0 0 0 0\n5 2 0 0 0 0\n10 0 0 0 0 0\n10 2 1 42 0 0\n");
}

TEST_CASE("A series of many rows is what a map counts, however it is parted and merged", "[stats]") {
    std::mt19937_64 random{11};
    std::vector<ByteVector> bytes;
    for (unsigned i = 0; i < 200; ++i)
        bytes.push_back(
            udp(static_cast<std::uint16_t>(2000 + i % 17), 3000, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i * 7)));
    std::vector<Frame> frames;
    std::map<std::int64_t, std::uint64_t> expected;
    for (unsigned i = 0; i < 60'000; ++i) {
        const auto time = static_cast<std::int64_t>(random() % 40'000'000) - 10'000'000;
        frames.push_back(at(bytes[random() % bytes.size()], time));
        ++expected[time >= 0 ? time / 1000 * 1000 : -((-time + 999) / 1000 * 1000)];
    }
    Series plain{1000, SeriesBy::nothing};
    plain.add(frames);
    std::map<std::int64_t, std::uint64_t> counted;
    plain.each(false, [&](const Series::Row& row) {
        counted[row.time_ns] += row.count.packets;
        return true;
    });
    CHECK((counted == expected));
    CHECK(plain.rows(false) == expected.size());
    CHECK(plain.rows(true) == static_cast<std::uint64_t>((expected.rbegin()->first - expected.begin()->first) / 1000 + 1));

    for (const SeriesBy by : {SeriesBy::nothing, SeriesBy::application, SeriesBy::address, SeriesBy::port}) {
        Series whole{1000, by};
        whole.add(frames);
        Series merged{1000, by};
        Series part{1000, by};
        std::vector<Frame> run;
        for (const Frame& frame : frames) {
            run.push_back(frame);
            if (random() % 3000 != 0) continue;
            part.add(run);
            run.clear();
            merged.merge(part);
            part.clear();
        }
        part.add(run);
        part.merge(merged);  // in any order
        CHECK(part.packets() == frames.size());
        CHECK((told(part) == told(whole)));
    }
}

TEST_CASE("More rows than are kept: said, whatever is added first", "[stats]") {
    const ByteVector bytes = udp(1, 2);
    std::vector<Frame> frames(Series::most_rows / 2 + 1, at(bytes, 0));
    std::int64_t time = 0;
    for (Frame& frame : frames) frame.time_ns = time++;
    Series first{1, SeriesBy::port};
    first.add(frames);
    CHECK(first.overflowed());
    Series half{1, SeriesBy::port};
    half.add(std::span{frames}.first(Series::most_rows / 2));
    CHECK(!half.overflowed());
    CHECK(half.rows(false) == Series::most_rows);
    Series last{1, SeriesBy::port};
    last.add(std::span{frames}.last(1));
    last.merge(half);
    CHECK(last.overflowed());
    CHECK(last.packets() == frames.size());
    last.clear();
    CHECK(!last.overflowed());
    CHECK(last.rows(true) == 0);
}

TEST_CASE("Points are held apart by application, in their order", "[stats]") {
    PointGroups groups;
    for (std::uint32_t i = 0; i < 20'000; ++i) groups.add(i % 3 == 1 ? 700 : 5, i == 4 ? no_time : -std::int64_t{i} * 3'000'000'000, i);
    std::uint64_t wrong = 0;
    std::uint32_t next = 1;
    groups.each(700, [&](std::int64_t time, std::uint32_t length) {
        wrong += length != next || time != (next == 4 ? no_time : -std::int64_t{next} * 3'000'000'000) ? 1U : 0U;
        next += 3;
    });
    CHECK(wrong == 0);
    CHECK(next == 20'002);
    std::uint64_t others = 0;
    groups.each(5, [&](std::int64_t, std::uint32_t) { ++others; });
    CHECK(others == 13'333);
    groups.each(9000, [&](std::int64_t, std::uint32_t) { ++others; });
    CHECK(others == 13'333);
}

}  // namespace pcapline::test
