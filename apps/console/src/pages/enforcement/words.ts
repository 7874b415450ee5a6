import type { Drift, EnforcementPoint, OrderAct, PointOrder } from '@wardline/model';

export const kindWords: Readonly<Record<EnforcementPoint['kind'], string>> = {
  nftables: 'Linux gateway (nftables)',
  haproxy: 'Mutual-TLS gateway (HAProxy)',
  freeradius: 'Admission (FreeRADIUS)',
};

export const driftWords: Readonly<Record<Drift['kind'], string>> = {
  silent: 'Silent',
  unapplied: 'Runs no policy',
  outdated: 'Runs another version',
  changed: 'Changed by hand',
  differs: 'Differs from the policy',
  bypassed: 'Traffic gets past it',
};

/** What the drift is between, and what to do about it. */
export const driftAdvice: Readonly<Record<Drift['kind'], string>> = {
  silent: 'Look whether the gateway runs and reaches this server. It goes on enforcing what it had.',
  unapplied: 'Have it apply the version in force, on trial.',
  outdated: 'Have it apply the version in force, on trial.',
  changed: 'Ask who changed it: it may have been in need. Then apply again, or make the change a draft.',
  differs: 'Assets or their addresses changed since it was applied. Apply again; look first what that cuts.',
  bypassed:
    'There is another way between these devices: a second cable, a second address, or one VLAN for both.',
};

export const actWords: Readonly<Record<OrderAct, string>> = {
  apply: 'Apply',
  confirm: 'Keep',
  'go-back': 'Go back',
};

export const orderWords: Readonly<Record<PointOrder['state'], string>> = {
  waiting: 'Waits for the point',
  taken: 'Is being done',
  done: 'Done',
  failed: 'Failed',
  withdrawn: 'Withdrawn',
  expired: 'Given up: nobody took it',
};

export function runsWords({ version, policyName, reported }: EnforcementPoint): string {
  if (reported === null) return 'not known: it has not reported yet';
  if (version !== null) return `version ${version}`;
  return policyName === null ? 'no policy' : `${policyName}, no version of this platform`;
}

/** What a way back brings, where the point said so. */
export function backWords({ back }: EnforcementPoint): string {
  if (back === null) return 'what ran before';
  if (back.version !== null) return `version ${back.version}`;
  return back.policyName ?? 'no policy: everything passes there';
}
