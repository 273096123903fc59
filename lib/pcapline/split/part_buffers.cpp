#include "pcapline/split/part_buffers.h"

#include <algorithm>
#include <utility>

namespace pcapline {

PartBuffers::PartBuffers(PartFiles& files, std::size_t budget)
    : files_(files), most_chunks_(std::max<std::size_t>(budget / sizeof(Chunk), 1)) {}

std::uint32_t PartBuffers::take_chunk() {
    if (free_ == none) {
        const auto first = static_cast<std::uint32_t>(groups_.size() * group_size);
        groups_.push_back(std::make_unique_for_overwrite<Chunk[]>(group_size));
        for (std::uint32_t i = group_size; i-- > 0;) chunk(first + i).next = std::exchange(free_, first + i);
    }
    ++used_chunks_;
    return std::exchange(free_, chunk(free_).next);
}

Result<void> PartBuffers::add(Parts::Number part, Bytes records) {
    constexpr std::size_t room = std::tuple_size_v<decltype(Chunk::bytes)>;
    if (records.size() >= worth_writing) {
        if (auto done = write(part, false); !done) return done;
        return files_.append(part, records, false);
    }
    if (used_chunks_ + records.size() / room + 1 > most_chunks_) {
        if (auto done = make_room(); !done) return done;
    }
    if (chains_.size() <= part) chains_.resize(std::max<std::size_t>(2 * chains_.size(), part + std::size_t{1}));
    Chain& chain = chains_[part];
    chain.bytes += static_cast<std::uint32_t>(records.size());
    while (!records.empty()) {
        if (chain.last == none || chunk(chain.last).used == room) {
            const std::uint32_t fresh = take_chunk();
            chunk(fresh).used = 0;
            chunk(fresh).next = fresh;
            if (chain.last != none) chunk(fresh).next = std::exchange(chunk(chain.last).next, fresh);
            chain.last = fresh;
        }
        Chunk& to = chunk(chain.last);
        const std::size_t count = std::min(room - to.used, records.size());
        std::copy_n(records.begin(), count, to.bytes.begin() + to.used);
        to.used += static_cast<std::uint32_t>(count);
        records = records.subspan(count);
    }
    return chain.bytes < worth_writing ? Result<void>{} : write(part, false);
}

Result<void> PartBuffers::write(Parts::Number part, bool last) {
    if (part >= chains_.size() || chains_[part].last == none) return {};
    gathered_.clear();
    const std::uint32_t end = chains_[part].last;
    for (std::uint32_t at = chunk(end).next;; at = chunk(at).next) {
        const Chunk& from = chunk(at);
        std::copy_n(from.bytes.begin(), from.used, gathered_.grow(from.used));
        if (at == end) break;
    }
    static_cast<void>(drop(part));
    return files_.append(part, gathered_.bytes(), last);
}

std::size_t PartBuffers::drop(Parts::Number part) {
    if (part >= chains_.size() || chains_[part].last == none) return 0;
    const std::uint32_t last = chains_[part].last;
    for (std::uint32_t at = chunk(last).next;; at = chunk(at).next) {
        --used_chunks_;
        if (at == last) break;
    }
    std::swap(chunk(last).next, free_);  // opens the ring: its first chunk is the first free one
    return std::exchange(chains_[part], {}).bytes;
}

Result<void> PartBuffers::make_room() {
    waiting_.clear();
    for (std::size_t part = 0; part < chains_.size(); ++part)
        if (chains_[part].last != none) waiting_.push_back(static_cast<Parts::Number>(part));
    const auto fuller = [&](Parts::Number a, Parts::Number b) { return chains_[a].bytes > chains_[b].bytes; };
    std::size_t begin = 0;
    while (used_chunks_ > most_chunks_ / 2 && begin < waiting_.size()) {
        const std::size_t end = std::min(waiting_.size(), begin + std::max<std::size_t>(waiting_.size() / 8, 64));
        const auto from = waiting_.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = waiting_.begin() + static_cast<std::ptrdiff_t>(end);
        std::nth_element(from, to - 1, waiting_.end(), fuller);
        std::sort(from, to);  // files that were made one after another lie close to each other
        for (; begin < end && used_chunks_ > most_chunks_ / 2; ++begin) {
            if (auto done = write(waiting_[begin], false); !done) return done;
        }
    }
    return {};
}

Result<void> PartBuffers::finish() {
    for (std::size_t part = 0; part < chains_.size(); ++part) {
        if (auto done = write(static_cast<Parts::Number>(part), true); !done) return done;
    }
    return {};
}

}  // namespace pcapline
