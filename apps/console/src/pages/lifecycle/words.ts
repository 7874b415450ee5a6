import type { LifecycleState } from '@wardline/model';

export const stateLabels: Readonly<Record<LifecycleState, string>> = {
  observed: 'Observed',
  commissioned: 'Commissioned',
  'in-service': 'In service',
  maintenance: 'In maintenance',
  lost: 'Lost',
  decommissioned: 'Decommissioned',
};
