import type { SecretKind } from '@wardline/model';
import type { Credential } from '../credential.ts';

/** Where and as whom a device is spoken to. */
export interface Target {
  kind: SecretKind;
  address: string;
  port: number;
  account: string;
  /** SSH: `SHA256:…` of the host key, without which no secret is shown to whoever answers there. */
  hostKey: string | null;
  /** SSH with a password: the command that reads `account:password` from its input. */
  command: string | null;
}

/** `away`: nobody answered, or not as expected, so that nothing is known. */
export type Answer = 'accepted' | 'refused' | 'away';

/** How a kind of device is given another credential. Everything here may be repeated: the job may have died anywhere. */
export interface Connector {
  /** Whether the device lets the credential in. */
  asks: (target: Target, credential: Credential) => Promise<Answer>;
  /** Gives the device the next one, let in by the current one. */
  gives: (target: Target, current: Credential, next: Credential) => Promise<void>;
  /** Takes one away, let in by another. Null where the device holds one at a time, so that giving takes the old one away. */
  takes: ((target: Target, by: Credential, old: Credential) => Promise<void>) | null;
}

/** The device did not do what it was asked to. The message holds no secret. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
}
