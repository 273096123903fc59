// PacketList: bytes of any kind as a list of packets whose flows meet.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/frame.h"

namespace pcapline::fuzz {

/// Takes numbers from bytes; zeros when they are used up.
class Choices {
 public:
    explicit Choices(Bytes bytes) : rest_(bytes) {}
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t taken = rest_[0];
        rest_ = rest_.subspan(1);
        return taken;
    }
    unsigned below(unsigned limit) { return byte() % limit; }
    bool once_in(unsigned times) { return below(times) == times - 1; }
    Bytes bytes(std::size_t most) {
        const Bytes taken = rest_.first(std::min(most, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }
    bool empty() const { return rest_.empty(); }

 private:
    Bytes rest_;
};

/// A packet in memory of exactly its size.
struct OwnPacket {
    std::unique_ptr<std::uint8_t[]> bytes;
    Frame frame;
};

/// Makes one packet after another: few addresses and ports, numbers near each other, times that go back and forth.
class PacketList {
 public:
    OwnPacket next(Choices& from) {
        packet_.clear();
        const unsigned kind = from.byte();
        const unsigned ends = from.byte();
        move_time(from.byte());
        if ((kind & 0xf) == 0xf) {
            const Bytes raw = from.bytes(from.byte());
            packet_.assign(raw.begin(), raw.end());
        } else {
            put_transport(from, kind & 7, ends);
            const bool v6 = (kind & 8) != 0;
            put_ip(from, v6, ends);
            if ((kind & 0x10) != 0) put_tunnel(from, v6, ends);
        }
        static constexpr std::uint16_t links[] = {1, 101, 113, 276, 0, 1, 1, 1};
        const std::uint16_t link = links[kind >> 5];
        if ((kind & 0xf) != 0xf) put_link(from, link);
        return finish(from, link);
    }

 private:
    void front(std::initializer_list<std::uint8_t> bytes) { packet_.insert(packet_.begin(), bytes); }
    void front(const std::vector<std::uint8_t>& bytes) { packet_.insert(packet_.begin(), bytes.begin(), bytes.end()); }
    static std::uint8_t high(std::size_t value) { return static_cast<std::uint8_t>(value >> 8); }
    static std::uint8_t low(std::size_t value) { return static_cast<std::uint8_t>(value); }

    void move_time(std::uint8_t choice) {
        static constexpr std::int64_t steps[] = {0,          1'000'000,      21'000'000, 1'000'000'000, 31'000'000'000, 400'000'000'000,
                                                 -1'000'000, -45'000'000'000};
        const std::int64_t step = steps[choice & 7] * ((choice >> 3 & 3) + 1);
        if (__builtin_add_overflow(time_, step, &time_)) time_ = 0;
        if (choice == 0xff) time_ = std::numeric_limits<std::int64_t>::max();
        if (choice == 0xfe) time_ = std::numeric_limits<std::int64_t>::min() + 1;
        has_time_ = choice != 0xfd;
    }
    void put_transport(Choices& from, unsigned kind, unsigned ends) {
        const Bytes payload = from.bytes(from.byte() & 0x1f);
        packet_.assign(payload.begin(), payload.end());
        static constexpr std::uint16_t ports[] = {53, 443, 2000, 4789};
        const std::uint16_t source = ports[ends >> 4 & 3];
        const std::uint16_t target = ports[ends >> 6 & 3];
        static constexpr std::uint8_t protocols[] = {6, 6, 6, 17, 1, 58, 132, 0};
        protocol_ = protocols[kind];
        if (kind < 3) {
            put_tcp(from, source, target);
        } else if (kind == 3) {
            const std::size_t size = 8 + packet_.size();
            front({high(source), low(source), high(target), low(target), high(size), low(size), 0, 0});
        } else if (kind == 4 || kind == 5) {
            // Of another packet, often: what an error quotes.
            if (from.once_in(2)) front(last_ip_);
            front({from.byte(), from.byte(), 0, 0, 0, low(ends & 3), 0, low(ends >> 6)});
        } else if (kind == 6) {
            front({high(source), low(source), high(target), low(target), 0, 0, 0, 0, 0, 0, 0, 0});
        } else {
            protocol_ = from.byte();
        }
    }
    void put_tcp(Choices& from, std::uint16_t source, std::uint16_t target) {
        const auto near = [&](std::uint8_t choice) {
            static constexpr std::uint32_t bases[] = {1000, 0xfffffff8, 0x7ffffffc, 5000};
            return bases[choice >> 6] + (choice & 0x3fU);
        };
        const std::uint32_t seq = near(from.byte());
        const std::uint32_t ack = near(from.byte());
        const std::uint8_t flags = from.byte();
        const std::uint8_t window = from.byte();
        std::vector<std::uint8_t> options;
        if ((window & 0x80) != 0) {
            const Bytes given = from.bytes(from.byte() & 0x1c);
            options.assign(given.begin(), given.end());
            options.resize((options.size() + 3) / 4 * 4);
        }
        front(options);
        const auto words = static_cast<std::uint8_t>((5 + options.size() / 4) << 4);
        front({high(source),
               low(source),
               high(target),
               low(target),
               low(seq >> 24),
               low(seq >> 16),
               high(seq),
               low(seq),
               low(ack >> 24),
               low(ack >> 16),
               high(ack),
               low(ack),
               words,
               flags,
               0,
               low(window & 0x7fU),
               0,
               0,
               0,
               0});
    }
    void put_ip(Choices& from, bool v6, unsigned ends) {
        const std::uint8_t fragment = from.byte();
        // Bits: 1 a fragment, 2 later, 4 more follow, 8 which packet.
        const bool is_fragment = (fragment & 0xc1) == 0xc1;
        const std::uint16_t offset = is_fragment && (fragment & 2) != 0 ? 3 : 0;
        const bool more = is_fragment && (offset == 0 || (fragment & 4) != 0);
        const std::uint8_t id = fragment >> 3 & 1;
        const std::uint8_t source = ends & 3;
        const std::uint8_t target = ends >> 2 & 3;
        if (v6) {
            if (is_fragment) {
                front({protocol_, 0, 0, low(std::size_t{offset} << 3U | (more ? 1U : 0U)), 0, 0, 0, id});
                protocol_ = 44;
            }
            const std::size_t size = packet_.size();
            std::vector<std::uint8_t> header{0x60, 0, 0, 0, high(size), low(size), protocol_, 64};
            for (const std::uint8_t end : {source, target}) {
                header.insert(header.end(), {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end});
            }
            front(header);
        } else {
            const std::size_t size = 20 + packet_.size();
            front({0x45, 0,      high(size), low(size), 0, id,    low(more ? 0x20U : 0U), low(offset), 64, protocol_, 0, 0, 10, 0,
                   0,    source, 10,         0,         0, target});
        }
        last_ip_ = packet_;
    }
    void put_tunnel(Choices& from, bool v6, unsigned ends) {
        const unsigned kind = from.below(3);
        const std::uint16_t ethertype = v6 ? 0x86dd : 0x0800;
        if (kind == 0) {
            front({0, 0, high(ethertype), low(ethertype)});
            protocol_ = 47;
        } else if (kind == 1) {
            protocol_ = v6 ? 41 : 4;
        } else {
            front({2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, high(ethertype), low(ethertype)});
            front({8, 0, 0, 0, 0, 0, low(ends & 1), 0});
            const std::size_t size = 8 + packet_.size();
            front({0xc0, 0, 4789 >> 8, 4789 & 0xff, high(size), low(size), 0, 0});
            protocol_ = 17;
        }
        put_ip(from, from.once_in(4), ends >> 4);
    }
    void put_link(Choices& from, std::uint16_t link) {
        const bool v6 = (packet_[0] & 0xf0) == 0x60;
        const std::uint16_t ethertype = v6 ? 0x86dd : 0x0800;
        if (link == 1) {
            front({high(ethertype), low(ethertype)});
            for (unsigned tags = from.byte() & 3; tags > 1; --tags) front({0x81, 0, 0, low(tags)});
            front({2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
        } else if (link == 113) {
            front({0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, high(ethertype), low(ethertype)});
        } else if (link == 276) {
            front({high(ethertype), low(ethertype), 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0});
        } else if (link == 0) {
            front({low(v6 ? 30U : 2U), 0, 0, 0});
        }
    }
    OwnPacket finish(Choices& from, std::uint16_t link) {
        const std::uint8_t harm = from.byte();
        const std::size_t whole = packet_.size();
        if ((harm & 0xe0) == 0xe0) packet_.resize(whole - std::min<std::size_t>(whole, harm & 0x1f));
        if ((harm & 0xe0) == 0xc0 && !packet_.empty()) {
            const std::size_t place = from.byte() % packet_.size();
            packet_[place] = from.byte();
        }
        OwnPacket made{std::make_unique<std::uint8_t[]>(packet_.size()), {}};
        std::copy(packet_.begin(), packet_.end(), made.bytes.get());
        made.frame.data = made.bytes.get();
        made.frame.cap_len = static_cast<std::uint32_t>(packet_.size());
        made.frame.wire_len = static_cast<std::uint32_t>(whole) + ((harm & 0xe0) == 0xa0 ? 70'000U : 0U);
        made.frame.time_ns = has_time_ ? time_ : no_time;
        made.frame.link_type = link;
        made.frame.interface = harm & 1;
        return made;
    }

    std::vector<std::uint8_t> packet_;
    std::vector<std::uint8_t> last_ip_;
    std::uint8_t protocol_ = 0;
    std::int64_t time_ = 1'700'000'000'000'000'000;
    bool has_time_ = true;
};

}  // namespace pcapline::fuzz
