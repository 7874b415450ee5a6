/** What is done rather than what something is: the ground of watching. The rules of {@link Facts} hold here too. */
export interface BehaviourFacts {
  /**
   * The subject asked who has an IPv4 address of this block of sixteen ("10.20.0.16/28"): the block and the count show a
   * sweep, without a line for each address.
   */
  'arp.search': { range: string };
  /**
   * The subject asked for a name that carries more than names do: long below its zone, or of a type that holds any bytes.
   * The part below the zone stays behind as a mark. Other questions are not stated.
   */
  'dns.query': { zone: string; type: string };
  /** A name server (the peer) told the subject that a name does not exist; the name stays behind as a mark. */
  'dns.failure': { code: 'NXDOMAIN' };
  /** The subject answered a question that was put to all of a link, for a name that stays behind as a mark. */
  'name.answer': { protocol: 'llmnr' | 'nbns' };
  /** The peer asked the subject, a file server, for this, in clear. Names of files and shares are never stated. */
  'smb.use': { operation: SmbOperation };
  /** The subject let the peer in, or not, by a proof that is no password in clear. */
  'login.outcome': { protocol: 'smb' | 'kerberos' | 'mysql' | 'ldap'; outcome: 'accepted' | 'refused' };
  /** The subject refused the peer's request, by HTTP's status. */
  'http.refusal': { status: 401 | 403 | 404 };
  /**
   * The subject's clock differs from that of the capture by about so many seconds; ahead is positive. Rounded to two
   * figures; a difference below two seconds is not stated.
   */
  'clock.offset': { source: 'ntp' | 'http'; seconds: number };
}

/** `service-control`, `task-scheduler`, `registry`: the pipe by which another computer is administered from afar. */
export type SmbOperation =
  | 'read'
  | 'write'
  | 'create'
  | 'rename'
  | 'delete'
  | 'admin-share'
  | 'service-control'
  | 'task-scheduler'
  | 'registry';
