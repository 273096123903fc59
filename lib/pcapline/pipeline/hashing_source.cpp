#include "pcapline/pipeline/hashing_source.h"

#include <gcrypt.h>

#include <vector>

namespace pcapline {

struct Sha256::State {
    gcry_md_hd_t handle = nullptr;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    gcry_check_version(nullptr);  // initialises libgcrypt; harmless when done again
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    gcry_md_open(&state_->handle, GCRY_MD_SHA256, 0);
}

Sha256::~Sha256() {
    gcry_md_close(state_->handle);
}

void Sha256::add(Bytes bytes) {
    gcry_md_write(state_->handle, bytes.data(), bytes.size());
}

std::string Sha256::hex() const {
    gcry_md_hd_t copy = nullptr;
    gcry_md_copy(&copy, state_->handle);
    const unsigned char* const digest = gcry_md_read(copy, GCRY_MD_SHA256);
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 32; ++i) {
        text.push_back(digits[digest[i] >> 4]);
        text.push_back(digits[digest[i] & 15]);
    }
    gcry_md_close(copy);
    return text;
}

std::string HashingSource::finish() {
    std::vector<std::uint8_t> rest(block_size);
    while (true) {
        const auto got = inner_->read(rest);
        if (!got || *got == 0) break;
        hash_.add(Bytes{rest}.first(*got));
    }
    return hash_.hex();
}

Result<std::size_t> HashingSource::read(std::span<std::uint8_t> into) {
    auto got = inner_->read(into);
    if (got) hash_.add(Bytes{into}.first(*got));
    return got;
}

}  // namespace pcapline
