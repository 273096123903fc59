// Archives that tar reads.
#include "pcapline/split/tar_writer.h"

#include <vector>

#include "support/borrowed_sink.h"
#include "support/catch.h"
#include "unit/split/temp_folder.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("An archive holds its files, padded to blocks, long names in pax headers", "[split]") {
    std::vector<std::uint8_t> out;
    TarWriter tar{std::make_unique<Borrowed>(out)};
    const std::string long_name = std::string(150, 'n') + ".pcap";
    REQUIRE(tar.begin("a.pcap", 5, 1'714'550'400));
    REQUIRE(tar.write(as_bytes("hello")));
    REQUIRE(tar.end());
    REQUIRE(tar.begin(long_name, 0, -1));
    REQUIRE(tar.end());
    REQUIRE(tar.finish());

    const std::string text(out.begin(), out.end());
    // Header, data, pax header, its record, header, two empty blocks.
    REQUIRE(text.size() == 7 * 512);
    CHECK(text.substr(0, 7) == std::string("a.pcap\0", 7));
    CHECK(text.substr(124, 12) == std::string("00000000005\0", 12));
    CHECK(text.substr(136, 11) == "14614373200");
    CHECK(text.substr(257, 8) == std::string("ustar\00000", 8));
    CHECK(text.substr(512, 6) == std::string("hello\0", 6));
    CHECK(text[1024 + 156] == 'x');
    CHECK(text.substr(3 * 512, 10 + long_name.size()) == "165 path=" + long_name + "\n");
    CHECK(text[2048 + 156] == '0');
    CHECK(text.substr(2048, 100) == std::string(100, 'n'));
    CHECK(text.substr(5 * 512) == std::string(1024, '\0'));
    unsigned sum = 8 * ' ';
    for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 0U : static_cast<unsigned char>(text[i]);
    CHECK(std::stoul(text.substr(148, 6), nullptr, 8) == sum);
}
