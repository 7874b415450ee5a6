import { fingerprintOf, firstOf, printGeneralName, renewalAt } from '@wardline/pki';
import type { KeyKeeper } from './keys/keeper.ts';
import type { AgentState } from './state/state.ts';
import type { Timekeeper } from './time/timekeeper.ts';
import { readable } from './trust/server.ts';

/** What a device says of its identity. Times as RFC 3339. */
export interface AgentStatus {
  state: 'none' | 'asking' | 'waiting' | 'valid' | 'due' | 'expired' | 'not-yet';
  server: string | null;
  certificate: {
    holder: string | null;
    names: string[];
    serial: string;
    fingerprint: string;
    from: string;
    until: string;
    renewAt: string;
  } | null;
  key: {
    kind: KeyKeeper['kind'];
    protection: string;
    /** Proved: the server took the proof. Claimed: it lies in a TPM, and nobody took a proof of it. */
    assurance: 'software' | 'hardware-claimed' | 'hardware-proved';
  };
  /** A request that is under way. */
  asked: { since: string; by: string; isWaiting: boolean; isIssued: boolean; unproved: string | null } | null;
  refused: { at: string; message: string } | null;
  /** Seconds by which the device's clock is ahead of the server's, as far as anybody told. */
  clockAhead: number;
}

const instant = (micros: number): string => new Date(micros / 1000).toISOString();
const COMMON_NAME = '2.5.4.3';

export function statusOf(state: AgentState | null, keeper: KeyKeeper, time: Timekeeper): AgentStatus {
  const key = {
    kind: keeper.kind,
    protection: keeper.protection,
    assurance: assuranceOf(state, keeper),
  };
  const [leaf] = readable(state?.current?.chain.slice(0, 1) ?? []);
  return {
    state: stateWord(state, leaf === undefined ? null : { ...leaf, renew: renewalAt(leaf) }, time.now()),
    server: state?.server ?? null,
    certificate:
      leaf === undefined
        ? null
        : {
            holder: firstOf(leaf.subject, COMMON_NAME),
            names: leaf.names.map(printGeneralName),
            serial: leaf.serial,
            fingerprint: fingerprintOf(leaf),
            from: instant(leaf.notBefore),
            until: instant(leaf.notAfter),
            renewAt: instant(renewalAt(leaf)),
          },
    key,
    asked: askedOf(state),
    refused: state?.refused == null ? null : { ...state.refused, at: instant(state.refused.at) },
    clockAhead: Math.round(time.ahead / 1e6),
  };
}

function assuranceOf(state: AgentState | null, { kind }: KeyKeeper): AgentStatus['key']['assurance'] {
  if (kind === 'file') return 'software';
  return state?.current?.isProved === true ? 'hardware-proved' : 'hardware-claimed';
}

function askedOf(state: AgentState | null): AgentStatus['asked'] {
  if (state?.next == null) return null;
  const { since, way, isWaiting, proof, chain } = state.next;
  return {
    since: instant(since),
    by: way.by,
    isWaiting,
    isIssued: chain !== null,
    unproved: proof?.why ?? null,
  };
}

function stateWord(
  state: AgentState | null,
  leaf: { notBefore: number; notAfter: number; renew: number } | null,
  now: number,
): AgentStatus['state'] {
  if (leaf === null) {
    if (state?.next == null) return 'none';
    return state.next.isWaiting ? 'waiting' : 'asking';
  }
  if (now > leaf.notAfter) return 'expired';
  if (now < leaf.notBefore) return 'not-yet';
  return now >= leaf.renew ? 'due' : 'valid';
}
