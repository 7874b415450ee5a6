import { acts } from './0001-acts.ts';
import { telemetry } from './0002-telemetry.ts';
import { inventory } from './0003-inventory.ts';
import { register } from './0004-register.ts';
import { imports } from './0005-imports.ts';
import { speed } from './0006-speed.ts';
import { sorts } from './0007-sorts.ts';
import { ledgerTree } from './0008-ledger-tree.ts';
import { people } from './0009-people.ts';
import { ledgerDelivery } from './0010-ledger-delivery.ts';
import { advisories } from './0011-advisories.ts';
import { signIn } from './0014-sign-in.ts';
import { authority } from './0015-authority.ts';
import { ledgerWitnessUrl } from './0016-ledger-witness-url.ts';
import { openid } from './0017-openid.ts';
import { keys } from './0018-keys.ts';
import { provisioning } from './0019-provisioning.ts';
import { sboms } from './0020-sboms.ts';
import { enrichment } from './0021-enrichment.ts';
import { riskRegister } from './0022-risk-register.ts';
import { enforcement } from './0023-enforcement.ts';
import { secrets } from './0025-secrets.ts';
import { sbomFindings } from './0027-sbom-findings.ts';
import { feeds } from './0028-feeds.ts';
import { backups } from './0032-backups.ts';
import { segmentation } from './0033-segmentation.ts';
import { identity } from './0034-identity.ts';
import { deviceSecrets } from './0036-device-secrets.ts';
import { firmware } from './0037-firmware.ts';
import { rollouts } from './0038-rollouts.ts';
import { incidents } from './0041-incidents.ts';
import { compliance } from './0043-compliance.ts';
import { suppliers } from './0045-suppliers.ts';
import { lifecycle } from './0046-lifecycle.ts';
import { threats } from './0047-threats.ts';
import { maintenance } from './0048-maintenance.ts';
import { sites } from './0049-sites.ts';
import { watch } from './0050-watch.ts';
import { usage } from './0052-usage.ts';
import { accessPoints } from './0053-access-points.ts';
import { renewals } from './0054-renewals.ts';
import { attestation } from './0055-attestation.ts';
import { gaps } from './0056-gaps.ts';
import { reports } from './0057-reports.ts';
import { servers } from './0058-servers.ts';
import { firmwareDevices } from './0060-firmware-devices.ts';
import { bootEvidence } from './0061-boot-evidence.ts';
import { assetPosture } from './0062-asset-posture.ts';
import { alertReceivers } from './0063-alert-receivers.ts';
import { alertMails } from './0064-alert-mails.ts';
import { watchRules } from './0065-watch-rules.ts';
import { intakeRefused } from './0066-intake-refused.ts';
import { batchTimes } from './0067-batch-times.ts';
import { supplicantNetworks } from './0068-supplicant-networks.ts';
import { rootLists } from './0069-root-lists.ts';
import { recalls } from './0070-recalls.ts';
import { deviceBackups } from './0071-device-backups.ts';
import { disclosures } from './0072-disclosures.ts';
import { enforcementOrders } from './0073-enforcement-orders.ts';
import { authorisation } from './0074-authorisation.ts';
import { firmwarePapers } from './0075-firmware-papers.ts';
import { classReviews } from './0076-class-reviews.ts';
import { logLines } from './0077-log-lines.ts';
import { nfcAnswers } from './0078-nfc-answers.ts';
import { products } from './0080-products.ts';
import { backupAlarm } from './0088-backup-alarm.ts';
import { elements } from './0089-elements.ts';

/** One step of the schema; the statements run together in one transaction and are never changed once released. */
export interface Migration {
  name: string;
  statements: string;
}

/** Forward only, in this order. */
export const migrations: readonly Migration[] = [
  acts,
  telemetry,
  inventory,
  register,
  imports,
  speed,
  sorts,
  ledgerTree,
  people,
  ledgerDelivery,
  advisories,
  signIn,
  openid,
  authority,
  ledgerWitnessUrl,
  provisioning,
  sboms,
  enrichment,
  riskRegister,
  keys,
  feeds,
  secrets,
  backups,
  segmentation,
  sbomFindings,
  enforcement,
  threats,
  compliance,
  sites,
  suppliers,
  lifecycle,
  firmware,
  rollouts,
  incidents,
  deviceSecrets,
  identity,
  maintenance,
  firmwareDevices,
  watch,
  renewals,
  gaps,
  usage,
  accessPoints,
  attestation,
  reports,
  bootEvidence,
  servers,
  assetPosture,
  supplicantNetworks,
  enforcementOrders,
  authorisation,
  alertReceivers,
  intakeRefused,
  batchTimes,
  firmwarePapers,
  rootLists,
  recalls,
  alertMails,
  watchRules,
  deviceBackups,
  disclosures,
  backupAlarm,
  products,
  classReviews,
  logLines,
  nfcAnswers,
  elements,
];
