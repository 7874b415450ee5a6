/** Why facts of some files differ from tshark's fields: one reason, and the facts and files that it holds for. */
interface Reason {
  why: string;
  differences: readonly (readonly [fact: string, file: string])[];
}

const reasons: readonly Reason[] = [
  {
    why: 'ARP inside a tunnel of frames is not read',
    differences: [['arp.binding operation', 'suricata-verify/decode-arp-3/arp-encap.pcap']],
  },
  {
    why: 'ARP with addresses of other lengths or another sender than its frame is refused',
    differences: [['arp.binding operation', 'zeek/arp-leak.pcap']],
  },
  {
    why: 'an operation code that does not exist: no name server is stated',
    differences: [['dns.server recursive', 'suricata-verify/dns/dns-invalid-opcode/input.pcap']],
  },
  {
    why: 'ARCNET (link type 129) is not read',
    differences: [
      ['dns.server recursive', 'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap'],
      ['dns.server recursive', 'tcpdump/arcnet-rfc1201-arp-icmp-http.pcap'],
      ['dns.name name', 'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap'],
      ['dns.name name', 'tcpdump/arcnet-rfc1201-arp-icmp-http.pcap'],
      ['http.server server', 'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap'],
      ['http.server server', 'tcpdump/arcnet-rfc1201-arp-icmp-http.pcap'],
      ['http.client userAgent', 'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap'],
      ['http.client userAgent', 'tcpdump/arcnet-rfc1201-arp-icmp-http.pcap'],
      ['http.host host', 'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap'],
      ['http.host host', 'tcpdump/arcnet-rfc1201-arp-icmp-http.pcap'],
    ],
  },
  {
    why: "tshark goes by the port, which is another protocol's; the sensor by the content",
    differences: [
      ['dns.server recursive', 'tcpdump/dns_tcp_8053.pcap'],
      ['ssh.software banner', 'zeek/ssh/ssh-on-port-80.pcap'],
      ['ssh.software hassh', 'zeek/ssh/ssh-on-port-80.pcap'],
      ['ssh.hostkey algorithm', 'zeek/ssh/ssh-on-port-80.pcap'],
      ['http.server server', 'zeek/postgresql/http-on-port-5432.pcap'],
      ['http.client userAgent', 'zeek/postgresql/http-on-port-5432.pcap'],
      ['http.host host', 'zeek/http/query-method-non-standard-port.pcap'],
      ['http.host host', 'zeek/postgresql/http-on-port-5432.pcap'],
    ],
  },
  {
    why: 'SOME/IP, which tshark guesses to be (malformed) DNS',
    differences: [['dns.server recursive', 'tcpdump/someip1.pcap']],
  },
  {
    why: 'TLS begins in the middle of another protocol (STARTTLS and the like): tshark follows, the sensor does not',
    differences: [
      ['tls.client ja3', 'zeek/rdp/rdpeudp2-handshake-success.pcap'],
      ['tls.client ja4', 'zeek/rdp/rdpeudp2-handshake-success.pcap'],
      ['tls.client ja3', 'zeek/tls/xmpp-starttls.pcap'],
      ['tls.client ja4', 'zeek/tls/xmpp-starttls.pcap'],
      ['tls.server ja3s', 'zeek/tls/xmpp-starttls.pcap'],
      ['tls.certificate serial', 'zeek/tls/xmpp-starttls.pcap'],
      ['tls.certificate notAfter', 'zeek/tls/xmpp-starttls.pcap'],
    ],
  },
  {
    why: 'tshark looks behind the SOCKS handshake; the sensor leaves the connection at it',
    differences: [
      ['tls.client ja3', 'zeek/socks-with-ssl.pcap'],
      ['tls.client ja4', 'zeek/socks-with-ssl.pcap'],
      ['tls.client sni', 'zeek/socks-with-ssl.pcap'],
      ['tls.server ja3s', 'zeek/socks-with-ssl.pcap'],
      ['tls.certificate serial', 'zeek/socks-with-ssl.pcap'],
      ['tls.certificate notAfter', 'zeek/socks-with-ssl.pcap'],
      ['http.server server', 'zeek/socks.pcap'],
      ['http.client userAgent', 'zeek/socks.pcap'],
      ['http.host host', 'zeek/socks.pcap'],
    ],
  },
  {
    why: 'tshark 4.0 does not know DTLS 1.3',
    differences: [['tls.client ja3', 'zeek/tls/dtls13-wolfssl.pcap']],
  },
  {
    why: 'one side speaks TLS and the other HTTP: tshark names the connection by one of them, the sensor reads whichever showed first',
    differences: [
      ['tls.client ja3', 'zeek/tls/https-to-http.pcap'],
      ['tls.client ja4', 'zeek/tls/https-to-http.pcap'],
      ['tls.client ja3', 'zeek/tls/ssl-to-http-server.pcap'],
      ['tls.client ja4', 'zeek/tls/ssl-to-http-server.pcap'],
      ['tls.client sni', 'zeek/tls/ssl-to-http-server.pcap'],
      ['tls.client alpn', 'zeek/tls/https-to-http.pcap'],
      ['http.server server', 'zeek/tls/ssl-to-http-server.pcap'],
    ],
  },
  {
    why: 'the ClientHello of DTLS comes in fragments, which the sensor leaves',
    differences: [
      ['tls.client ja4', 'zeek/tls/dtls-sequence-number-jumps.pcap'],
      ['tls.client ja4', 'zeek/tls/dtls1_0.pcap'],
      ['tls.client ja4', 'zeek/tls/dtls1_2.pcap'],
    ],
  },
  {
    why: 'the ServerHello of draft 14 of TLS 1.3 has no session ID; tshark reads one',
    differences: [['tls.server ja3s', 'suricata-verify/tls/tls13-draft14/tls13_draft14.pcap']],
  },
  {
    why: 'tshark 4.0 computes no JA3S for DTLS',
    differences: [
      ['tls.server ja3s', 'zeek/tls/dtls-sequence-number-jumps.pcap'],
      ['tls.server ja3s', 'zeek/tls/dtls13-wolfssl.pcap'],
      ['tls.server ja3s', 'zeek/tls/dtls1_0.pcap'],
      ['tls.server ja3s', 'zeek/tls/dtls1_2.pcap'],
    ],
  },
  {
    why: 'tshark takes the HelloRetryRequest for a ServerHello; the sensor waits for the real one (RFC 8446 \u00a74.1.4)',
    differences: [
      ['tls.server ja3s', 'zeek/tls/hrr.pcap'],
      ['tls.server ja3s', 'suricata-verify/tls/tls13-draft22/tls13_draft22.pcap'],
    ],
  },
  {
    why: 'one side speaks HTTP and the other SSH: the sensor keeps to what was said first',
    differences: [
      ['ssh.software banner', 'zeek/http/get-to-ssh-server.pcap'],
      ['ssh.software banner', 'zeek/http/http-to-ssh.pcap'],
      ['http.client userAgent', 'zeek/http/get-to-ssh-server.pcap'],
      ['http.client userAgent', 'zeek/http/http-to-ssh.pcap'],
    ],
  },
  {
    why: 'tshark stops at the lines in front of the identification (RFC 4253 \u00a74.2)',
    differences: [
      ['ssh.software banner', 'zeek/ssh/server-pre-banner-data.pcap'],
      ['ssh.software hassh', 'zeek/ssh/server-pre-banner-data.pcap'],
      ['ssh.hostkey algorithm', 'zeek/ssh/server-pre-banner-data.pcap'],
    ],
  },
  {
    why: 'tshark reads no identification of SSH 1',
    differences: [['ssh.software banner', 'zeek/ssh/ssh1-ssh2-fingerprints.pcap']],
  },
  {
    why: 'a request without a version (HTTP/0.9): the sensor leaves it',
    differences: [
      ['http.server server', 'suricata-verify/http-data-after-09/input.pcap'],
      ['http.client userAgent', 'suricata-verify/http-missing-protocol/input.pcap'],
    ],
  },
  {
    why: 'tshark holds back a response of which bytes are lost; the sensor states its head',
    differences: [
      ['http.server server', 'suricata-verify/http-gap-whole-body/input.pcap'],
      ['http.server server', 'zeek/http/entity_gap.pcap'],
      ['http.server server', 'zeek/http/entity_gap2.pcap'],
    ],
  },
  {
    why: 'MQTT is spoken to a web server: the sensor keeps to what was said first',
    differences: [
      ['http.server server', 'suricata-verify/mqtt-events-missing-connect/input.pcap'],
      ['http.host host', 'suricata-verify/mqtt-events-missing-connect/input.pcap'],
    ],
  },
  {
    why: 'tshark holds the response back for its body, which the capture ends before',
    differences: [['http.server server', 'tcpdump/accecn_handshake.pcap']],
  },
  {
    why: 'AYIYA tunnels are not opened',
    differences: [
      ['http.server server', 'zeek/tunnels/ayiya3.pcap'],
      ['http.client userAgent', 'zeek/tunnels/ayiya3.pcap'],
      ['http.host host', 'zeek/tunnels/ayiya3.pcap'],
    ],
  },
  {
    why: "the client's address is one of multicast (237.244.174.255, anonymised): nothing is stated of a group",
    differences: [['http.client userAgent', 'zeek/http/missing-zlib-header.pcap']],
  },
  {
    why: 'the frame goes to everybody: nothing is stated of whom its IP address may mean',
    differences: [
      ['http.host host', 'medical-mpa-synthetic/no_alerts.pcap'],
      ['http.host host', 'suricata-verify/datasets-04-http-dns/input.pcap'],
    ],
  },
  {
    why: "the request is for a proxy (a whole URI): its host is not the receiver's name",
    differences: [
      ['http.host host', 'suricata-verify/http-raw-header/input.pcap'],
      ['http.host host', 'tcpdump/ipv4_tcp_http_xml_tso.pcap'],
      ['http.host host', 'zeek/http/proxy.pcap'],
    ],
  },
  {
    why: 'the server refuses before it offers any security type: the sensor states nothing',
    differences: [['vnc.server version', 'suricata-verify/rfb-failure/rfb_failure_16.pcap']],
  },
  {
    why: 'a SYST of other letters is no SYST',
    differences: [['ftp.server system', 'zeek/ftp/fake-long-commands.pcap']],
  },
  {
    why: 'the CONNECT does not fit into itself; it is counted as malformed',
    differences: [['mqtt.client version', 'suricata-verify/mqtt5-excessiveproplen/input.pcap']],
  },
  {
    why: 'tshark takes the connection for HL7 from the answer on; the sensor from the first message on',
    differences: [
      ['hl7.endpoint messageTypes', 'medical-tapirx/HL7-ADT.pcap'],
      ['hl7.endpoint messageTypes', 'medical-tapirx/HL7-ORM.pcap'],
    ],
  },
  {
    why: 'DNS over QUIC on a port that tshark gives to another protocol; the sensor goes by the content',
    differences: [
      ['tls.client ja3', 'zeek/quic/quicdoq.pcap'],
      ['tls.client ja4', 'zeek/quic/quicdoq.pcap'],
      ['tls.client alpn', 'zeek/quic/quicdoq.pcap'],
      ['tls.server ja3s', 'zeek/quic/quicdoq.pcap'],
    ],
  },
];

/** A difference that was looked into and is none of the sensor's making. */
export interface Explanation {
  fact: string;
  file: string;
  why: string;
}

export const explanations: readonly Explanation[] = reasons.flatMap(({ why, differences }) =>
  differences.map(([fact, file]) => ({ fact, file, why })),
);
