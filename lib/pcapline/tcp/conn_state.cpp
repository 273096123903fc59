#include "pcapline/tcp/conn_state.h"

#include <utility>

#include "pcapline/decode/transport/tcp.h"

namespace pcapline {
namespace {

/// All letters that Zeek has; five bits say which of them, 0 is none.
constexpr std::string_view alphabet = "^SHADFRCGTWIQshadfrcgtwiq";
constexpr unsigned bits_each = 5;
constexpr std::uint64_t letter_mask = 31;
static_assert(alphabet.size() < letter_mask);

bool is_power_of_ten(std::uint64_t count) {
    if (count == 0) return false;
    while (count % 10 == 0) count /= 10;
    return count == 1;
}

}  // namespace

void History::add(Way way, char letter) {
    if (way == Way::ab && letter >= 'a') letter = static_cast<char>(letter - 'a' + 'A');
    const std::uint64_t code = alphabet.find(letter) + 1;
    for (std::uint64_t& word : words_) {
        for (unsigned at = 0; at < per_word * bits_each; at += bits_each) {
            if ((word >> at & letter_mask) != 0) continue;
            word |= code << at;
            return;
        }
    }
}

std::string History::text() const {
    std::string out;
    for (std::uint64_t word : words_)
        for (; word != 0; word >>= bits_each) out += alphabet[(word & letter_mask) - 1];
    return out;
}

void History::flip() {
    const std::string was = text();
    words_ = {};
    for (const char letter : was) {
        const bool from_a = letter >= 'A' && letter <= 'Z';
        add(from_a ? Way::ba : Way::ab, from_a ? static_cast<char>(letter - 'A' + 'a') : letter);
    }
}

void ConnState::once(Way way, Seen what, char letter) {
    Side& from = side(way);
    if ((from.seen & what) != 0) return;
    from.seen |= what;
    history_.add(way, letter);
}

void ConnState::at_each(Way way, Seen what, std::uint32_t Side::*last, std::uint32_t seq, char letter) {
    Side& from = side(way);
    if ((from.seen & what) != 0 && from.*last == seq) return;
    from.seen |= what;
    from.*last = seq;
    history_.add(way, letter);
}

void ConnState::repeated(Way way, std::uint64_t count, char letter) {
    if (is_power_of_ten(count)) history_.add(way, letter);
}

/// One letter for SYN, FIN or RST, with or without data; else one for data or a bare ACK.
void ConnState::write_flags(const Segment& segment, Way way) {
    const std::uint16_t flags = segment.flags & (Tcp::syn | Tcp::fin | Tcp::rst);
    if ((flags & (flags - 1U)) != 0) {  // more than one
        if (flags == (Tcp::fin | Tcp::rst)) {
            once(way, fin_and_rst, 'i');
        } else {
            once(way, many_flags, 'q');
        }
        return;
    }
    if (flags == Tcp::syn) {
        at_each(way, syn, &Side::syn_seq, segment.seq, (segment.flags & Tcp::ack) != 0 ? 'h' : 's');
    } else if (flags == Tcp::fin) {
        at_each(way, fin, &Side::fin_seq, segment.seq + segment.payload_bytes, 'f');
    } else if (flags == Tcp::rst) {
        at_each(way, rst, &Side::rst_seq, segment.seq, 'r');
    } else if (segment.payload_bytes > 0) {
        once(way, data, 'd');
    } else if ((segment.flags & Tcp::ack) != 0) {
        once(way, ack, 'a');
    }
}

void ConnState::step(const Segment& segment, Way way) {
    Side& from = side(way);
    Side& to = side(other(way));
    if (segment.payload_bytes > 0) from.seen |= payload;
    if (from.end == End::closed || from.end == End::reset) return;
    if ((segment.flags & Tcp::rst) != 0) {
        from.end = End::reset;
        return;
    }
    if ((segment.flags & Tcp::syn) != 0) {
        saw_syn_ = true;
        if (from.end == End::inactive || from.end == End::syn_sent) {
            if ((segment.flags & Tcp::ack) == 0) {
                from.end = End::syn_sent;
            } else if (to.end == End::syn_sent || to.end == End::established) {
                from.end = End::established;
                to.end = End::established;
            } else {
                from.end = End::syn_ack_sent;
            }
        }
    } else if (from.end == End::inactive) {
        from.end = End::partial;
    }
    if ((segment.flags & Tcp::fin) != 0) from.end = End::closed;
}

void ConnState::add_tcp(const Segment& segment, Way way, Events events, const LetterCounts& counts) {
    tcp_ = true;
    if (events.has(TcpEvent::bad_checksum)) repeated(way, counts.bad_checksums, 'c');
    const Side& from = side(way);
    // A zero window says something only while somebody may still send: not after our RST or the other's FIN.
    const bool matters = (from.seen & rst) == 0 && (side(other(way)).seen & fin) == 0;
    write_flags(segment, way);
    if (events.has(TcpEvent::zero_window) && matters) repeated(way, counts.zero_windows, 'w');
    if (events.has(TcpEvent::retransmission) && segment.payload_bytes > 0) repeated(way, counts.retransmissions, 't');
    if (events.has(TcpEvent::ack_lost_segment)) repeated(other(way), counts.gaps, 'g');
    step(segment, way);
}

void ConnState::add_other(Way way, bool has_payload, bool letters, bool bad_checksum, std::uint64_t bad_checksums) {
    side(way).end = End::established;
    if (!letters) return;
    if (bad_checksum) repeated(way, bad_checksums, 'c');
    if (has_payload) once(way, data, 'd');
}

void ConnState::flip() {
    std::swap(sides_[0], sides_[1]);
    history_.flip();
    history_.add(Way::ab, '^');
}

bool ConnState::finished() const {
    return side(Way::ab).end == End::closed && side(Way::ba).end == End::closed;
}
bool ConnState::was_reset() const {
    return side(Way::ab).end == End::reset || side(Way::ba).end == End::reset;
}

std::string_view ConnState::conn_state() const {
    const End a = side(Way::ab).end;
    const End b = side(Way::ba).end;
    const bool a_unseen = a == End::inactive || a == End::partial;
    const bool b_unseen = b == End::inactive || b == End::partial;
    if (!tcp_) {
        if (a != End::inactive) return b != End::inactive ? "SF" : "S0";
        return b != End::inactive ? "SHR" : "OTH";
    }
    if (b == End::reset) {
        const bool nothing_sent = ((side(Way::ab).seen | side(Way::ba).seen) & payload) == 0;
        if (a == End::syn_sent || a == End::syn_ack_sent || (a == End::reset && nothing_sent)) return "REJ";
        return a_unseen ? "RSTRH" : "RSTR";
    }
    if (a == End::reset) return b_unseen ? "RSTOS0" : "RSTO";
    if (a == End::closed && b == End::closed) return "SF";
    if (a == End::closed) return b_unseen ? "SH" : "S2";
    if (b == End::closed) return a_unseen ? "SHR" : "S3";
    if (a == End::syn_sent && b == End::inactive) return "S0";
    if (a == End::established && b == End::established) return "S1";
    return "OTH";
}

}  // namespace pcapline
