#include "pcapline/flow/flow_index.h"

#include <map>
#include <random>
#include <vector>

#include "support/catch.h"

using namespace pcapline;

namespace {

/// An index beside what it should hold.
class Checked {
 public:
    explicit Checked(std::uint32_t hash_mask) : hash_mask_(hash_mask) {}
    void insert(std::uint32_t id) {
        index.insert(hash_of(id), id);
        held_[id] = true;
    }
    void erase(std::uint32_t id) {
        index.erase(hash_of(id), id);
        held_.erase(id);
    }
    bool finds(std::uint32_t id) const {
        return index.find(hash_of(id), [id](std::uint32_t other) { return other == id; }) == id;
    }
    bool agrees(std::uint32_t ids) const {
        for (std::uint32_t id = 0; id < ids; ++id)
            if (finds(id) != held_.contains(id)) return false;
        return index.size() == held_.size();
    }
    bool holds(std::uint32_t id) const { return held_.contains(id); }
    FlowIndex index;

 private:
    std::uint32_t hash_of(std::uint32_t id) const { return id * 0x9e3779b1U & hash_mask_; }
    std::uint32_t hash_mask_;
    std::map<std::uint32_t, bool> held_;
};

}  // namespace

TEST_CASE("An index holds what was inserted and not erased, while it grows too", "[flow]") {
    // Few hashes, at the beginning, over the end, and all of them.
    const std::uint32_t mask = GENERATE(0x0000000fU, 0xf0000000U, 0xffc00000U, 0xffffffffU);
    const bool many = mask == 0xffffffffU;
    Checked checked{mask};
    std::mt19937 random{mask};
    const std::uint32_t ids = many ? 20'000 : 3000;
    for (std::uint32_t id = 0; id < ids; ++id) {
        checked.insert(id);
        if (id % 3 == 2) {
            const std::uint32_t other = static_cast<std::uint32_t>(random()) % (id + 1);
            if (checked.holds(other)) checked.erase(other);
        }
        if (id % (many ? 1999 : 97) == 0) REQUIRE(checked.agrees(id + 1));
    }
    REQUIRE(checked.agrees(ids));
    for (std::uint32_t id = 0; id < ids; ++id)
        if (checked.holds(id)) checked.erase(id);
    CHECK(checked.agrees(ids));
    CHECK(checked.index.size() == 0);
}

TEST_CASE("A run of slots that goes over the end of the index survives growth", "[flow]") {
    FlowIndex index;
    constexpr std::uint32_t last = 0xffffffff;
    for (std::uint32_t id = 0; id < 600; ++id) index.insert(id < 40 ? last : id * 0x9e3779b1U, id);
    for (std::uint32_t id = 600; id < 2000; ++id) {
        index.insert(id * 0x9e3779b1U, id);
        for (std::uint32_t old = 0; old < 40; ++old) REQUIRE(index.find(last, [old](std::uint32_t other) { return other == old; }) == old);
    }
}

TEST_CASE("An index of n flows takes at most 32 bytes for each, and 48 while it grows", "[flow]") {
    FlowIndex index;
    for (std::uint32_t id = 0; id < 300'000; ++id) {
        const std::uint64_t foretold = index.bytes_with_one_more();
        index.insert(id * 0x9e3779b1U, id);
        REQUIRE(index.bytes() <= foretold);
        if (id >= 512) REQUIRE(index.bytes() <= 48 * (id + std::uint64_t{1}));
    }
    CHECK(index.bytes() == std::uint64_t{8} << 20);
}
