#include "pcapline/flow/flow_table.h"

#include <list>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/catch.h"

using namespace pcapline;

namespace {

/// One that makes all keys collide.
struct Colliding {
    std::uint64_t mask = 0;
    std::uint64_t operator()(std::uint64_t first, std::uint64_t second) const noexcept {
        return (first * 0x9e3779b97f4a7c15 ^ second * 0xd6e8feb86659fd93) & mask;
    }
    std::uint64_t operator()(const FlowKey& key) const noexcept {
        return (key.low.address[15] + std::uint64_t{key.low.port} + key.extra) * 0x9e3779b97f4a7c15 & mask;
    }
};

/// Flow `n` of several kinds of keys.
FlowOf packet_of(std::uint32_t n, std::int64_t time_ns = 0) {
    FlowOf packet;
    packet.time_ns = time_ns;
    packet.key.low.port = static_cast<std::uint16_t>(n);
    packet.key.high.address[0] = 9;
    packet.key.high.address[1] = static_cast<std::uint8_t>(n >> 16);
    packet.key.protocol = n % 2 == 0 ? 6 : 17;
    if (n % 3 == 1) packet.key.family = Family::ipv6;
    if (n % 5 == 1) packet.key.extra = 7;
    packet.from_low = n % 7 != 0;
    return packet;
}
std::uint32_t name_of(const FlowKey& key) {
    return key.low.port | std::uint32_t{key.high.address[1]} << 16;
}

struct Count {
    std::uint64_t packets = 0;
    bool operator==(const Count&) const = default;
};
using Ended = std::tuple<std::uint64_t, std::uint32_t, std::uint64_t, EndReason>;  // number, name, packets

/// Writes down what the table says.
struct Handler {
    std::vector<bool> restart;  ///< by packet
    std::vector<std::uint64_t> numbers;
    std::vector<Ended> ends;
    bool forgets = true;

    bool restarts(std::size_t i, const FlowHead&, const Count&) { return i < restart.size() && restart[i]; }
    void update(std::size_t i, FlowHead& head, Count& count, bool is_new) {
        CHECK_FALSE(is_new != (count.packets == 0));
        CHECK_FALSE(i != numbers.size());
        ++count.packets;
        numbers.push_back(head.number);
    }
    bool ended(const FlowKey& key, FlowHead& head, Count& count) {
        ends.emplace_back(std::uint64_t{head.number}, name_of(key), count.packets, head.end_reason());
        return forgets;
    }
};

/// What a table should do, written down without care for speed.
class Model {
 public:
    explicit Model(const FlowLimits& limits) : limits_(limits) {}
    std::vector<std::uint64_t> numbers;
    std::vector<Ended> ends;
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>> left;  ///< number: name, packets

    void add(std::uint32_t name, std::int64_t time_ns, bool restart) {
        now_ = time_ns;
        for (auto& list : lists_)
            while (!list.empty() && timeout(list.front().name) != 0 && now_ - list.front().last > timeout(list.front().name))
                end(list, list.begin(), EndReason::idle);
        auto& list = lists_[list_of(name)];
        auto flow = std::find_if(list.begin(), list.end(), [&](const Flow& other) { return other.name == name; });
        const auto ends_with = [&](EndReason reason) {
            end(list, flow, reason);
            flow = list.end();
        };
        if (flow != list.end() && timeout(name) != 0 && now_ - flow->last > timeout(name)) ends_with(EndReason::idle);
        if (flow != list.end() && limits_.timeouts.active != 0 && now_ - flow->first > limits_.timeouts.active)
            ends_with(EndReason::active);
        if (flow != list.end() && restart) ends_with(EndReason::reuse);
        if (flow == list.end()) {
            std::size_t size = 0;
            for (const auto& each : lists_) size += each.size();
            if (limits_.max_flows != 0 && size == limits_.max_flows) evict();
            list.push_back({name, ++numbered_, 0, now_, now_});
        } else {
            list.splice(list.end(), list, flow);
        }
        ++list.back().packets;
        list.back().last = now_;
        numbers.push_back(list.back().number);
    }
    void finish() {
        for (const auto& list : lists_)
            for (const Flow& flow : list) left[flow.number] = {flow.name, flow.packets};
    }

