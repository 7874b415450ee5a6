import { sleep } from '../lab/process.ts';
import { secrets } from '../ward/secrets.ts';
import { bound, type Stage } from './stage.ts';

const SUFFIX = 'dc=hospital,dc=example';
const REALM = 'HOSPITAL.EXAMPLE';

const SLAPD = (dir: string, modules: string) => `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath ${modules}
moduleload back_mdb
pidfile ${dir}/slapd.pid
database mdb
suffix "${SUFFIX}"
rootdn "cn=admin,${SUFFIX}"
rootpw ${secrets.ldapPassword}
directory ${dir}/data
`;

const ENTRIES = `dn: ${SUFFIX}
objectClass: dcObject
objectClass: organization
dc: hospital
o: Sample hospital

dn: cn=Night Desk,${SUFFIX}
objectClass: inetOrgPerson
cn: Night Desk
sn: Desk
uid: nightdesk
`;

/** OpenLDAP with two entries: what the domain controller answers to the office. */
export async function startDirectory({ lab, house }: Stage): Promise<void> {
  const server = house.device('dc-b1');
  const dir = lab.folder('ldap');
  lab.folder('ldap/data');
  const config = lab.file('ldap/slapd.conf', SLAPD(dir, '/usr/lib/ldap'), 0o600);
  const entries = lab.file('ldap/entries.ldif', ENTRIES);
  await lab.mustOn(server, ['slapadd', '-f', config, '-l', entries]);
  lab.startOn(server, ['slapd', '-d', '0', '-f', config, '-h', 'ldap://0.0.0.0:389']);
  await lab.listening(server, 389);
}

/** A PC looks somebody up, once for everybody and once with a password in clear (RFC 4513 §5.1.3). */
export async function useDirectory({ lab, house }: Stage): Promise<void> {
  const url = `ldap://${house.device('dc-b1').ip}`;
  const search = ['ldapsearch', '-x', '-LLL', '-H', url, '-o', 'nettimeout=8'];
  await lab.mustOn(house.device('pc-b1'), [...search, '-b', '', '-s', 'base', '+']);
  const bind = ['-D', `cn=admin,${SUFFIX}`, '-w', secrets.ldapPassword, '-b', SUFFIX, '(uid=nightdesk)'];
  await lab.mustOn(house.device('pc-b2'), [...search, ...bind]);
}

/** MIT Kerberos beside it. */
export async function startKerberos(stage: Stage): Promise<void> {
  const { lab, house } = stage;
  const server = house.device('dc-b1');
  const dir = lab.folder('krb5');
  const env = { KRB5_CONFIG: kerberosConfig(stage), KRB5_KDC_PROFILE: kdcConfig(stage, dir) };
  const admin = (query: string) => lab.mustOn(server, ['kadmin.local', '-r', REALM, '-q', query], { env });
  await lab.mustOn(server, ['kdb5_util', 'create', '-s', '-r', REALM, '-P', 'synthetic-master'], { env });
  await admin(`addprinc -pw ${secrets.kerberosPassword} ${secrets.kerberosUser}`);
  await admin('addprinc -randkey host/fileserver.hospital.example');
  lab.startOn(server, ['krb5kdc', '-n', '-r', REALM], { env });
  await bound(stage, 'dc-b1', 88);
}

export async function signIn(stage: Stage): Promise<void> {
  const { lab, house } = stage;
  const env = { KRB5_CONFIG: kerberosConfig(stage), KRB5CCNAME: `FILE:${lab.dir}/krb5/cache` };
  const pc = house.device('pc-b2');
  const input = `${secrets.kerberosPassword}\n`;
  await lab.mustOn(pc, ['kinit', `${secrets.kerberosUser}@${REALM}`], { env, input });
  await lab.mustOn(pc, ['kvno', `host/fileserver.hospital.example@${REALM}`], { env });
  await sleep(100);
}

function kerberosConfig({ lab, house }: Stage): string {
  const realm = `[realms]\n${REALM} = {\n kdc = ${house.device('dc-b1').ip}\n}\n`;
  const defaults = `[libdefaults]\ndefault_realm = ${REALM}\ndns_lookup_kdc = false\nrdns = false\n`;
  return lab.file('krb5/krb5.conf', defaults + realm);
}

function kdcConfig({ lab }: Stage, dir: string): string {
  const paths = `database_name = ${dir}/principal\n key_stash_file = ${dir}/stash\n acl_file = ${dir}/acl`;
  return lab.file('krb5/kdc.conf', `[realms]\n${REALM} = {\n ${paths}\n}\n[logging]\nkdc = STDERR\n`);
}
