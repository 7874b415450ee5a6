/** Six octets, as switches write them. */
const MAC = Array.from({ length: 6 }, () => '([0-9a-f]{2})').join('[-:.]?');
const DIGITS = '%{1}%{2}%{3}%{4}%{5}%{6}';

/**
 * What FreeRADIUS 3 is told, as files for `mods-enabled` and `sites-enabled`: certificates are checked by its own `eap`
 * module, the decision is Wardline's, and while Wardline is away it reads the prepared answer of the device.
 */
export function freeradiusFiles(
  port: number,
  folder: string,
  listenOn: number,
): { name: string; text: string }[] {
  return [
    { name: 'mods-enabled/wardline', text: modules(port) },
    { name: 'sites-enabled/wardline', text: site(listenOn, folder) },
  ];
}

const modules = (port: number): string => `# made by wardline admission freeradius
rest wardline {
	connect_uri = "http://127.0.0.1:${port}"
	connect_timeout = 1.0
	post-auth {
		uri = "\${..connect_uri}/decision"
		method = "post"
		body = "json"
		timeout = 2.0
	}
	pool {
		# No connection is needed to start: Wardline may be away.
		start = 0
		min = 0
		max = 32
		spare = 1
		uses = 0
		retry_delay = 1
		lifetime = 0
		idle_timeout = 60
	}
}
# While Wardline is away: reads the answer that it prepared for the device.
exec wardline_away {
	wait = yes
	input_pairs = request
	shell_escape = yes
	timeout = 2
}
`;

const site = (port: number, folder: string): string => `# made by wardline admission freeradius
server wardline {
	listen {
		type = auth
		ipaddr = *
		port = ${port}
	}
	authorize {
		if (!(&Calling-Station-Id =~ /^${MAC}$/i)) {
			reject
		}
		update request {
			&Tmp-String-0 := "%{tolower:${DIGITS}}"
		}
		if (&EAP-Message) {
			eap
		}
		# MAC bypass: the switch gives the hardware address as the name.
		elsif (&User-Name =~ /^${MAC}$/i) {
			if ("%{tolower:${DIGITS}}" != "%{Tmp-String-0}") {
				reject
			}
			update control {
				&Auth-Type := Accept
			}
			update request {
				&Tmp-String-1 := "address"
			}
		}
		else {
			reject
		}
	}
	authenticate {
		eap
	}
	post-auth {
		wardline {
			fail = 1
		}
		if (fail) {
			if (&EAP-Message) {
				update request {
					&Tmp-String-1 := "%{md5:%{TLS-Client-Cert-Common-Name}}"
				}
			}
			update request {
				&Tmp-String-2 := "%{wardline_away:/bin/cat ${folder}/away/%{Tmp-String-0}-%{Tmp-String-1}}"
			}
			if (&Tmp-String-2 =~ /^([0-9]{1,4}) (.*)$/) {
				update reply {
					&Tunnel-Type := VLAN
					&Tunnel-Medium-Type := IEEE-802
					&Tunnel-Private-Group-Id := "%{1}"
				}
				if ("%{2}" != "") {
					update reply {
						&Filter-Id := "%{2}"
					}
				}
			}
			# \`reject\` would end at once; \`invalid\` refuses by way of the section below.
			else {
				invalid
			}
		}
		# The certificate was good and the decision was no: success becomes failure (RFC 3748 §4.2), and no key leaves.
		Post-Auth-Type REJECT {
			if ("%{hex:&reply:EAP-Message}" =~ /^03([0-9a-f]{2})/i) {
				update reply {
					&EAP-Message := "0x04%{1}0004"
					&MS-MPPE-Recv-Key !* ANY
					&MS-MPPE-Send-Key !* ANY
				}
			}
			else {
				eap
			}
		}
	}
}
`;
