/** Directories, mail, files, messages and remote screens. The rules of {@link Facts} hold here too. */
export interface AccessFacts {
  /**
   * An LDAP client (RFC 4511). `authentication` is `anonymous`, `simple` or the SASL mechanism; names of users are never
   * stated. `hostname` and `os` are what it says of its own machine when it proves itself or looks for its domain.
   */
  'ldap.client': { version: number; authentication: string; hostname?: string; domain?: string; os?: string };
  /** What a directory says of itself (root entry, answer to a ping). `functionalLevel` is Active Directory's. */
  'ldap.server': {
    vendor?: string;
    version?: string;
    hostname?: string;
    domain?: string;
    site?: string;
    os?: string;
    functionalLevel?: number;
    mechanisms?: string[];
    startTls?: boolean;
  };

  /**
   * Who asks for Kerberos tickets (RFC 4120). `hostname` is a machine's account or the machine's name among the request's
   * addresses; people's accounts stay behind as marks. `encryption` is what it offers, best first as it sees it.
   */
  'kerberos.client': { realm?: string; hostname?: string; encryption: string[] };
  /** The subject answers as a realm's key distribution centre. */
  'kerberos.server': { realm?: string };
  /** The subject got a ticket for `service` ("cifs/files.ward.example"), encrypted as said with the service's key. */
  'kerberos.ticket': { service: string; encryption: string; realm?: string; hostname?: string };

  /** A VNC server (RFC 6143): version, the security types that it offers, and the host name in its desktop's name. */
  'vnc.server': { version: string; security: string[]; hostname?: string };

  /** A Remote Desktop client ([MS-RDPBCGR]): the security that it can speak; its settings only where they are in clear. */
  'rdp.client': { security: string[]; hostname?: string; build?: string; keyboard?: string };
  /** The security that a Remote Desktop server chose ("rdp" is its own, without proof of the server) or insists on. */
  'rdp.server': { security: string; encryption?: string };

  /** A mail server (`smtp`, `pop3`, `imap`): greeting without the time, and what it offers where it says so. */
  'mail.server': {
    protocol: string;
    banner: string;
    hostname?: string;
    startTls?: boolean;
    mechanisms?: string[];
  };
  /** The name with which a machine says hello to a mail server. */
  'mail.client': { protocol: string; hostname: string };

  /** A message broker (AMQP 0-9-1 or 1.0) and its software; `release` is the software's version. */
  'amqp.server': {
    version: string;
    product?: string;
    release?: string;
    platform?: string;
    hostname?: string;
    mechanisms?: string[];
  };
  'amqp.client': { version: string; product?: string; release?: string; platform?: string };

  /**
   * Who calls by ONC RPC (RFC 5531), NFS above all. `authentication` is `none`, `sys` (a user number, unproved), `dh` or
   * `gss`; `software` is the kernel that an NFS 4.1 client names.
   */
  'rpc.client': { authentication: string; hostname?: string; nfsVersion?: number; software?: string };
  'rpc.server': { program: string; version: number };
  /** The subject let somebody mount this folder; only its first two names are kept. */
  'rpc.export': { path: string };

  /** A database server's own word on itself: `product` as postgresql, mysql, mariadb, mssql. */
  'database.server': { product: string; version?: string };
  /** Who uses a database, and by which program where it says so. */
  'database.client': { product: string; application?: string; hostname?: string };
}
