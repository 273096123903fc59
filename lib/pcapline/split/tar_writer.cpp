#include "pcapline/split/tar_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pcapline {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t longest_name = 100;
constexpr std::uint64_t octal_limit = std::uint64_t{1} << 33;  // 11 octal digits

void put_octal(char* to, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value >>= 3U) to[i] = static_cast<char>('0' + (value & 7U));
}

/// "LENGTH KEY=VALUE\n", where LENGTH counts itself.
std::string pax_record(std::string_view key, const std::string& value) {
    const std::size_t rest = 1 + key.size() + 1 + value.size() + 1;
    std::size_t length = rest + 1;
    while (length != rest + std::to_string(length).size()) length = rest + std::to_string(length).size();
    return std::to_string(length) + ' ' + std::string(key) + '=' + value + '\n';
}

}  // namespace

// The fields of POSIX.1-2017, pax, "ustar Interchange Format".
Result<void> TarWriter::header(const std::string& name, std::uint64_t size, std::int64_t time, char type) {
    std::array<char, block> text{};
    char* const to = text.data();
    std::copy_n(name.begin(), std::min(name.size(), longest_name), to);
    put_octal(to + 100, 7, 0644);
    put_octal(to + 108, 7, 0);
    put_octal(to + 116, 7, 0);
    put_octal(to + 124, 11, size < octal_limit ? size : 0);
    put_octal(to + 136, 11, time < 0 ? 0 : std::min(static_cast<std::uint64_t>(time), octal_limit - 1));
    std::fill_n(to + 148, 8, ' ');
    to[156] = type;
    constexpr std::string_view magic{"ustar\00000", 8};
    magic.copy(to + 257, magic.size());
    std::uint64_t sum = 0;
    for (const char c : text) sum += static_cast<unsigned char>(c);
    put_octal(to + 148, 6, sum);
    to[154] = '\0';
    return sink_->write({reinterpret_cast<const std::uint8_t*>(to), block});
}

Result<void> TarWriter::pad(std::uint64_t size) {
    constexpr std::array<std::uint8_t, block> zeros{};
    const std::uint64_t used = size % block;
    return used == 0 ? Result<void>{} : sink_->write(Bytes{zeros}.subspan(used));
}

Result<void> TarWriter::begin(const std::string& name, std::uint64_t size, std::int64_t time) {
    std::string more;
    if (name.size() > longest_name) more += pax_record("path", name);
    if (size >= octal_limit) more += pax_record("size", std::to_string(size));
    Result<void> done;
    if (!more.empty()) {
        done = header("pax_header", more.size(), time, 'x');
        if (done) done = sink_->write({reinterpret_cast<const std::uint8_t*>(more.data()), more.size()});
        if (done) done = pad(more.size());
    }
    size_ = size;
    return done ? header(name, size, time, '0') : done;
}

Result<void> TarWriter::write(Bytes bytes) {
    return sink_->write(bytes);
}

Result<void> TarWriter::end() {
    return pad(size_);
}

Result<void> TarWriter::finish() {
    constexpr std::array<std::uint8_t, 2 * block> zeros{};
    if (auto done = sink_->write(zeros); !done) return done;
    return sink_->finish();
}

}  // namespace pcapline
