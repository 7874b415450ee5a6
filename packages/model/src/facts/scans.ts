/**
 * What a scanner (Nmap, Nessus) found by asking. It is the scanner's word, made without hearing what is on the wire: whatever
 * was seen there counts before it. The rules of {@link Facts} hold here too: no output of a scanner's checks is kept.
 */
export interface ScanFacts {
  /**
   * A service that was open to the scanner. `basis`: `answer`, it was recognised by what it answered; `port`, its name is a guess
   * from the number of its port. `encrypted`: it speaks TLS.
   */
  'scan.service': {
    scanner: string;
    basis: 'answer' | 'port';
    name?: string;
    product?: string;
    version?: string;
    encrypted?: boolean;
    cpes?: string[];
  };
  /** A host that answered a scanner. `accuracy` is how sure the scanner is of the system, in per cent. */
  'scan.host': { scanner: string; hostname?: string; os?: string; accuracy?: number };
  /** Software that a scanner found installed or running, as CPE. */
  'scan.software': { scanner: string; cpe: string };
  /** A scanner was let in by a published name and password, by none at all, or as anybody. `check` names its check only. */
  'scan.credential': { scanner: string; check: string; way: 'default' | 'empty' | 'anonymous' };
  /** A scanner found that drives can be plugged in, or were. */
  'scan.media': { scanner: string; check: string };
}
