const common = (folder: string, name: string, secret: string) => `prefix = /usr
libdir = /usr/lib/freeradius
run_dir = ${folder}/${name}
logdir = ${folder}/${name}
pidfile = ${folder}/${name}.pid
security { allow_core_dumps = no }
thread pool {
	start_servers = 2
	max_servers = 8
	min_spare_servers = 1
	max_spare_servers = 4
	max_requests_per_server = 0
}
client local {
	ipaddr = 127.0.0.1
	secret = ${secret}
}
`;

/**
 * FreeRADIUS with EAP-TLS by `radius.pem`, `radius.key` and `ca.pem` of the folder, and Wardline's files in its `raddb`. With `lists`, `ca.pem` lies in
 * `raddb` and holds lists of the root and of every zone, too, and it looks at them itself.
 */
export const serverConfig = (
  folder: string,
  secret: string,
  { raddb = 'raddb', lists = false } = {},
): string => `${common(folder, raddb, secret)}
modules {
	eap {
		default_eap_type = tls
		tls-config tls-common {
			private_key_file = ${folder}/radius.key
			certificate_file = ${folder}/radius.pem
			ca_file = ${folder}/${lists ? `${raddb}/` : ''}ca.pem${lists ? '\n\t\t\tcheck_crl = yes\n\t\t\tcheck_all_crl = yes' : ''}
			tls_min_version = "1.2"
			tls_max_version = "1.2"
		}
		tls { tls = tls-common }
	}
	expr {
	}
	always reject {
		rcode = reject
	}
	always invalid {
		rcode = invalid
	}
	$INCLUDE ${folder}/${raddb}/mods-enabled/
}
$INCLUDE ${folder}/${raddb}/sites-enabled/
`;

/** FreeRADIUS as a switch that takes changes of authorisation. */
export const switchConfig = (
  folder: string,
  secret: string,
  port = 3799,
): string => `${common(folder, 'switch', secret)}
modules {
	always ok {
		rcode = ok
	}
}
server switch {
	listen {
		type = coa
		ipaddr = 127.0.0.1
		port = ${port}
	}
	recv-coa {
		ok
	}
	send-coa {
		ok
	}
}
`;
