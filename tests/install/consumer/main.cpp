// Uses the installed library as anyone would: counts the layers of a capture.
#include <cstdio>
#include <map>
#include <string>

#include "pcapline/capture/frame_source.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/registry.h"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto source = pcapline::open_capture(std::string(argv[1]));
    if (!source) {
        std::fprintf(stderr, "%s\n", source.error().message().c_str());
        return 2;
    }
    std::map<std::string, unsigned> layers;
    pcapline::Batch batch;
    pcapline::Packet packet;
    while ((*source)->next(batch)) {
        for (const pcapline::Frame& frame : batch.frames) {
            pcapline::decode(frame, packet);
            for (const pcapline::Layer& layer : packet.stack()) ++layers[std::string(pcapline::protocol_table()[layer.proto].name)];
        }
    }
    std::printf("eth %u, udp %u\n", layers["eth"], layers["udp"]);
}
