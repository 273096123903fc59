#include "pcapline/split/packet_index.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace pcapline {

Result<std::shared_ptr<const MappedFile>> MappedFile::open(int fd, const std::string& name) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return system_error(Errc::input, "cannot read", name, errno);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return std::shared_ptr<const MappedFile>{new MappedFile{{}}};
    void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) return system_error(Errc::input, "cannot map", name, errno);
    return std::shared_ptr<const MappedFile>{new MappedFile{{static_cast<const std::uint8_t*>(bytes), size}}};
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

Result<Spool> Spool::create() {
    const char* const set = std::getenv("TMPDIR");
    const std::string folder = set != nullptr && *set != '\0' ? set : "/tmp";
    Descriptor file = open_descriptor(folder, O_RDWR | O_TMPFILE, 0600);
    if (!file) {
        // A file system that has no files without a name.
        std::string name = folder + "/pcapline-XXXXXX";
        file = Descriptor{::mkostemp(name.data(), O_CLOEXEC)};
        if (file) static_cast<void>(::unlink(name.c_str()));
    }
    if (!file) return system_error(Errc::output, "cannot create a temporary file in", folder, errno);
    return Spool{std::move(file)};
}

Result<std::uint64_t> Spool::append(Bytes bytes) {
    constexpr std::size_t full = 256 * 1024;
    const std::uint64_t at = written_ + buffer_.size();
    if (!bytes.empty()) std::copy(bytes.begin(), bytes.end(), buffer_.grow(bytes.size()));
    if (buffer_.size() < full) return at;
    if (auto done = write_out(); !done) return done.error();
    return at;
}

Result<void> Spool::write_out() {
    Bytes rest = buffer_.bytes();
    while (!rest.empty()) {
        const ssize_t n = ::write(file_.get(), rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return system_error(Errc::output, "cannot write", "temporary file", n == 0 ? ENOSPC : errno);
        written_ += static_cast<std::uint64_t>(n);
        rest = rest.subspan(static_cast<std::size_t>(n));
    }
    buffer_.clear();
    return {};
}

Result<std::shared_ptr<const MappedFile>> Spool::finish() {
    if (auto done = write_out(); !done) return done.error();
    return MappedFile::open(file_.get(), "temporary file");
}

void PacketIndex::begin_input(std::uint32_t input, std::shared_ptr<const MappedFile> file) {
    inputs_.push_back({input, std::move(file), {}, {}});
}

void PacketIndex::end_input(std::span<const Interface> interfaces, const CaptureInfo& info) {
    inputs_.back().interfaces.assign(interfaces.begin(), interfaces.end());
    inputs_.back().info = info;
}

void PacketIndex::add(Parts::Number part, const Batch& batch, std::size_t i, std::uint64_t offset) {
    const std::size_t input = inputs_.size() - 1;
    if (runs_.empty() || runs_.back().input != input || runs_.back().order != batch.order)
        runs_.push_back({entries_.size(), input, batch.order});
    if (entries_.capacity() == 0) entries_.reserve(window);  // pages that are not used cost nothing
    const Frame& frame = batch.frames[i];
    const Bytes options = batch.options_of(i);
    Entry entry{};
    entry.offset = offset & ((std::uint64_t{1} << 56) - 1);
    entry.gap = options.empty() ? 0 : static_cast<std::uint64_t>(options.data() - (frame.data + frame.cap_len)) & 0xff;
    entry.time_ns = frame.time_ns;
    entry.cap_len = frame.cap_len;
    entry.wire_len = frame.wire_len;
    entry.part = part;
    entry.options_len = static_cast<std::uint32_t>(options.size());
    entry.link_type = frame.link_type;
    entry.interface = frame.interface;
    entry.number = static_cast<std::uint32_t>(batch.number_of(i));
    entries_.push_back(entry);
}

void PacketIndex::clear() {
    entries_.clear();
    inputs_.clear();
    runs_.clear();
}

void PacketIndex::sort(std::size_t parts, std::shared_ptr<const MappedFile> spooled) {
    for (Input& input : inputs_)
        if (!input.file) input.file = spooled;
    begin_.assign(parts + 1, 0);
    for (const Entry& entry : entries_) ++begin_[entry.part + std::size_t{1}];
    for (std::size_t part = 0; part < parts; ++part) begin_[part + 1] += begin_[part];
    order_.resize(entries_.size());
    std::vector<std::size_t> at(begin_.begin(), begin_.end() - 1);
    for (std::size_t i = 0; i < entries_.size(); ++i) order_[at[entries_[i].part]++] = static_cast<std::uint32_t>(i);
}

const PacketIndex::Run& PacketIndex::run_of(std::size_t entry) const {
    const auto behind = std::upper_bound(runs_.begin(), runs_.end(), entry, [](std::size_t e, const Run& run) { return e < run.first; });
    return *(behind - 1);
}

Result<void> PacketIndex::encode(Parts::Number part, RecordEncoder& encoder, RecordEncoder::State& state, ByteBuffer& out,
                                 const std::function<Result<void>(Bytes)>& emit) const {
    constexpr std::size_t ahead = 4;
    const std::uint32_t* const end = order_.data() + begin_[part + 1];
    for (const std::uint32_t* at = order_.data() + begin_[part]; at != end; ++at) {
        const Entry& entry = entries_[*at];
        const Run& run = run_of(*at);
        const Input& input = inputs_[run.input];
        const std::size_t size = std::size_t{entry.cap_len} + entry.gap + entry.options_len;
        const Bytes file = input.file->bytes();
        if (entry.offset > file.size() || file.size() - entry.offset < size)
            return Error{Errc::input, "became shorter while it was read", ""};
        if (static_cast<std::size_t>(end - at) > ahead) {
            const Entry& later = entries_[at[ahead]];
            if (later.offset < file.size()) __builtin_prefetch(file.data() + later.offset);
        }
        const std::uint8_t* const data = file.data() + entry.offset;
        const Frame frame{data, entry.cap_len, entry.wire_len, entry.time_ns, entry.link_type, entry.interface};
        const Bytes options{data + entry.cap_len + entry.gap, entry.options_len};
        const RecordEncoder::Origin origin{input.input, input.interfaces, input.info, run.order};
        if (auto done = encoder.put(frame, entry.number, options, origin, state, out); !done) return done;
        if (out.size() < worth_writing) continue;
        if (auto done = emit(out.bytes()); !done) return done;
        out.clear();
    }
    return {};
}

}  // namespace pcapline
