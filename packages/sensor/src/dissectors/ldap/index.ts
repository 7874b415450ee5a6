import type { StreamDissector } from '../../dissector.ts';
import { TlsHandover } from '../tls/handover.ts';
import { beginsWith } from './message.ts';
import { LdapSession } from './session.ts';

export { cldap } from './cldap.ts';

/** LDAP v2 and v3 in clear (RFC 4511), and as TLS once StartTLS is agreed (RFC 4513 §3). */
export const ldap: StreamDissector = {
  name: 'ldap',
  cost: 12,
  firstBytes: { client: [0x30], server: [0x30] },
  recognise(fromClient, fromServer) {
    const asked = beginsWith(fromClient, 'request');
    return asked === 'more' && fromServer.length > 0 ? beginsWith(fromServer, 'response') : asked;
  },
  open: (report) => new TlsHandover(report, (upgrade) => new LdapSession(report, upgrade)),
  speaker(bytes) {
    if (beginsWith(bytes, 'request') === 'yes') return 'client';
    return beginsWith(bytes, 'response') === 'yes' ? 'server' : null;
  },
};
