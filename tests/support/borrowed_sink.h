// A sink that leaves its bytes to the test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pcapline/io/sink.h"

namespace pcapline::test {

class Borrowed final : public Sink {
 public:
    explicit Borrowed(std::vector<std::uint8_t>& to) : to_(to) {}
    Result<void> write(Bytes bytes) override {
        to_.insert(to_.end(), bytes.begin(), bytes.end());
        return {};
    }
    Result<void> flush() override { return {}; }
    Result<void> finish() override { return {}; }
    std::string name() const override { return "out"; }

 private:
    std::vector<std::uint8_t>& to_;
};

}  // namespace pcapline::test