 private:
    struct Flow {
        std::uint32_t name;
        std::uint64_t number;
        std::uint64_t packets;
        std::int64_t first;
        std::int64_t last;
    };
    using List = std::list<Flow>;
    static bool is_wide(std::uint32_t name) { return name % 3 == 1 || name % 5 == 1; }
    static std::size_t list_of(std::uint32_t name) { return (is_wide(name) ? 2U : 0U) + (name % 2 == 0 ? 1U : 0U); }
    std::int64_t timeout(std::uint32_t name) const { return name % 2 == 0 ? limits_.timeouts.idle_tcp : limits_.timeouts.idle_other; }
    void end(List& list, List::iterator flow, EndReason reason) {
        ends.emplace_back(flow->number, flow->name, flow->packets, reason);
        list.erase(flow);
    }
    void evict() {
        List* oldest = nullptr;
        for (auto& list : lists_)
            if (!list.empty() && (oldest == nullptr || list.front().last < oldest->front().last)) oldest = &list;
        end(*oldest, oldest->begin(), EndReason::evicted);
    }
    FlowLimits limits_;
    std::array<List, 4> lists_;
    std::uint64_t numbered_ = 0;
    std::int64_t now_ = 0;
};

template <class Table>
std::map<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>> flows_left(Table& table) {
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>> left;
    std::uint64_t before = 0;
    table.each([&](const FlowKey& key, const FlowHead& head, const Count& count) {
        CHECK_FALSE(head.number <= before);
        before = head.number;
        left[head.number] = {name_of(key), count.packets};
    });
    return left;
}

/// Random packets of `names` flows through a table and the model.
template <class Hash>
void compare(const FlowLimits& limits, const Hash& hash, std::uint32_t names, std::size_t packets, std::uint32_t seed) {
    std::mt19937 random{seed};
    FlowTable<Count, Hash> table{limits, hash};
    Model model{limits};
    Handler handler;
    std::vector<FlowOf> batch;
    std::int64_t now = 1000;
    for (std::size_t i = 0; i < packets; ++i) {
        const std::uint32_t name = static_cast<std::uint32_t>(random()) % names;
        now += static_cast<std::int64_t>(random() % 10);
        if (random() % 50 == 0) now -= 30;
        const bool restart = random() % 100 == 0;
        batch.push_back(packet_of(name, now));
        handler.restart.push_back(restart);
        model.add(name, now, restart);
    }
    // Batches of any size give the same answer; packets are numbered within each.
    std::size_t begin = 0;
    std::vector<bool> restart = std::move(handler.restart);
    std::vector<std::uint64_t> numbers;
    while (begin < batch.size()) {
        const std::size_t size = std::min<std::size_t>(1 + random() % 300, batch.size() - begin);
        handler.restart.assign(restart.begin() + static_cast<std::ptrdiff_t>(begin),
                               restart.begin() + static_cast<std::ptrdiff_t>(begin + size));
        handler.numbers.clear();
        table.add(std::span{batch}.subspan(begin, size), handler);
        numbers.insert(numbers.end(), handler.numbers.begin(), handler.numbers.end());
        begin += size;
    }
    model.finish();
    CHECK(numbers == model.numbers);
    CHECK(handler.ends == model.ends);
    CHECK(flows_left(table) == model.left);
    CHECK(table.size() == model.left.size());
    CHECK(table.flows() == *std::max_element(numbers.begin(), numbers.end()));
}

}  // namespace

