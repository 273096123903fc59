// HashingSource: SHA-256 of everything that was read through it.
#pragma once

#include <memory>
#include <string>

#include "pcapline/io/source.h"

namespace pcapline {

/// Running SHA-256 (FIPS 180-4).
class Sha256 {
 public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(Bytes bytes);
    /// Lower-case hex of everything added so far.
    std::string hex() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Passes bytes on and computes their hash.
class HashingSource final : public Source {
 public:
    explicit HashingSource(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}
    /// Reads what is left of the source and gives the hash of all its bytes.
    std::string finish();
    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return inner_->name(); }
    std::uint64_t bytes_in() const override { return inner_->bytes_in(); }

 private:
    std::unique_ptr<Source> inner_;
    Sha256 hash_;
};

}  // namespace pcapline
