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
}
