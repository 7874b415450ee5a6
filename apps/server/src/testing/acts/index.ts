import { accessCalls } from './access.ts';
import { authorityCalls } from './authority.ts';
import { backupCalls } from './backup.ts';
import { complianceCalls } from './compliance.ts';
import { enforcementCalls } from './enforcement.ts';
import { firmwareCalls } from './firmware.ts';
import { identityCalls } from './identity.ts';
import { importCalls } from './imports.ts';
import { incidentCalls } from './incidents.ts';
import { inventoryCalls } from './inventory.ts';
import { keyCalls } from './keys.ts';
import { ledgerCalls } from './ledger.ts';
import { patchCalls } from './patching.ts';
import { receiverCalls } from './receivers.ts';
import { registerCalls } from './register.ts';
import { riskCalls } from './risk.ts';
import { ruleCalls } from './rules.ts';
import { sbomCalls } from './sboms.ts';
import { scimCalls } from './scim.ts';
import { secretCalls } from './secrets.ts';
import { segmentationCalls } from './segmentation.ts';
import { siteCalls } from './sites.ts';
import type { Calls } from './stage.ts';
import { supplierCalls } from './suppliers.ts';
import { threatCalls } from './threats.ts';
import { usageCalls } from './usage.ts';
import { vulnerabilityCalls } from './vulnerabilities.ts';
import { watchCalls } from './watch.ts';
import { wirelessCalls } from './wireless.ts';

/** Every act of every domain, in this order: some need what an earlier one did. */
export const calls: Calls = {
  ...accessCalls,
  ...authorityCalls,
  ...scimCalls,
  ...inventoryCalls,
  ...registerCalls,
  ...vulnerabilityCalls,
  ...sbomCalls,
  ...riskCalls,
  ...threatCalls,
  ...patchCalls,
  ...usageCalls,
  ...segmentationCalls,
  ...enforcementCalls,
  ...complianceCalls,
  ...supplierCalls,
  ...firmwareCalls,
  ...incidentCalls,
  ...watchCalls,
  ...receiverCalls,
  ...ruleCalls,
  ...secretCalls,
  ...identityCalls,
  ...importCalls,
  ...ledgerCalls,
  ...backupCalls,
  ...keyCalls,
  ...siteCalls,
  ...wirelessCalls,
};
