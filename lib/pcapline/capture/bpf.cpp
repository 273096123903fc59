#include "pcapline/capture/bpf.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "pcapline/base/endian.h"
#include "pcapline/base/text.h"
#include "pcapline/capture/filter_words.h"

namespace pcapline {
namespace {

constexpr std::uint32_t snapshot = 262144;
constexpr std::uint16_t loopback = 0;
constexpr ByteOrder foreign_order = native_order == ByteOrder::little ? ByteOrder::big : ByteOrder::little;

// libpcap's compiler keeps its state in variables of its own in old versions, and reads /etc/services with
// functions that are not thread-safe in all.
std::mutex& compiler() {
    static std::mutex mutex;
    return mutex;
}

/// What a filter is for one link type.
struct Compiled {
    enum class Kind : std::uint8_t {
        program,
        nothing,      ///< sound, but no packet can match it
        not_possible  ///< libpcap cannot filter this link type so
    } kind = Kind::not_possible;
    std::vector<bpf_insn> program;
    std::string why;
};

/// An empty capture in memory, opened as a file: for a loopback device (DLT_NULL) of this machine libpcap would compile
/// for this system's number of IPv6 only, but a file may be of any system. `order` is that of the machine that captured.
pcap_t* open_empty(std::uint16_t link_type, ByteOrder order) {
    std::array<std::uint8_t, 24> header{};
    store<std::uint32_t>(&header[0], 0xa1b2c3d4, order);
    store<std::uint16_t>(&header[4], 2, order);
    store<std::uint16_t>(&header[6], 4, order);
    store<std::uint32_t>(&header[16], snapshot, order);
    store<std::uint32_t>(&header[20], link_type, order);
    std::FILE* const file = fmemopen(header.data(), header.size(), "r");
    if (file == nullptr) return nullptr;
    std::array<char, PCAP_ERRBUF_SIZE> message;
    pcap_t* const pcap = pcap_fopen_offline(file, message.data());  // reads the header now, nothing later
    if (pcap == nullptr) std::fclose(file);
    return pcap;
}

struct Handle {
    pcap_t* pcap = nullptr;
    bpf_program program{};
    Handle(std::uint16_t link_type, ByteOrder order) : pcap(open_empty(link_type, order)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        pcap_freecode(&program);
        if (pcap != nullptr) pcap_close(pcap);
    }
};

Compiled compile_for(const std::string& expression, std::uint16_t link_type, ByteOrder order = native_order) {
    const std::lock_guard lock(compiler());
    Compiled out;
    Handle handle(link_type, order);
    if (handle.pcap == nullptr) {
        out.why = "out of memory";
    } else if (pcap_compile(handle.pcap, &handle.program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0) {
        out.kind = Compiled::Kind::program;
        out.program.assign(handle.program.bf_insns, handle.program.bf_insns + handle.program.bf_len);
    } else {
        out.why = pcap_geterr(handle.pcap);
        if (out.why.find("rejects all packets") != std::string::npos) out.kind = Compiled::Kind::nothing;
    }
    return out;
}

// Expressions may be about one kind of link only ("wlan type mgt"). What compiles for none of these is wrong.
constexpr std::array<std::uint16_t, 10> link_types_to_try = {
    127 /* IEEE802_11_RADIO */,
    113 /* LINUX_SLL */,
    9 /* PPP */,
    117 /* PFLOG */,
    123 /* SUNATM */,
    140 /* MTP2 */,
    101 /* RAW */,
    10 /* FDDI */,
    6 /* IEEE802 */,
    105 /* IEEE802_11 */,
};

}  // namespace

struct CaptureFilter::Programs {
    std::string expression;
    std::vector<std::pair<std::uint16_t, Compiled>> compiled;  ///< a handful: searched from the front

    Compiled foreign_loopback;  ///< for loopback frames of machines of the other byte order

    /// BSD loopback: the address family, a small number, stands first in the byte order of the machine that captured.
    static bool is_foreign_loopback(const Frame& frame) {
        return frame.link_type == loopback && frame.cap_len >= 4 && load32(frame.data, native_order) > 0xffff;
    }
    const Compiled* of(std::uint16_t link_type) const {
        const auto found = std::find_if(compiled.begin(), compiled.end(), [&](const auto& entry) { return entry.first == link_type; });
        return found == compiled.end() ? nullptr : &found->second;
    }
};

CaptureFilter::CaptureFilter(std::unique_ptr<Programs> programs) : programs_(std::move(programs)) {}
CaptureFilter::CaptureFilter(CaptureFilter&&) noexcept = default;
CaptureFilter& CaptureFilter::operator=(CaptureFilter&&) noexcept = default;
CaptureFilter::~CaptureFilter() = default;

Result<CaptureFilter> CaptureFilter::compile(const std::string& expression, bool resolve) {
    if (expression.find('\0') != std::string::npos) return Error{Errc::usage, "capture filter holds a zero byte"};
    if (!resolve) {
        if (const std::string name = first_host_name(expression); !name.empty()) {
            return Error{Errc::usage, "capture filter: \"" + harmless(name) +
                                          "\" is neither a keyword nor an address, and host names are not looked up"};
        }
    }
    auto programs = std::make_unique<Programs>();
    programs->expression = expression;
    Compiled ethernet = compile_for(expression, 1);
    if (ethernet.kind != Compiled::Kind::program) {
        const bool useful = std::any_of(link_types_to_try.begin(), link_types_to_try.end(), [&](std::uint16_t link_type) {
            return compile_for(expression, link_type).kind == Compiled::Kind::program;
        });
        if (!useful) return Error{Errc::usage, "capture filter: " + ethernet.why};
    }
    programs->compiled.emplace_back(1, std::move(ethernet));
    return CaptureFilter(std::move(programs));
}

bool CaptureFilter::prepare(std::uint16_t link_type, std::string* why) {
    const Compiled* found = programs_->of(link_type);
    if (found == nullptr) {
        found = &programs_->compiled.emplace_back(link_type, compile_for(programs_->expression, link_type)).second;
        if (link_type == loopback) programs_->foreign_loopback = compile_for(programs_->expression, link_type, foreign_order);
    }
    if (found->kind != Compiled::Kind::not_possible) return true;
    if (why != nullptr) *why = found->why;
    return false;
}

bool CaptureFilter::matches(const Frame& frame) const noexcept {
    const Compiled* const found = Programs::is_foreign_loopback(frame) ? &programs_->foreign_loopback : programs_->of(frame.link_type);
    if (found == nullptr || found->kind != Compiled::Kind::program) return false;
    return bpf_filter(found->program.data(), frame.data, frame.wire_len, frame.cap_len) != 0;
}

}  // namespace pcapline
