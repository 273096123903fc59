#!/bin/bash
# Makes the bundled captures of real traffic: programs talk to each other in two network namespaces of
# our own, tcpdump and dumpcap listen in them. Run as root; writes into the folder given (default: beside
# this script). Every loop is bounded, and everything that was started is ended by its pid.
#
# Programs: dnsmasq, udhcpc (busybox), nginx, curl, openssl, dropbear, ssh, mosquitto, snmpd, snmpget, ping,
# socat, dig, logger, ethtool, tcpdump, dumpcap, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath "${1:-$here}")
work=$(mktemp -d)
server=pl-server-$$ client=pl-client-$$
pids=()
release=$(uname -r)

finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    ip netns del "$server" 2>/dev/null || true
    ip netns del "$client" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

on_server() { ip netns exec "$server" "$@"; }
# The client has a resolver and a DHCP configuration of its own.
on_client() {
    ip netns exec "$client" unshare -m sh -c "mount --bind $work/resolv.conf /etc/resolv.conf && mount --bind $work/nsswitch.conf /etc/nsswitch.conf && exec \"\$@\"" sh "$@"
}
serve() { on_server "$@" >"$work/log" 2>&1 & pids+=($!); }
capture() {  # capture NAMESPACE FILE ARGUMENTS: tcpdump until stop
    local where=$1 file=$2
    shift 2
    ip netns exec "$where" tcpdump -Z root -n -U --immediate-mode -w "$out/$file" "$@" 2>"$work/tcpdump" &
    listener=$!
    pids+=("$listener")
    for _ in $(seq 50); do grep -q listening "$work/tcpdump" && break; sleep 0.1; done
}
stop() { sleep 0.5; kill -INT "$listener"; wait "$listener" || true; }

# --- two machines and a cable -------------------------------------------------------------------------
ip netns add "$server"
ip netns add "$client"
ip link add eth0 netns "$server" type veth peer name eth0 netns "$client"
ip -n "$server" link set eth0 address 00:00:5e:00:53:01
ip -n "$client" link set eth0 address 00:00:5e:00:53:0a
for machine in "$server" "$client"; do
    ip netns exec "$machine" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.keep_addr_on_down=1
    # No offloads: what is captured is what a cable would carry, with right checksums.
    ip netns exec "$machine" ethtool -K eth0 tx off gso off tso off gro off >/dev/null 2>&1
    ip -n "$machine" link set lo up
    ip -n "$machine" link set eth0 up
done
ip -n "$server" addr add 192.0.2.1/24 dev eth0
ip -n "$server" addr add 2001:db8::1/64 dev eth0
ip -n "$server" addr add 198.51.100.7/32 dev lo
ip -n "$server" addr add 2001:db8:7::7/128 dev lo
ip -n "$client" addr add 2001:db8::10/64 dev eth0
ip -n "$client" -6 route add default via 2001:db8::1
sleep 1
echo "nameserver 192.0.2.1" >"$work/resolv.conf"
echo "hosts: files dns" >"$work/nsswitch.conf"

# --- the services -------------------------------------------------------------------------------------
cat >"$work/dnsmasq.conf" <<END
no-resolv
no-hosts
user=root
pid-file=
interface=eth0
bind-interfaces
dhcp-range=192.0.2.10,192.0.2.10,1h
dhcp-option=option:router,192.0.2.1
dhcp-leasefile=$work/leases
domain=example.com
local=/example.com/
local=/example.org/
host-record=www.example.com,198.51.100.7,2001:db8:7::7
host-record=broker.example.com,198.51.100.7
cname=web.example.com,www.example.com
mx-host=example.com,mail.example.com,10
txt-record=example.com,"v=spf1 -all"
srv-host=_mqtt._tcp.example.com,broker.example.com,1883
enable-tftp
tftp-root=$work/www
END
mkdir "$work/www"
head -c 40000 /dev/zero | openssl enc -aes-128-ctr -K 00112233445566778899aabbccddeeff -iv 0 >"$work/www/picture.bin"
{ echo "<html><head><title>Office</title></head><body>"; for i in $(seq 40); do echo "<p>Line $i of the page.</p>"; done; echo "</body></html>"; } >"$work/www/index.html"
chmod -R a+rX "$work" "$work/www"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=www.example.com \
    -addext subjectAltName=DNS:www.example.com,DNS:web.example.com -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
