import type { SecretRow } from '../../api/secrets.ts';

export const kindWords: Readonly<Record<SecretRow['kind'], string>> = {
  'ssh-password': 'SSH password',
  'ssh-key': 'SSH key',
  snmpv3: 'SNMPv3 passwords',
  kept: 'changed by hand',
};

export const causeWords: Readonly<Record<NonNullable<SecretRow['rotation']>['cause'], string>> = {
  order: 'somebody ordered it',
  return: 'it was taken out and returned',
  schedule: 'it is due',
  departure: 'somebody who knew it has left',
};