TEST_CASE("A table counts as a map does, whatever the hash is worth", "[flow]") {
    SECTION("a good one") {
        compare({}, KeyedHash{}, 20'000, 100'000, 1);
    }
    SECTION("four values") {
        compare({}, Colliding{std::uint64_t{3} << 62}, 700, 10'000, 2);
    }
    SECTION("one") {
        compare({}, Colliding{}, 700, 10'000, 3);
    }
    SECTION("homes next to each other at the end") {
        compare({}, Colliding{~std::uint64_t{0} << 54 | 0xffffffff}, 700, 10'000, 4);
    }
}

TEST_CASE("Limits and timeouts end the flows that they should, in order", "[flow]") {
    SECTION("as many flows as asked for") {
        compare({.max_flows = 100}, KeyedHash{}, 300, 20'000, 5);
    }
    SECTION("one flow") {
        compare({.max_flows = 1}, KeyedHash{}, 30, 2000, 6);
    }
    SECTION("idle") {
        compare({.timeouts = {.idle_tcp = 900, .idle_other = 300}}, KeyedHash{}, 300, 20'000, 7);
    }
    SECTION("only TCP idle") {
        compare({.timeouts = {.idle_tcp = 500}}, KeyedHash{}, 300, 20'000, 8);
    }
    SECTION("active") {
        compare({.timeouts = {.active = 5000}}, KeyedHash{}, 300, 20'000, 9);
    }
    SECTION("all, and collisions") {
        compare({.max_flows = 80, .timeouts = {.idle_tcp = 700, .idle_other = 250, .active = 4000}}, Colliding{std::uint64_t{7} << 61}, 300,
                20'000, 10);
    }
}

TEST_CASE("Flows keep their records while the table grows", "[flow]") {
    FlowTable<Count> table;
    Handler handler;
    constexpr std::uint32_t flows = 200'000;  // several blocks, several times the index
    std::vector<FlowOf> batch;
    for (int round = 0; round < 2; ++round) {
        for (std::uint32_t n = 0; n < flows; ++n) {
            batch.push_back(packet_of(n));
            if (batch.size() < 512 && n + 1 < flows) continue;
            handler.numbers.clear();
            table.add(batch, handler);
            for (std::size_t i = 0; i < batch.size(); ++i) REQUIRE(handler.numbers[i] == n - (batch.size() - 1) + i + 1);
            batch.clear();
        }
    }
    CHECK(table.flows() == flows);
    std::uint64_t sum = 0;
    table.each([&](const FlowKey&, const FlowHead&, const Count& count) { sum += count.packets; });
    CHECK(sum == 2 * flows);
}

TEST_CASE("A table passes over packets of no flow", "[flow]") {
    FlowTable<Count> table;
    struct {
        std::vector<std::size_t> places;
        bool restarts(std::size_t, const FlowHead&, const Count&) { return false; }
        void update(std::size_t i, FlowHead&, Count& count, bool) {
            ++count.packets;
            places.push_back(i);
        }
        bool ended(const FlowKey&, FlowHead&, Count&) { return true; }
    } handler;
    std::vector<FlowOf> packets(100, packet_of(2));
    for (std::size_t i = 0; i < packets.size(); ++i)
        if (i % 3 != 0) packets[i].key.family = Family::none;
    table.add(packets, handler);
    CHECK(table.flows() == 1);
    CHECK(handler.places.size() == 34);
    CHECK(handler.places.back() == 99);
}

TEST_CASE("A key comes out of the table as it went in", "[flow]") {
    FlowTable<Count> table;
    Handler handler;
    std::vector<FlowOf> packets;
    for (const Family family : {Family::ethernet, Family::ipv4, Family::ipv6}) {
        FlowOf packet;
        packet.key.family = family;
        for (std::size_t i = 0; i < (family == Family::ipv4 ? 4U : 16U); ++i) {
            packet.key.low.address[i] = static_cast<std::uint8_t>(i + 1);
            packet.key.high.address[i] = static_cast<std::uint8_t>(i + 101);
        }
        packet.key.low.port = 0x1234;
        packet.key.high.port = 0xfedc;
        packet.key.protocol = 0xfe;
        packet.key.pairing = 0x80;
        packet.key.lacks_ports = 1;
        packet.icmp_type = 3;
        packet.icmp_code = 4;
        packet.from_low = family != Family::ipv4;
        packets.push_back(packet);
        packet.key.extra = ~std::uint64_t{0};
        packets.push_back(packet);
    }
    table.add(packets, handler);
    std::size_t i = 0;
    table.each([&](const FlowKey& key, const FlowHead& head, const Count&) {
        CHECK(key == packets[i].key);
        CHECK(head.icmp_type == 3);
        CHECK(head.icmp_code == 4);
        CHECK(head.a_is_low == packets[i].from_low);
        ++i;
    });
    CHECK(i == packets.size());
}

TEST_CASE("An ended flow that is not let go is kept apart from the next with its key", "[flow]") {
    FlowTable<Count> table{{.timeouts = {.idle_other = 10}}};
    Handler handler;
    handler.forgets = false;
    table.add(std::vector{packet_of(3, 0), packet_of(3, 5), packet_of(9, 6), packet_of(3, 16), packet_of(9, 17)}, handler);
    CHECK(handler.numbers == std::vector<std::uint64_t>{1, 1, 2, 3, 4});
    CHECK(handler.ends == std::vector<Ended>{{1, 3, 2, EndReason::idle}, {2, 9, 1, EndReason::idle}});
    CHECK(flows_left(table) ==
          std::map<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>>{{1, {3, 2}}, {2, {9, 1}}, {3, {3, 1}}, {4, {9, 1}}});
    CHECK(table.size() == 2);
}

TEST_CASE("Time alone ends idle flows too", "[flow]") {
    FlowTable<Count> table{{.timeouts = {.idle_tcp = 100, .idle_other = 10}}};
    Handler handler;
    table.add(std::vector{packet_of(3, 0), packet_of(2, 0)}, handler);
    table.advance(10, handler);
    CHECK(handler.ends.empty());
    table.advance(11, handler);
    CHECK(handler.ends.size() == 1);
    table.advance(no_time, handler);
    CHECK(handler.ends.size() == 1);
    table.advance(std::numeric_limits<std::int64_t>::max(), handler);
    CHECK(handler.ends.size() == 2);
    CHECK(table.size() == 0);
}

TEST_CASE("Times at both ends of their range do no harm", "[flow]") {
    FlowTable<Count> table{{.timeouts = {.idle_tcp = 100, .idle_other = 10, .active = 5}}};
    Handler handler;
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    table.add(std::vector{packet_of(2, no_time + 1), packet_of(2, latest), packet_of(2, no_time + 1), packet_of(2, no_time)}, handler);
    CHECK(handler.numbers == std::vector<std::uint64_t>{1, 2, 2, 2});
}

TEST_CASE("A bound on memory is kept: the longest idle flow of that size of key goes", "[flow]") {
    constexpr std::uint64_t bound = 2'000'000;
    FlowTable<std::array<std::uint64_t, 9>> table{{.max_bytes = bound}};
    struct {
        std::uint64_t evicted = 0;
        std::uint64_t next = 1;  ///< the flow that has been idle for longest
        bool restarts(std::size_t, const FlowHead&, const std::array<std::uint64_t, 9>&) { return false; }
        void update(std::size_t, FlowHead&, std::array<std::uint64_t, 9>&, bool) {}
        bool ended(const FlowKey&, FlowHead& head, std::array<std::uint64_t, 9>&) {
            CHECK_FALSE((head.number != next || head.end_reason() != EndReason::evicted));
            ++next;
            ++evicted;
            return true;
        }
    } handler;
    std::vector<FlowOf> batch;
    for (std::uint32_t n = 0; n < 100'000; ++n) {
        FlowOf packet = packet_of(0, n);
        packet.key.low.port = static_cast<std::uint16_t>(n);
        packet.key.high.port = static_cast<std::uint16_t>(n >> 16);
        batch.push_back(packet);
    }
    table.add(batch, handler);
    CHECK(table.bytes() <= bound);
    CHECK(table.bytes() > bound * 9 / 10);
    CHECK(handler.evicted == table.flows() - table.size());
    CHECK(table.flows() == 100'000);

    // Wide keys then have room for some, and no more.
    handler.evicted = 0;
    for (FlowOf& packet : batch) packet.key.family = Family::ipv6;
    handler.next = 100'001;
    table.add(batch, handler);
    CHECK(handler.evicted == 100'000 - 1024);
    CHECK(table.bytes() <= bound + 1024 * 200);
}

TEST_CASE("Records are destroyed once each", "[flow]") {
    struct Held {
        std::shared_ptr<int> token;
    };
    const auto token = std::make_shared<int>(0);
    struct {
        std::shared_ptr<int> token;
        bool restarts(std::size_t, const FlowHead&, const Held&) { return false; }
        void update(std::size_t, FlowHead&, Held& held, bool is_new) const {
            if (is_new) held.token = token;
        }
        bool ended(const FlowKey&, FlowHead& head, Held&) { return head.number % 2 == 0; }
    } handler{token};
    {
        FlowTable<Held> table{{.max_flows = 10}};
        for (std::uint32_t n = 0; n < 100; ++n) table.add(std::vector{packet_of(n, n)}, handler);
        CHECK(token.use_count() == 2 + 10 + 45);
    }
    CHECK(token.use_count() == 2);
}
