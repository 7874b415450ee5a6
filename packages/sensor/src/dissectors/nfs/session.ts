import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { mountedPath, stateCall } from './calls.ts';
import { MAX_HEAD, MAX_PENDING, MAX_RECORD, MAX_RECORDS } from './limits.ts';
import { type Call, programs, type Reply, readMessage } from './rpc.ts';

interface Pending {
  program: number;
  version: number;
  procedure: number;
  authentication: string;
  path: string | undefined;
}

/** Remote procedure calls over TCP (RFC 5531 §11): who calls, what is mounted, and what is done for anybody. */
export class NfsSession implements StreamSession {
  readonly #report: Reporter;
  readonly #pending = new Map<number, Pending>();
  #records = 0;

  constructor(report: Reporter) {
    this.#report = report;
    report.protection('clear');
  }

  /** Only a record's head is waited for; the rest is skipped. */
  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < 4) return 0;
    const length = ((bytes[0]! & 0x7f) << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
    if (length < 24 || length > MAX_RECORD) return this.#leave();
    const head = 4 + Math.min(length, MAX_HEAD);
    if (bytes.length < head) return 0;
    const message = readMessage(bytes.subarray(4, head));
    if (message === null) return this.#leave();
    if (message.kind === 'call') this.#call(message, from);
    else this.#reply(message, from);
    return ++this.#records < MAX_RECORDS ? 4 + length : DETACH;
  }

  onGap(): boolean {
    return false;
  }

  #call(call: Call, from: Side): void {
    const { program, version, procedure, authentication } = call;
    const path = mountedPath(call);
    stateCall(call, from, this.#report);
    if (this.#pending.size >= MAX_PENDING) return;
    this.#pending.set(call.xid, { program, version, procedure, authentication, path });
  }

  /** The first word of a result is its status in NFS and MOUNT (RFC 1813 §2.6, §5.1.1); 0 is good. */
  #reply({ xid, accepted, results }: Reply, from: Side): void {
    const call = this.#pending.get(xid);
    this.#pending.delete(xid);
    if (call === undefined || !accepted) return;
    const files = call.program === programs.nfs || call.program === programs.mount;
    if (files) this.#report.sight('rpc.server', from, { program: 'nfs', version: call.version });
    // Procedure 0 does nothing, for anybody (RFC 5531 §12.1).
    if (!files || call.procedure === 0 || results.u32() !== 0 || results.failed) return;
    if (call.path !== undefined) this.#report.sight('rpc.export', from, { path: call.path });
    if (call.authentication === 'sys' || call.authentication === 'none') this.#open(call, from);
  }

  /** A user number that the client chose proves nothing (RFC 5531 §8.2). */
  #open({ program }: Pending, from: Side): void {
    const operation = program === programs.mount ? 'mount' : 'files for a stated user number';
    this.#report.sight('service.unauthenticated', from, { protocol: 'nfs', operation });
  }

  #leave(): number {
    this.#report.malformed('rpc-record');
    return DETACH;
  }
}
