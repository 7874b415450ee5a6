import type { SecretKind } from '@wardline/model';
import type { Connector } from './connector.ts';
import { snmpV3 } from './snmp.ts';
import { sshKey, sshPassword } from './ssh.ts';

/** How each kind is changed on a device; null for what people change by hand. */
export type Connectors = Readonly<Record<SecretKind, Connector | null>>;

export const connectors: Connectors = {
  'ssh-password': sshPassword,
  'ssh-key': sshKey,
  snmpv3: snmpV3,
  kept: null,
};
