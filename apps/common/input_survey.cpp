#include "apps/common/input_survey.h"

#include <sys/stat.h>

#include <algorithm>

namespace pcapline::cli {

InputSurvey InputSurvey::of(const std::vector<std::string>& files) {
    InputSurvey survey;
    for (const std::string& file : files) {
        struct stat status {};
        if (file == "-" || stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
        if (const auto source = open_capture(file)) survey.add((*source)->info(), (*source)->interfaces());
    }
    return survey;
}

void InputSurvey::add(const CaptureInfo& info, std::span<const Interface> interfaces) {
    pcapng_ = pcapng_ || info.format == CaptureFormat::pcapng;
    for (const Interface& interface : interfaces) {
        const std::uint8_t digits = interface.time.binary ? 9 : std::min<std::uint8_t>(interface.time.exponent, 9);
        if (!kind_) kind_ = std::pair{interface.link_type, digits};
        mixed_ = mixed_ || kind_->first != interface.link_type || (kind_->second <= 6) != (digits <= 6);
        nanoseconds_ = nanoseconds_ || digits > 6;
    }
}

WriterOptions InputSurvey::writer_for(const FrameSource& source) const {
    WriterOptions writer;
    if (pcapng_ || mixed_) {
        writer.format = WriteFormat::pcapng;
    } else {
        writer.format = source.info().time_digits > 6 ? WriteFormat::nsecpcap : WriteFormat::pcap;
    }
    if (source.interfaces().empty()) return writer;
    writer.link_type = source.interfaces().front().link_type;
    if (const std::uint32_t snap_len = source.interfaces().front().snap_len; snap_len != 0) writer.snap_len = snap_len;
    return writer;
}

}  // namespace pcapline::cli
