#include "pcapline/capture/pcapng_reader.h"

#include <algorithm>
#include <utility>

#include "pcapline/base/time.h"
#include "pcapline/capture/damage.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_options.h"
#include "pcapline/capture/pcapng_section.h"

namespace pcapline {
namespace {

constexpr std::uint64_t read_ahead_limit = 1U << 20;

bool is_packet(std::uint32_t type) {
    const auto known = static_cast<BlockType>(type);
    return known == BlockType::enhanced_packet || known == BlockType::simple_packet || known == BlockType::packet;
}

}  // namespace

PcapngReader::Clock::Clock(const Interface& interface)
    : scale(interface.time), snap_len(interface.snap_len), link_type(interface.link_type) {
    if (scale.binary || scale.exponent > 9 || scale.offset != 0) return;
    factor = 1;
    for (unsigned exponent = scale.exponent; exponent < 9; ++exponent) factor *= 10;
    fast_below = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor + 1;
}

PcapngReader::PcapngReader(BlockStream stream) : stream_(std::move(stream)), first_record_(stream_.offset()) {
    info_.format = CaptureFormat::pcapng;
    info_.time_digits = 0;
}

PcapngReader::PcapngReader(BlockStream stream, const PcapngReader& before, std::uint64_t end, bool exact)
    : stream_(std::move(stream)),
      clocks_(before.clocks_),
      interfaces_(before.interfaces_),
      info_(before.info_),
      end_(end),
      first_record_(stream_.offset()),
      longest_block_(before.longest_block_),
      first_interface_(before.first_interface_),
      sections_(before.sections_),
      order_(before.order_),
      through_sections_(exact) {}

Result<std::unique_ptr<PcapngReader>> PcapngReader::open(BlockStream stream) {
    std::unique_ptr<PcapngReader> reader(new PcapngReader(std::move(stream)));
    reader->read_ahead();
    if (reader->damage_)
        return Error{Errc::input, reader->damage_->what, reader->source().name(), static_cast<std::int64_t>(reader->damage_->offset)};
    if (reader->sections_ == 0) {
        if (const auto& error = reader->stream_.error()) return *error;
        return Error{Errc::input, "pcapng section header cut short (" + std::to_string(reader->stream_.left()) + " bytes)",
                     reader->source().name()};
    }
    return reader;
}

Result<std::unique_ptr<PcapngReader>> PcapngReader::open_first_range(BlockStream stream, std::uint64_t end) {
    auto reader = open(std::move(stream));
    if (!reader) return reader;
    (*reader)->end_ = end;
    (*reader)->through_sections_ = false;
    return reader;
}

// Takes the blocks before the first packet, without waiting for more of it than its type.
void PcapngReader::read_ahead() {
    const std::uint64_t begin = stream_.offset();
    pending_.blocks.push_back(stream_.block());
    wanted_ = block_size_min;
    while (stream_.offset() - begin < read_ahead_limit && wanted_ <= read_ahead_limit && stream_.need(wanted_)) {
        if (stream_.block() != pending_.blocks.back()) pending_.blocks.push_back(stream_.block());
        if (sections_ != 0 && is_packet(load32(stream_.at(), order_))) break;
        const Halt halt = take(pending_);
        if (halt == Halt::batch) break;
        if (halt != Halt::window) wanted_ = block_size_min;
    }
    if (pending_.others.empty()) pending_.clear();
    independent_ = true;
}

bool PcapngReader::next(Batch& batch) {
    batch.clear();
    if (!pending_.empty()) std::swap(batch, pending_);
    batch.first_number = packets_ + 1;
    batch.order = order_;
    bool whole = !batch.empty() && batch.blocks.back() != stream_.block();
    while (!ended_ && !whole) {
        const Halt halt = order_ == ByteOrder::little ? fill<ByteOrder::little>(batch) : fill<ByteOrder::big>(batch);
        if (halt == Halt::section) continue;
        whole = !batch.empty();
        if (!whole && !ended_ && !more()) ended_ = true;
    }
    if (batch.empty()) return false;
    packets_ += batch.frames.size();
    if (batch.blocks.empty() || batch.blocks.back() != stream_.block()) batch.blocks.push_back(stream_.block());
    return true;
}

// Takes the whole blocks of the window: enhanced packets here, everything else by take().
template <ByteOrder order>
PcapngReader::Halt PcapngReader::fill(Batch& batch) {
    batch.frames.reserve(Batch::max_frames);
    const std::uint8_t* at = stream_.at();
    const std::uint8_t* const end = stream_.end();
    const std::uint64_t room = end_ - std::min(stream_.offset(), end_);
    const std::uint8_t* const last = room < stream_.left() ? at + room : end;

    Frame frame;
    while (at < last && batch.frames.size() < Batch::max_frames) {
        const auto left = static_cast<std::size_t>(end - at);
        if (left >= enhanced_packet_size && load32(at, order) == static_cast<std::uint32_t>(BlockType::enhanced_packet)) [[likely]] {
            const std::uint32_t length = load32(at + 4, order);
            const std::uint32_t interface = load32(at + 8, order);
            const std::uint32_t captured = load32(at + 20, order);
            // With a length that is a multiple of 4, the padding fits where the bytes do.
            if (length >= enhanced_packet_size && length <= left && length % 4 == 0 && captured <= length - enhanced_packet_size &&
                interface < clocks_.size() && load32(at + length - 4, order) == length) [[likely]] {
                const Clock& clock = clocks_[interface];
                frame.data = at + 28;
                frame.cap_len = captured;
                frame.wire_len = std::max(captured, load32(at + 24, order));
                frame.time_ns = clock.time(std::uint64_t{load32(at + 12, order)} << 32 | load32(at + 16, order));
                frame.link_type = clock.link_type;
                frame.interface = static_cast<std::uint16_t>(first_interface_ + interface);
                const std::uint32_t options_at = 28 + padded(captured);
                put(batch, frame, Bytes{at + options_at, length - 4 - options_at});
                at += length;
                continue;
            }
        }
        stream_.advance_to(at);
        if (const Halt halt = take(batch); halt != Halt::none) return halt;
        at = stream_.at();
    }
    stream_.advance_to(at);
    wanted_ = block_size_min;
    return at < last ? Halt::batch : Halt::window;
}

inline void PcapngReader::put(Batch& batch, const Frame& frame, Bytes options) const {
    batch.frames.push_back(frame);
    if (options.empty() && batch.options.empty()) return;
    batch.options.resize(batch.frames.size());
    batch.options.back() = sound_options(options, order_);
}

// Takes one block of any type at the start of the window.
PcapngReader::Halt PcapngReader::take(Batch& batch) {
    const Bytes window = stream_.window();
    wanted_ = block_size_min;
    if (window.size() < block_size_min) return Halt::window;
    const std::uint32_t type = load32(window.data(), order_);
    ByteOrder order = order_;
    if (type == static_cast<std::uint32_t>(BlockType::section_header)) {
        const auto found = section_order(window);
        if (!found) return refuse(batch, "pcapng section header without a byte-order magic");
        order = *found;
    }
    const std::uint32_t claimed = load32(window.data() + 4, order);
    if (claimed < block_size_min) return refuse(batch, "pcapng block shorter than its header");
    if (claimed > longest_block_) {
        return refuse(batch, "pcapng block claims " + std::to_string(claimed) + " bytes, more than " + std::to_string(longest_block_));
    }
    // Old writers forgot the padding in the length, but not in the file.
    const std::uint32_t length = padded(claimed);
    wanted_ = length;
    if (window.size() < length) return Halt::window;
    const std::uint32_t again = load32(window.data() + length - 4, order);
    if (again != claimed && again != length) return refuse(batch, "pcapng block with two different lengths");
    const Bytes block = window.first(length);
    if (type == static_cast<std::uint32_t>(BlockType::section_header)) return begin_section(batch, block, order);
    return is_packet(type) ? take_packet(batch, block, type) : take_other(batch, block, type);
}

PcapngReader::Halt PcapngReader::take_packet(Batch& batch, Bytes block, std::uint32_t type) {
    const std::uint8_t* const at = block.data();
    PacketFields fields;
    const bool simple = type == static_cast<std::uint32_t>(BlockType::simple_packet);
    if (block.size() < (simple ? simple_packet_size : enhanced_packet_size))
        return refuse(batch, "pcapng packet block shorter than its fields");
    if (simple) {
        fields.original = load32(at + 8, order_);
        fields.timed = false;
        fields.data_at = 12;
    } else {
        // The obsolete block has 16 bits of interface and 16 of drops where the enhanced one has 32 of interface.
        fields.interface = type == static_cast<std::uint32_t>(BlockType::packet) ? load16(at + 8, order_) : load32(at + 8, order_);
        fields.ticks = std::uint64_t{load32(at + 12, order_)} << 32 | load32(at + 16, order_);
        fields.captured = load32(at + 20, order_);
        fields.original = load32(at + 24, order_);
        fields.data_at = 28;
    }
    if (fields.interface >= clocks_.size()) {
        return refuse(batch, "pcapng packet of interface " + std::to_string(fields.interface) + ", which is not described");
    }
    const Clock& clock = clocks_[fields.interface];
    const std::size_t room = block.size() - fields.data_at - 4;
    if (simple) {
        fields.captured = static_cast<std::uint32_t>(std::min<std::size_t>(room, fields.original));
        if (clock.snap_len != 0) fields.captured = std::min(fields.captured, clock.snap_len);
    }
    if (fields.captured > room) return refuse(batch, "pcapng packet longer than its block");

    Frame frame;
    frame.data = at + fields.data_at;
    frame.cap_len = fields.captured;
    frame.wire_len = std::max(fields.captured, fields.original);
    frame.time_ns = fields.timed ? clock.time(fields.ticks) : no_time;
    frame.link_type = clock.link_type;
    frame.interface = static_cast<std::uint16_t>(first_interface_ + fields.interface);
    const std::size_t options_at = std::min<std::size_t>(padded(fields.captured), room);
    put(batch, frame, simple ? Bytes{} : block.subspan(fields.data_at + options_at, room - options_at));
    stream_.advance_to(at + block.size());
    return Halt::none;
}

PcapngReader::Halt PcapngReader::take_other(Batch& batch, Bytes block, std::uint32_t type) {
    std::uint32_t interface = OtherBlock::no_interface;
    if (type == static_cast<std::uint32_t>(BlockType::interface_description)) {
        if (!through_sections_) {
            independent_ = false;
            ended_ = true;
            return Halt::batch;
        }
        if (const std::string trouble = add_interface(block); !trouble.empty()) return refuse(batch, trouble);
        interface = static_cast<std::uint32_t>(interfaces_.size() - 1);
    } else if (type == static_cast<std::uint32_t>(BlockType::interface_statistics) && block.size() >= interface_statistics_size) {
        const std::uint32_t local = load32(block.data() + 8, order_);
        const bool described = local < clocks_.size();
        interface = described ? first_interface_ + local : OtherBlock::no_interface;
        const auto found = read_drops(block, order_);
        if (found && described) interfaces_[interface].drops = found->drops;
    }
    pass_on(batch, block, type, interface);
    stream_.advance_to(block.data() + block.size());
    return Halt::none;
}

PcapngReader::Halt PcapngReader::begin_section(Batch& batch, Bytes block, ByteOrder order) {
    if (!batch.frames.empty()) return Halt::batch;
    if (!through_sections_) {
        independent_ = false;
        ended_ = true;
        return Halt::batch;
    }
    if (std::string trouble = section_refusal(block, order); !trouble.empty()) return refuse(batch, std::move(trouble));
    if (sections_ == 0) {
        info_.order = order;
        read_section_options(block, order, info_);
    } else {
        independent_ = false;
    }
    ++sections_;
    order_ = order;
    batch.order = order;
    first_interface_ = static_cast<std::uint32_t>(interfaces_.size());
    clocks_.clear();
    pass_on(batch, block, static_cast<std::uint32_t>(BlockType::section_header), OtherBlock::no_interface);
    stream_.advance_to(block.data() + block.size());
    return Halt::section;
}

// Returns what is wrong with the block.
std::string PcapngReader::add_interface(Bytes block) {
    if (block.size() < interface_description_size) return "pcapng interface description shorter than its fields";
    if (interfaces_.size() == max_interfaces) return "more than " + std::to_string(max_interfaces) + " interfaces";
    interfaces_.push_back(read_interface(block, order_, sections_ - 1));
    const Interface& added = interfaces_.back();
    clocks_.emplace_back(added);
    info_.time_digits = std::max(info_.time_digits, time_digits(added.time));
    longest_block_ = std::max(longest_block_, max_block_length + max_captured(added.link_type));
    independent_ = false;
    return {};
}

void PcapngReader::pass_on(Batch& batch, Bytes block, std::uint32_t type, std::uint32_t interface) const {
    OtherBlock& other = batch.others.emplace_back();
    other.before_frame = static_cast<std::uint32_t>(batch.frames.size());
    other.type = type;
    other.order = order_;
    other.first_interface = first_interface_;
    other.interface = interface;
    other.bytes = block;
}

// Gets what the block at hand lacks. False at the end of the range, of the file, and at damage.
bool PcapngReader::more() {
    if (stream_.offset() >= end_) return false;
    if (stream_.need(wanted_)) return true;
    if (stream_.error()) {
        damage_ = damage_at(stream_, stream_.error()->what, packets_);
    } else if (stream_.left() != 0) {
        damage_ = damage_at(stream_, "pcapng block cut short", packets_);
    }
    return false;
}

// The block at hand is damaged. It is looked at again once everything before it has been handed out.
PcapngReader::Halt PcapngReader::refuse(const Batch& batch, std::string what) {
    if (batch.empty()) {
        damage_ = damage_at(stream_, std::move(what), packets_);
        ended_ = true;
    }
    return Halt::batch;
}

}  // namespace pcapline