cat >"$work/nginx.conf" <<END
daemon off; pid $work/nginx.pid; error_log $work/nginx.log; user root;
events {}
http {
  access_log off; default_type text/plain;
  client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
  server { listen 80; listen [::]:80; root $work/www; location /old { return 301 http://www.example.com/; } location /form { return 204; } }
  server { listen 443 ssl http2; listen [::]:443 ssl http2; root $work/www; ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem; ssl_protocols TLSv1.2 TLSv1.3; }
}
END
printf 'listener 1883 198.51.100.7\nallow_anonymous true\n' >"$work/mosquitto.conf"
printf 'rocommunity public\nsysLocation office\nsysName server\nagentaddress udp:198.51.100.7:161\n' >"$work/snmpd.conf"
serve dnsmasq -k -C "$work/dnsmasq.conf"
serve nginx -c "$work/nginx.conf"
serve mosquitto -c "$work/mosquitto.conf"
serve snmpd -f -C -c "$work/snmpd.conf" -Lf "$work/snmpd.log"
serve dropbear -F -E -R -p 198.51.100.7:22 -r "$work/hostkey"
sleep 2

# --- office: a morning at one desk ----------------------------------------------------------------------
cat >"$work/dhcp" <<END
#!/bin/sh
[ "\$1" = bound ] || [ "\$1" = renew ] || exit 0
ip addr replace "\$ip/24" dev eth0
ip route replace default via "\$router"
END
chmod +x "$work/dhcp"
capture "$client" office.pcap -i eth0
on_client busybox udhcpc -i eth0 -n -q -t 3 -F desk -s "$work/dhcp" 2>"$work/log" || { cat "$work/log"; exit 1; }
on_client dig +tries=1 +time=2 www.example.com A >/dev/null
on_client dig +tries=1 +time=2 web.example.com AAAA >/dev/null
on_client dig +tries=1 +time=2 example.com MX >/dev/null
on_client dig +tries=1 +time=2 example.com TXT >/dev/null
on_client dig +tries=1 +time=2 _mqtt._tcp.example.com SRV >/dev/null
on_client dig +tries=1 +time=2 missing.example.com A >/dev/null
on_client dig +tcp +tries=1 +time=2 -x 198.51.100.7 >/dev/null
on_client curl -sS -o /dev/null -o /dev/null -4 http://www.example.com/ http://www.example.com/picture.bin
on_client curl -sS -o /dev/null -6 http://www.example.com/index.html
on_client curl -sS -o /dev/null -L http://web.example.com/old
on_client curl -sS -o /dev/null http://www.example.com/missing.html
on_client curl -sS -o /dev/null -d 'name=desk&colour=green' http://www.example.com/form
on_client curl -sS -o /dev/null -k -4 --tlsv1.3 https://www.example.com/
on_client curl -sS -o /dev/null -k -4 --tls-max 1.2 --http1.1 https://web.example.com/picture.bin
on_client curl -sS -o /dev/null -k -6 --http2 https://www.example.com/index.html
on_client curl -sS -o /dev/null http://www.example.com:8081/ 2>/dev/null || true   # nobody listens: RST
on_client ping -q -c 3 -i 0.2 198.51.100.7 >/dev/null
on_client ping -q -c 2 -i 0.2 2001:db8:7::7 >/dev/null
on_client ping -q -c 1 -W 1 -t 1 198.51.100.99 >/dev/null 2>&1 || true
on_client ssh-keyscan -T 3 198.51.100.7 >/dev/null 2>&1 || true
on_client timeout 5 mosquitto_sub -h broker.example.com -i desk -t office/temperature -C 2 >/dev/null &
subscriber=$!
sleep 0.5
on_client mosquitto_pub -h broker.example.com -i sensor -q 1 -t office/temperature -m 21.5
on_client mosquitto_pub -h broker.example.com -i sensor -t office/temperature -m 21.7
wait "$subscriber"
on_client snmpget -v2c -c public -t 1 -r 0 198.51.100.7 1.3.6.1.2.1.1.5.0 1.3.6.1.2.1.1.6.0 >/dev/null
on_client logger -n 198.51.100.7 -P 514 -d --rfc3164 -t desk 'coffee is ready'   # nobody listens: ICMP
on_client sh -c "cd $work && busybox tftp -g -r index.html -l got.html 192.0.2.1" >/dev/null 2>&1 || true
stop

# --- fragments: echo requests larger than the cable, both IP versions; nanoseconds, pcapng ------------------
ip netns exec "$client" dumpcap -q -i eth0 -w "$out/fragments.pcapng" 2>"$work/dumpcap" &
listener=$!; pids+=("$listener"); sleep 1
on_client ping -q -c 2 -i 0.2 -s 4000 198.51.100.7 >/dev/null
on_client ping -q -c 2 -i 0.2 -s 4000 2001:db8::1 >/dev/null
stop

# --- tcp: a lost cable, a full window, a keep-alive, an abort; nanosecond stamps ------------------------------
capture "$client" tcp.pcap -i eth0 --time-stamp-precision=nano -s 200
python3 "$here/tcp_scenes.py" "$server" "$client"
stop
ip -n "$client" -6 route replace default via 2001:db8::1

# --- tunnel: VXLAN by the kernel, an IP tunnel by socat -------------------------------------------------------
for side in "$server 192.0.2.1 192.0.2.10 10.7.0.1" "$client 192.0.2.10 192.0.2.1 10.7.0.2"; do
    read -r name local remote inner <<<"$side"
    ip -n "$name" link add vx0 address "00:00:5e:00:54:0${inner##*.}" type vxlan id 5001 local "$local" remote "$remote" dstport 4789
    ip netns exec "$name" ethtool -K vx0 tx off gso off tso off gro off >/dev/null 2>&1
    ip -n "$name" addr add "$inner/24" dev vx0
    ip -n "$name" link set vx0 up
done
capture "$client" vxlan.pcap -i eth0
on_client ping -q -c 2 -i 0.2 10.7.0.1 >/dev/null
on_client curl -sS -o /dev/null http://10.7.0.1/
stop
serve socat UDP-LISTEN:5555,bind=192.0.2.1 TUN:10.8.0.1/24,tun-name=tun0,iff-up
sleep 0.5
on_client socat UDP:192.0.2.1:5555 TUN:10.8.0.2/24,tun-name=tun0,iff-up & pids+=($!)
sleep 1
capture "$client" raw-ip.pcap -i tun0
ip netns exec "$client" dumpcap -q -i eth0 -i tun0 -i lo -w "$out/three-interfaces.pcapng" 2>"$work/dumpcap" &
many=$!; pids+=("$many"); sleep 1
on_client ping -q -c 2 -i 0.2 10.8.0.1 >/dev/null
on_client curl -sS -o /dev/null http://10.8.0.1/
on_client ping -q -c 1 127.0.0.1 >/dev/null
on_client ping -q -c 1 192.0.2.1 >/dev/null
stop
kill -INT "$many"; wait "$many" || true

# --- any: Linux cooked headers, old and new --------------------------------------------------------------------
capture "$client" cooked-v2.pcap -i any
on_client ping -q -c 1 198.51.100.7 >/dev/null
on_client curl -sS -o /dev/null -6 http://www.example.com/
on_client ping -q -c 1 ::1 >/dev/null
stop
capture "$client" cooked-v1.pcap -i any -y LINUX_SLL
on_client ping -q -c 1 198.51.100.7 >/dev/null
on_client dig +tries=1 +time=2 www.example.com A >/dev/null
stop

# dumpcap writes the kernel's name into its files; ours say nothing of the machine they were made on.
LC_ALL=C sed -i "s/$release/$(printf '%-*.*s' "${#release}" "${#release}" 6.1.0-pcapline-documentation)/g" "$out"/fragments.pcapng "$out"/three-interfaces.pcapng
chmod 644 "$out"/*.pcap "$out"/*.pcapng
ls -l "$out"/*.pcap "$out"/*.pcapng
