import type { EvidenceFact } from '@wardline/model';
import { backupEvidence } from '../../backup/index.ts';
import type { Context } from '../../context.ts';
import type { Gatherer } from '../../evidence/index.ts';
import { keysEvidence } from '../../keys/index.ts';
import { ledgerEvidence } from '../../ledger/index.ts';
import { accessEvidence } from '../access/index.ts';
import { enforcementEvidence } from '../enforcement/index.ts';
import { findingsEvidence } from '../findings/index.ts';
import { firmwareEvidence } from '../firmware/index.ts';
import { identityEvidence } from '../identity/index.ts';
import { incidentsEvidence } from '../incidents/index.ts';
import { inventoryEvidence } from '../inventory/index.ts';
import { lifecycleEvidence } from '../lifecycle/index.ts';
import { networkEvidence } from '../network/index.ts';
import { registerEvidence } from '../register/index.ts';
import { riskEvidence } from '../risk/index.ts';
import { segmentationEvidence } from '../segmentation/index.ts';
import { suppliersEvidence } from '../suppliers/index.ts';
import { vulnerabilitiesEvidence } from '../vulnerabilities/index.ts';
import { watchEvidence } from '../watch/index.ts';

/** Whoever can tell something of itself. A question that none of them answers is unknown, and nothing else. */
const gatherers: readonly Gatherer[] = [
  accessEvidence,
  backupEvidence,
  enforcementEvidence,
  findingsEvidence,
  firmwareEvidence,
  identityEvidence,
  incidentsEvidence,
  inventoryEvidence,
  keysEvidence,
  ledgerEvidence,
  lifecycleEvidence,
  networkEvidence,
  registerEvidence,
  riskEvidence,
  segmentationEvidence,
  suppliersEvidence,
  vulnerabilitiesEvidence,
  watchEvidence,
];

/** What every question came back with now, in the order of their names. */
export async function gather(context: Context, at: number): Promise<EvidenceFact[]> {
  const facts: EvidenceFact[] = [];
  // One after the other: evidence is in no hurry, and the database has others to serve.
  for (const tell of gatherers) facts.push(...(await tell(context, at)));
  return facts.toSorted((a, b) => (a.query < b.query ? -1 : 1));
}

/** The questions that they answer, whatever is known: how far controls can be computed at all follows from it. */
export const answered: readonly string[] = [
  'devices.encrypt-at-rest',
  'devices.log-off',
  'certificates.valid',
  'incidents.breaches-told',
  'incidents.handled',
  'lifecycle.commissioned',
  'lifecycle.disposed',
  'procurement.claims-hold',
  'procurement.statements',
  'suppliers.agreements',
  'suppliers.disclosure',
  'suppliers.known',
  'access.attempts',
  'access.emergency-ready',
  'access.emergency-reviewed',
  'access.leavers',
  'access.log-off',
  'access.mfa',
  'access.privileged-apart',
  'access.roles-given',
  'access.unique-accounts',
  'backups.fresh',
  'backups.proved',
  'devices.backed-up',
  'crypto.current',
  'devices.authenticated',
  'devices.default-passwords',
  'devices.hardened',
  'devices.media',
  'devices.shared-accounts',
  'devices.supported',
  'devices.update-path',
  'inventory.contradictions',
  'inventory.criticality-known',
  'inventory.data-known',
  'inventory.identified',
  'inventory.software-known',
  'keys.sealed',
  'ledger.collected',
  'ledger.kept',
  'ledger.whole',
  'ledger.witnessed',
  'monitoring.complete',
  'monitoring.sensors',
  'network.admission',
  'network.flows-known',
  'network.internet',
  'network.separated',
  'network.wireless',
  'register.reconciled',
  'risk.accepted',
  'risk.analysed',
  'risk.treated',
  'sboms.held',
  'segmentation.enforced',
  'segmentation.in-force',
  'traffic.clinical-integrity',
  'traffic.passwords-protected',
  'traffic.phi-protected',
  'updates.signed',
  'vulnerabilities.answered',
  'vulnerabilities.exploited',
  'vulnerabilities.fed',
  'vulnerabilities.patched',
  'watch.triaged',
];
