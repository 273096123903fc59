#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "pcapline/parallel/broadcast.h"
#include "pcapline/parallel/cpus.h"
#include "pcapline/parallel/ordered.h"
#include "pcapline/parallel/queue.h"
#include "support/catch.h"

namespace pcapline::test {
namespace {

TEST_CASE("a queue hands on everything in order, and ends when its writer finishes", "[parallel]") {
    Queue<int> queue{3};
    std::thread writer{[&] {
        for (int i = 0; i < 1000; ++i) queue.push(i);
        queue.finish();
    }};
    int expected = 0;
    while (const auto item = queue.pop()) CHECK(*item == expected++);
    writer.join();
    CHECK(expected == 1000);
    CHECK_FALSE(queue.push(1));
}

TEST_CASE("all readers of a broadcast see every item in order, however fast they are", "[parallel]") {
    for (const std::size_t readers : {1U, 2U, 5U}) {
        for (const int items : {0, 1, 7, 8, 9, 1000}) {
            CAPTURE(readers, items);
            Broadcast<std::vector<int>> broadcast{16, 4, readers};
            std::vector<std::vector<int>> seen(readers);
            std::vector<std::thread> threads;
            for (std::size_t reader = 0; reader < readers; ++reader) {
                threads.emplace_back([&, reader] {
                    while (const auto* const item = broadcast.read(reader)) {
                        seen[reader].push_back(item->back());
                        if (reader % 2 == 1) std::this_thread::yield();
                        broadcast.release(reader);
                    }
                });
            }
            for (int i = 0; i < items; ++i) {
                std::vector<int>& item = broadcast.next();
                item.assign(3, i);
                broadcast.push();
            }
            broadcast.finish();
            for (std::thread& thread : threads) thread.join();
            for (const std::vector<int>& numbers : seen) {
                REQUIRE(numbers.size() == static_cast<std::size_t>(items));
                for (int i = 0; i < items; ++i) CHECK(numbers[static_cast<std::size_t>(i)] == i);
            }
        }
    }
}

TEST_CASE("a queue that its reader cancels lets the writers go", "[parallel]") {
    Queue<int> queue{1};
    std::atomic<int> ended = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 3; ++i) {
        writers.emplace_back([&] {
            while (queue.push(1)) {}
            ++ended;
        });
    }
    CHECK(queue.pop());
    queue.cancel();
    for (std::thread& writer : writers) writer.join();
    CHECK(ended == 3);
    CHECK_FALSE(queue.pop());
}

TEST_CASE("a queue that is closed from both ends at once lets everybody go", "[parallel]") {
    for (int round = 0; round < 50; ++round) {
        Queue<int> queue{2};
        std::thread writer{[&] {
            for (int i = 0; i < 20 && queue.push(i); ++i) {}
            queue.finish();
        }};
        std::thread reader{[&] {
            for (int i = 0; i < 10 && queue.pop(); ++i) {}
            queue.cancel();
        }};
        writer.join();
        reader.join();
        CHECK_FALSE(queue.pop());
    }
}

struct Run {
    std::vector<int> handed_on = {};
    std::string error = {};
    int begun = 0;
};

/// Jobs 0 … count-1, answers twice the number; job `fails` fails, reading job `breaks` fails, and after `enough` it is enough.
Run run(unsigned workers, int count, int fails, int breaks, std::size_t enough) {
    Run result;
    int next = 0;
    const auto done = run_ordered<int, int>(
        {workers, 4},
        [&]() -> Result<std::optional<int>> {
            if (next == breaks) return Error{Errc::input, "broken"};
            if (next == count) return std::optional<int>{};
            return std::optional<int>{next++};
        },
        [&](unsigned worker, int job) -> Result<int> {
            if (worker >= std::max(workers, 1U)) return Error{Errc::input, "no such worker"};
            if (job % 7 == 0) std::this_thread::yield();
            if (job >= fails) return Error{Errc::damage, "failed " + std::to_string(job)};
            return 2 * job;
        },
        [&](int answer) -> Result<bool> {
            result.handed_on.push_back(answer);
            return result.handed_on.size() < enough;
        });
    if (!done) result.error = done.error().what;
    result.begun = next;
    return result;
}

TEST_CASE("answers come in the order of their jobs, and the first error wins, whatever the threads", "[parallel]") {
    struct Case {
        const char* name;
        int count, fails, breaks;
        std::size_t enough, handed_on;
        const char* error;
    };
    const Case cases[] = {
        {"all", 500, 1000, -1, 1000, 500, ""},
        {"none", 0, 1000, -1, 1000, 0, ""},
        {"one", 1, 1000, -1, 1000, 1, ""},
        {"a job fails", 500, 100, -1, 1000, 100, "failed 100"},
        {"the first fails", 500, 0, -1, 1000, 0, "failed 0"},
        {"reading fails", 500, 1000, 77, 1000, 77, "broken"},
        {"enough", 500, 1000, -1, 10, 10, ""},
    };
    for (const Case& c : cases) {
        for (const unsigned workers : {0U, 1U, 2U, 8U}) {
            INFO(c.name << " with " << workers << " workers");
            const Run r = run(workers, c.count, c.fails, c.breaks, c.enough);
            CHECK(r.error == c.error);
            REQUIRE(r.handed_on.size() == c.handed_on);
            for (std::size_t i = 0; i < r.handed_on.size(); ++i) CHECK(r.handed_on[i] == 2 * static_cast<int>(i));
            CHECK(r.begun <= static_cast<int>(c.handed_on) + 17);
        }
    }
}

TEST_CASE("CPUs are those of the affinity and of the quota", "[parallel]") {
    CHECK(allowed_cpus() >= 1);
    CHECK(allowed_cpus() <= most_cpus);
    const auto root = std::filesystem::temp_directory_path() / ("pcapline-cgroup-" + std::to_string(::getpid()));
    std::filesystem::create_directories(root / "a/b");
    std::filesystem::create_directories(root / "cpu/c");
    std::ofstream{root / "a/b/cpu.max"} << "max 100000\n";
    std::ofstream{root / "a/cpu.max"} << "250000 100000\n";
    std::ofstream{root / "cpu/c/cpu.cfs_quota_us"} << "100000\n";
    std::ofstream{root / "cpu/c/cpu.cfs_period_us"} << "100000\n";
    CHECK(quota_cpus("0::/a/b\n", root) == 3);
    CHECK(quota_cpus("0::/elsewhere\n", root) == 0);
    CHECK(quota_cpus("4:memory:/c\n3:cpuacct,cpu:/c\n", root) == 1);
    CHECK(quota_cpus("nonsense", root) == 0);
    std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace pcapline::test
