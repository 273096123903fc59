#include "pcapline/decode/app/dns.h"

#include <algorithm>
#include <optional>

#include "pcapline/decode/app/dns_name.h"

namespace pcapline {
namespace {

namespace f = dns_field;

/// Types of records whose data is read (RFC 1035, 2782, 3596, 6672, 6891).
enum class RecordType : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    dname = 39,
    opt = 41,
};

/// Reads one message: bytes that its header promises and that are there, from the identifier on.
class MessageReader {
 public:
    MessageReader(Bytes message, FieldValues& out) : message_(message), out_(out) {}

    void read() {
        if (message_.size() < Dns::size) return;
        const Dns header{first_of<Dns::size>(message_)};
        read_header(header);
        at_ = Dns::size;
        for (unsigned i = 0; i < header.questions(); ++i)
            if (!read_question()) return;
        const unsigned records = 0U + header.answers() + header.authorities() + header.additionals();
        for (unsigned i = 0; i < records; ++i)
            if (!read_record()) return;
    }

 private:
    void read_header(const Dns& header) {
        out_.number(f::id, header.id());
        out_.number(f::flags, header.flags());
        const auto flag = [&](std::size_t field, unsigned shift) { out_.number(field, header.flags() >> shift & 1); };
        flag(f::flags_response, 15);
        out_.number(f::flags_opcode, header.opcode());
        flag(f::flags_truncated, 9);
        flag(f::flags_recdesired, 8);
        flag(f::flags_z, 6);
        flag(f::flags_checkdisable, 4);
        // The others mean something in responses only; tshark shows a query's AD bit where it is set.
        if (header.is_response() || (header.flags() & 0x0020) != 0) flag(f::flags_authenticated, 5);
        if (header.is_response()) {
            flag(f::flags_authoritative, 10);
            flag(f::flags_recavail, 7);
            out_.number(f::flags_rcode, header.rcode());
        }
        const bool update = header.opcode() == Dns::update;
        out_.number(update ? f::count_zones : f::count_queries, header.questions());
        out_.number(update ? f::count_prerequisites : f::count_answers, header.answers());
        out_.number(update ? f::count_updates : f::count_auth_rr, header.authorities());
        out_.number(f::count_add_rr, header.additionals());
    }

    /// The next N bytes of the message, or nothing.
    template <std::size_t N>
    std::optional<Fixed<N>> take() {
        if (message_.size() - at_ < N) return std::nullopt;
        const Fixed<N> taken = first_of<N>(message_.subspan(at_));
        at_ += N;
        return taken;
    }

    bool wants_any(std::initializer_list<std::size_t> fields) const {
        return std::any_of(fields.begin(), fields.end(), [&](std::size_t field) { return out_.wants(field); });
    }

    /// The name at at_ if `wanted`, else empty text; nothing if it leaves the message.
    std::optional<std::string_view> name(bool wanted) {
        if (wanted) return read_dns_name(message_, at_, out_.scratch());
        if (!skip_dns_name(message_, at_)) return std::nullopt;
        return std::string_view{};
    }
    bool name_into(std::size_t field) {
        const auto text = name(out_.wants(field));
        if (text) out_.text(field, *text);
        return text.has_value();
    }

    bool read_question() {
        const auto text = name(wants_any({f::qry_name, f::qry_name_len, f::count_labels}));
        if (!text) return false;
        out_.text(f::qry_name, *text);
        const bool counted = text->size() > 1;  // as tshark: a name of one character counts as none
        out_.number(f::qry_name_len, counted ? text->size() : 0);
        out_.number(f::count_labels, counted ? static_cast<std::uint64_t>(std::count(text->begin(), text->end(), '.')) + 1 : 0);
        const auto type = take<2>();
        if (!type) return false;
        out_.number(f::qry_type, be16<0>(*type));
        const auto of_class = take<2>();
        if (!of_class) return false;
        out_.number(f::qry_class, be16<0>(*of_class));
        return true;
    }

    bool read_record() {
        const auto owner = name(wants_any({f::resp_name, f::srv_service, f::srv_proto, f::srv_name}));
        if (!owner) return false;
        const auto fixed = take<10>();
        if (!fixed) return false;
        const auto type = static_cast<RecordType>(be16<0>(*fixed));
        if (type == RecordType::srv) {
            srv_owner(*owner);
        } else {
            out_.text(f::resp_name, *owner);
        }
        out_.number(f::resp_type, be16<0>(*fixed));
        if (type == RecordType::opt) {
            opt_header(fixed->part<2, 6>());
        } else {
            out_.number(f::resp_class, be16<2>(*fixed));
            out_.number(f::resp_ttl, be32<4>(*fixed));
        }
        const std::size_t length = be16<8>(*fixed);
        out_.number(f::resp_len, length);
        if (message_.size() - at_ < length) return false;
        const std::size_t end = at_ + length;
        read_data(type, end);
        at_ = end;
        return true;
    }

