import type { Command } from 'commander';

type Add = (program: Command) => void;

/** What loads the adder of each noun, in the order of the program's help. */
export const nouns: ReadonlyMap<string, () => Promise<Add>> = new Map([
  ['access', async () => (await import('./access/index.ts')).addAccess],
  ['assess', async () => (await import('./assess.ts')).addAssess],
  ['detect', async () => (await import('./detect.ts')).addDetect],
  ['risk', async () => (await import('./risk/index.ts')).addRisk],
  ['threat', async () => (await import('./threat/index.ts')).addThreat],
  ['compliance', async () => (await import('./compliance/index.ts')).addCompliance],
  ['report', async () => (await import('./report/index.ts')).addReport],
  ['plan', async () => (await import('./plan/index.ts')).addPlan],
  ['sense', async () => (await import('./sense.ts')).addSense],
  ['start', async () => (await import('./start.ts')).addStart],
  ['asset', async () => (await import('./asset.ts')).addAsset],
  ['register', async () => (await import('./register.ts')).addRegister],
  ['mds2', async () => (await import('./mds2.ts')).addMds2],
  ['udi', async () => (await import('./udi.ts')).addUdi],
  ['supplier', async () => (await import('./supplier.ts')).addSupplier],
  ['disclosure', async () => (await import('./disclosure.ts')).addDisclosure],
  ['purchase', async () => (await import('./purchase.ts')).addPurchase],
  ['product', async () => (await import('./product.ts')).addProduct],
  ['recall', async () => (await import('./recall.ts')).addRecall],
  ['lifecycle', async () => (await import('./lifecycle.ts')).addLifecycle],
  ['feed', async () => (await import('./feed.ts')).addFeed],
  ['alert', async () => (await import('./alert/index.ts')).addAlert],
  ['wireless', async () => (await import('./wireless.ts')).addWireless],
  ['incident', async () => (await import('./incident/index.ts')).addIncident],
  ['scan', async () => (await import('./scan.ts')).addScan],
  ['knowledge', async () => (await import('./knowledge.ts')).addKnowledge],
  ['backup', async () => (await import('./backup.ts')).addBackup],
  ['restore', async () => (await import('./backup.ts')).addBackup],
  ['key', async () => (await import('./key.ts')).addKey],
  ['site', async () => (await import('./site.ts')).addSite],
  ['secret', async () => (await import('./secret/index.ts')).addSecret],
  ['ledger', async () => (await import('./ledger/index.ts')).addLedger],
  ['policy', async () => (await import('./policy/index.ts')).addPolicy],
  ['enforcement', async () => (await import('./enforcement.ts')).addEnforcement],
  ['admission', async () => (await import('./admission.ts')).addAdmission],
  ['gateway', async () => (await import('./gateway.ts')).addGateway],
  ['firmware', async () => (await import('./firmware/index.ts')).addFirmware],
  ['advisory', async () => (await import('./advisory.ts')).addAdvisory],
  ['sbom', async () => (await import('./sbom.ts')).addSbom],
  ['access-point', async () => (await import('./access-point.ts')).addAccessPoint],
  ['usage', async () => (await import('./usage.ts')).addUsage],
  ['vulnerability', async () => (await import('./vulnerability.ts')).addVulnerability],
  ['pki', async () => (await import('./trust/pki.ts')).addPki],
  ['boot', async () => (await import('./boot.ts')).addBoot],
  ['certificate', async () => (await import('./trust/certificate.ts')).addCertificate],
  ['enrolment', async () => (await import('./trust/enrolment.ts')).addEnrolment],
  ['supplicant', async () => (await import('./trust/supplicant.ts')).addSupplicant],
  ['agent', async () => (await import('./agent.ts')).addAgent],
  ['version', async () => (await import('./version.ts')).addVersion],
]);

/** The adder of the noun that is given; where it is none, each noun's, once where one adds two. */
export async function addersFor(noun: string | undefined): Promise<readonly Add[]> {
  const load = noun === undefined ? undefined : nouns.get(noun);
  if (load !== undefined) return [await load()];
  return [...new Set(await Promise.all([...nouns.values()].map((each) => each())))];
}
