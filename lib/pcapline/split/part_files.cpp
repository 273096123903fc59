#include "pcapline/split/part_files.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pcapline {
namespace {

/// Descriptors for others: standard ones, inputs, the folder, a manifest.
constexpr std::size_t reserve = 24;
/// More open files than this do not make it faster.
constexpr std::size_t enough = 1000;

std::size_t descriptors() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
    const auto all = static_cast<std::size_t>(limit.rlim_cur);
    return std::min(enough, all > reserve + 1 ? all - reserve : 1);
}

}  // namespace

PartFiles::PartFiles(OutputFolder folder, std::string ending, Parts& parts)
    : folder_(std::move(folder)), ending_(std::move(ending)), parts_(parts), most_open_(descriptors()), open_(1) {}

Result<void> PartFiles::append(Parts::Number part, Bytes records, bool last) {
    auto file = take(part);
    if (!file) return file.error();
    if (auto done = write(part, file->get(), records); !done) return done;
    return last ? close(part, std::move(*file)) : keep(part, std::move(*file));
}

/// The part's file, which is no longer kept open here.
Result<Descriptor> PartFiles::take(Parts::Number part) {
    if (part < slots_.size() && slots_[part] != 0) {
        const std::uint32_t slot = std::exchange(slots_[part], 0);
        unlink(slot);
        free_.push_back(slot);
        return std::move(open_[slot].file);
    }
    Part& of = parts_[part];
    if (of.created) return folder_.reopen(name(part), of.file_bytes);
    auto file = folder_.create(name(part));
    of.created = static_cast<bool>(file);
    return file;
}

Result<void> PartFiles::write(Parts::Number part, int fd, Bytes records) {
    std::size_t done = 0;
    while (done < records.size()) {
        const ssize_t n = ::write(fd, records.data() + done, records.size() - done);
        if (n > 0) {
            done += static_cast<std::size_t>(n);
        } else if (n == 0 || errno != EINTR) {
            return take_back(part, fd, n == 0 ? ENOSPC : errno);
        }
    }
    parts_[part].file_bytes += records.size();
    return {};
}

Result<void> PartFiles::take_back(Parts::Number part, int fd, int sys) {
    Part& of = parts_[part];
    const bool cut = ::ftruncate(fd, static_cast<off_t>(of.file_bytes)) == 0;
    if (of.file_bytes == 0) {
        static_cast<void>(folder_.remove(name(part)));
        of.created = false;
    }
    return system_error(Errc::output, cut ? "cannot write" : "cannot write, and it ends within a packet", folder_.path_of(name(part)), sys,
                        static_cast<std::int64_t>(of.file_bytes));
}

Result<void> PartFiles::close(Parts::Number part, Descriptor file) {
    if (const int sys = file.close(); sys != 0) return system_error(Errc::output, "cannot write", folder_.path_of(name(part)), sys);
    return {};
}

Result<void> PartFiles::keep(Parts::Number part, Descriptor file) {
    Result<void> closed;
    std::uint32_t slot = 0;
    if (open_.size() - 1 - free_.size() >= most_open_) {
        slot = open_[0].newer;  // the oldest
        unlink(slot);
        slots_[open_[slot].part] = 0;
        closed = close(open_[slot].part, std::move(open_[slot].file));
    } else if (free_.empty()) {
        slot = static_cast<std::uint32_t>(open_.size());
        open_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    open_[slot].file = std::move(file);
    open_[slot].part = part;
    link_newest(slot);
    if (slots_.size() <= part) slots_.resize(std::max<std::size_t>(parts_.size(), part + std::size_t{1}));
    slots_[part] = slot;
    return closed;
}

void PartFiles::link_newest(std::uint32_t slot) {
    const std::uint32_t next = open_[0].older;
    open_[slot].newer = 0;
    open_[slot].older = next;
    open_[next].newer = slot;
    open_[0].older = slot;
}

void PartFiles::unlink(std::uint32_t slot) {
    open_[open_[slot].newer].older = open_[slot].older;
    open_[open_[slot].older].newer = open_[slot].newer;
}

Result<void> PartFiles::remove(Parts::Number part) {
    if (auto file = take(part); !file) return file.error();
    parts_[part].created = false;
    return folder_.remove(name(part));
}

Result<void> PartFiles::finish() {
    Result<void> first;
    for (std::uint32_t slot = open_[0].older; slot != 0; slot = open_[slot].older) {
        slots_[open_[slot].part] = 0;
        free_.push_back(slot);
        auto closed = close(open_[slot].part, std::move(open_[slot].file));
        if (!closed && first) first = closed;
    }
    open_[0] = {};
    return first;
}

}  // namespace pcapline