    /// _service._proto.name (RFC 2782)
    void srv_owner(std::string_view owner) {
        const std::size_t first = owner.find('.');
        if (first == std::string_view::npos) return;
        const std::size_t second = owner.find('.', first + 1);
        if (second == std::string_view::npos) return;
        out_.text(f::srv_service, owner.substr(0, first));
        out_.text(f::srv_proto, owner.substr(first + 1, second - first - 1));
        out_.text(f::srv_name, owner.substr(second + 1));
    }

    /// Class and time to live of an OPT record mean something else (RFC 6891, section 6.1.3).
    void opt_header(Fixed<6> h) {
        out_.number(f::rr_udp_payload_size, be16<0>(h));
        out_.number(f::resp_ext_rcode, u8<2>(h));
        out_.number(f::resp_edns0_version, u8<3>(h));
        out_.number(f::resp_z, be16<4>(h));
        out_.number(f::resp_z_do, be16<4>(h) >> 15);
        out_.number(f::resp_z_reserved, be16<4>(h) & 0x7fff);
    }

    /// Data of a record, up to byte `end`. What does not fit its type is passed over.
    void read_data(RecordType type, std::size_t end) {
        const std::size_t length = end - at_;
        switch (type) {
            case RecordType::a:
                if (length == 4) out_.bytes(f::a, message_.subspan(at_, 4));
                break;
            case RecordType::aaaa:
                if (length == 16) out_.bytes(f::aaaa, message_.subspan(at_, 16));
                break;
            case RecordType::ns:
                one_name(f::ns, end);
                break;
            case RecordType::cname:
                one_name(f::cname, end);
                break;
            case RecordType::ptr:
                one_name(f::ptr_domain_name, end);
                break;
            case RecordType::dname:
                one_name(f::dname, end);
                break;
            case RecordType::mx:
                if (length < 3) break;
                out_.number(f::mx_preference, be16<0>(*take<2>()));
                one_name(f::mx_mail_exchange, end);
                break;
            case RecordType::txt:
                read_texts(end);
                break;
            case RecordType::soa:
                read_soa(end);
                break;
            case RecordType::srv:
                read_srv(end);
                break;
            case RecordType::opt:
                read_options(end);
                break;
        }
    }

    void one_name(std::size_t field, std::size_t end) {
        if (at_ < end) name_into(field);
    }

    void read_texts(std::size_t end) {
        while (at_ < end) {
            const std::size_t length = message_[at_++];
            out_.number(f::txt_length, length);
            if (end - at_ < length) return;
            out_.bytes(f::txt, message_.subspan(at_, length));
            at_ += length;
        }
    }

    void read_soa(std::size_t end) {
        if (at_ == end || !name_into(f::soa_mname) || !name_into(f::soa_rname)) return;
        if (at_ > end || end - at_ < 20) return;
        const auto numbers = *take<20>();
        out_.number(f::soa_serial_number, be32<0>(numbers));
        out_.number(f::soa_refresh_interval, be32<4>(numbers));
        out_.number(f::soa_retry_interval, be32<8>(numbers));
        out_.number(f::soa_expire_limit, be32<12>(numbers));
        out_.number(f::soa_minimum_ttl, be32<16>(numbers));
    }

    void read_srv(std::size_t end) {
        if (end - at_ < 7) return;
        const auto numbers = *take<6>();
        out_.number(f::srv_priority, be16<0>(numbers));
        out_.number(f::srv_weight, be16<2>(numbers));
        out_.number(f::srv_port, be16<4>(numbers));
        one_name(f::srv_target, end);
    }

    void read_options(std::size_t end) {
        while (at_ < end && end - at_ >= 4) {
            const auto header = *take<4>();
            const std::size_t length = be16<2>(header);
            out_.number(f::opt_code, be16<0>(header));
            out_.number(f::opt_len, length);
            if (end - at_ < length) return;
            if (length != 0) out_.bytes(f::opt_data, message_.subspan(at_, length));
            at_ += length;
        }
    }

    Bytes message_;
    FieldValues& out_;
    std::size_t at_ = 0;
};

}  // namespace

void Dns::walk(const Context& context, const Layer& layer, FieldValues& out) {
    const Bytes bytes = context.bytes(layer);
    if (layer.found_in != Space::tcp_port) {
        MessageReader{bytes, out}.read();
        return;
    }
    Cursor rest{bytes, 0};
    while (const auto prefix = rest.take<2>()) {
        const std::size_t length = be16<0>(*prefix);
        out.number(f::length, length);
        MessageReader{*rest.take(std::min(length, rest.left())), out}.read();
    }
}

}  // namespace pcapline
