import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  BackupList,
  CatalogueList,
  ComplianceRecordList,
  ControlDetail,
  ControlList,
  DisclosureDetail,
  DisclosureList,
  Hardening,
  KeyList,
  LedgerCollector,
  LedgerHead,
  LedgerProof,
  Lifecycle,
  LifecycleList,
  Mds2Detail,
  Mds2List,
  ProductFile,
  ProductList,
  ProvisionedGroup,
  Purchase,
  PurchaseList,
  RecallDetail,
  RecallList,
  ReportList,
  SevenSteps,
  SiteList,
  StoredGrant,
  SupplierList,
  Trust,
} from '@wardline/model';

import type {
  ElevationList,
  EmergencyList,
  EmergencyPlans,
  EmergencyStatus,
  Permitted,
} from './authority.ts';
import { get, type Parameters } from './client.ts';
import type {
  ContainmentPreview,
  DutyContact,
  IncidentDetail,
  IncidentRow,
  PlaybookList,
} from './incidents.ts';
import { incidentActs } from './incidents.ts';
import type { MaintenanceWindow, PatchPlan } from './patching.ts';
import type { RiskDetail, RiskIndicatorsAnswer, RiskList } from './risks.ts';
import type {
  ComponentList,
  ComponentProducts,
  SbomDifferencesAnswer,
  SbomFindings,
  SbomList,
  SbomParts,
  SbomRow,
} from './sboms.ts';
import type { SecretDetail, SecretList, SecretWork } from './secrets.ts';
import type { Account, Person } from './sign-in.ts';
import type { AssetThreats, ClassThreats, ThreatModels } from './threats.ts';
import type { CertificateDetail, CertificateList, EnrolmentList } from './trust.ts';
import type {
  AssetAsOf,
  AssetDetail,
  AssetList,
  AttackPathsAnswer,
  ConversationList,
  Facets,
  FeedFaults,
  FeedList,
  FindingList,
  ImportJob,
  LedgerList,
  MatchList,
  NetworkMap,
  Overview,
  Peer,
  Quarantined,
  ReconciliationList,
  Session,
  Taxonomy,
  TimelineEntry,
  VulnerabilityDetail,
  VulnerabilityList,
} from './types.ts';
import type { AssetUsage, UsageClasses, UsageList } from './usage.ts';
import type {
  AlertList,
  AlertReceiverList,
  AllowedList,
  Behaviour,
  ClassBehaviourList,
  LearntList,
  LogLineList,
  StoryDetail,
  StoryList,
  WatchRuleList,
  WatchStatusList,
} from './watch.ts';
import type { AccessPoint, BluetoothDevice, HeardNetwork, NfcChecklist } from './wireless.ts';

/** Rows asked for at once; the next page is fetched before the reader gets there. */
const PAGE = 200;

interface Page {
  nextCursor: string | null;
}

/** The first word of each key is the topic by which the server's events call for asking again. */
function list<T extends Page>(topic: string, path: string, filters: Parameters) {
  return infiniteQueryOptions({
    queryKey: [topic, path, filters],
    queryFn: ({ pageParam, signal }) =>
      get<T>(path, { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

function one<T>(topic: string, path: string, parameters: Parameters = {}) {
  return queryOptions({
    queryKey: [topic, path, parameters],
    queryFn: ({ signal }) => get<T>(path, parameters, signal),
    placeholderData: keepPreviousData,
  });
}

/** Like {@link one}, without showing one subject's data under another's name while it loads. */
function subject<T>(topic: string, path: string) {
  return queryOptions({ queryKey: [topic, path], queryFn: ({ signal }) => get<T>(path, {}, signal) });
}

const sbomPath = (id: string, part = '') => `/sboms/${encodeURIComponent(id)}${part}`;
const assetPath = (id: string, part = '') => `/assets/${encodeURIComponent(id)}${part}`;

export const queries = {
  session: () =>
    queryOptions({ ...subject<Session>('session', '/session'), staleTime: 60_000, retry: false }),
  overview: () => one<Overview>('overview', '/overview'),
  taxonomy: () =>
    queryOptions({ ...one<Taxonomy>('taxonomy', '/taxonomy'), staleTime: Number.POSITIVE_INFINITY }),
  assets: (filters: Parameters) => list<AssetList>('assets', '/assets', filters),
  facets: (filters: Parameters) => one<{ facets: Facets }>('assets', '/assets/facets', filters),
  asset: (id: string) => subject<AssetDetail>('assets', assetPath(id)),
  assetAsOf: (id: string, at: string) =>
    subject<AssetAsOf>('assets', assetPath(id, `/as-of?at=${encodeURIComponent(at)}`)),
  peers: (id: string) => subject<{ items: Peer[] }>('assets', assetPath(id, '/peers')),
  timeline: (id: string) => subject<{ items: TimelineEntry[] }>('assets', assetPath(id, '/timeline')),
  conversations: (filters: Parameters) => list<ConversationList>('conversations', '/conversations', filters),
  hardening: (id: string) => subject<Hardening>('assets', assetPath(id, '/hardening')),
  findings: (filters: Parameters) => list<FindingList>('findings', '/findings', filters),
  vulnerabilities: (filters: Parameters) =>
    list<VulnerabilityList>('vulnerabilities', '/vulnerabilities', filters),
  vulnerability: (id: string) =>
    subject<VulnerabilityDetail>('vulnerabilities', `/vulnerabilities/${encodeURIComponent(id)}`),
  matches: (filters: Parameters) => list<MatchList>('vulnerabilities', '/matches', filters),
  feeds: () => one<FeedList>('vulnerabilities', '/feeds'),
  feedFaults: (id: string) =>
    subject<FeedFaults>('vulnerabilities', `/feeds/${encodeURIComponent(id)}/faults`),
  components: (filters: Parameters) => list<ComponentList>('vulnerabilities', '/components', filters),
  componentProducts: (id: number) =>
    list<ComponentProducts>('vulnerabilities', `/components/${id}/products`, {}),
  sboms: (filters: Parameters) => list<SbomList>('vulnerabilities', '/sboms', filters),
  sbom: (id: string) => subject<SbomRow>('vulnerabilities', sbomPath(id)),
  sbomParts: (id: string, filters: Parameters) =>
    list<SbomParts>('vulnerabilities', sbomPath(id, '/components'), filters),
  sbomFindings: (id: string) => list<SbomFindings>('vulnerabilities', sbomPath(id, '/findings'), {}),
  sbomDifferences: (before: string, after: string) =>
    one<SbomDifferencesAnswer>('vulnerabilities', '/sboms/differences', { before, after }),
  quarantine: () => one<Quarantined>('vulnerabilities', '/advisories/quarantine'),
  stories: (filters: Parameters) => list<StoryList>('watch', '/watch/stories', filters),
  story: (id: string) => subject<StoryDetail>('watch', `/watch/stories/${encodeURIComponent(id)}`),
  alerts: (filters: Parameters) => list<AlertList>('watch', '/watch/alerts', filters),
  rules: () => one<WatchRuleList>('watch', '/watch/rules'),
  receivers: () => one<AlertReceiverList>('watch', '/watch/receivers'),
  watchStatus: () => one<WatchStatusList>('watch', '/watch/status'),
  watchAllowed: () => one<AllowedList>('watch', '/watch/allowed'),
  learnt: (site: number, filters: Parameters) =>
    one<LearntList>('watch', `/watch/sites/${site}/learnt`, filters),
  logLines: (filters: Parameters) => one<LogLineList>('watch', '/watch/logs', filters),
  latestAlerts: (detection: string, limit: number) =>
    one<AlertList>('watch', '/watch/alerts', {
      detection,
      sort: 'lastSeen',
      order: 'desc',
      limit: String(limit),
    }),
  heardNetworks: () => one<{ items: HeardNetwork[]; more: boolean }>('assets', '/wireless/networks'),
  accessPoints: () => one<{ items: AccessPoint[] }>('ledger', '/wireless/access-points'),
  bluetooth: () => one<{ items: BluetoothDevice[]; more: boolean }>('assets', '/wireless/bluetooth'),
  nfc: (site: number) => one<NfcChecklist>('ledger', '/wireless/nfc', { site: String(site) }),
  classBehaviour: (site: number) => one<ClassBehaviourList>('watch', `/watch/sites/${site}/classes`),
  behaviour: (asset: string) => subject<Behaviour>('watch', `/assets/${encodeURIComponent(asset)}/behaviour`),
  incidents: () => one<{ items: IncidentRow[] }>('incidents', '/incidents'),
  incident: (number: string) =>
    subject<IncidentDetail>('incidents', `/incidents/${encodeURIComponent(number)}`),
  playbooks: () => one<PlaybookList>('playbooks', '/playbooks'),
  dutyContacts: () => one<{ contacts: DutyContact[] }>('incidents', '/duty-contacts'),
  containable: () =>
    one<{ items: { id: string; name: string }[] }>('assets', '/assets', { limit: 500, sort: 'name' }),
  containment: (number: number, assets: string[], keep: string[]) =>
    queryOptions({
      queryKey: ['incidents', 'containment', number, assets, keep],
      queryFn: (): Promise<ContainmentPreview> => incidentActs.preview(number, assets, keep),
    }),
  risks: (filters: Parameters) => list<RiskList>('risks', '/risks', filters),
  risk: (id: string) => subject<RiskDetail>('risks', `/risks/${encodeURIComponent(id)}`),
  riskIndicators: () => one<RiskIndicatorsAnswer>('risks', '/risks/indicators'),
  assetThreats: (id: string) => subject<AssetThreats>('risks', assetPath(id, '/threats')),
  threatModels: () => one<ThreatModels>('risks', '/threat-models'),
  classThreats: (id: string) => subject<ClassThreats>('risks', `/threat-models/${encodeURIComponent(id)}`),
  patchPlan: () => one<PatchPlan>('risks', '/patch-plan'),
  maintenanceWindows: () => one<{ items: MaintenanceWindow[] }>('risks', '/maintenance-windows'),
  attackPaths: (filters: Parameters) => one<AttackPathsAnswer>('assets', '/attack-paths', filters),
  map: (filters: Parameters) => one<NetworkMap>('conversations', '/map', filters),
  imports: () => one<{ items: ImportJob[] }>('imports', '/imports'),
  reconciliation: (filters: Parameters) => list<ReconciliationList>('register', '/reconciliation', filters),
  ledger: (filters: Parameters) => list<LedgerList>('ledger', '/ledger', filters),
  ways: () => one<{ openId: { name: string } | null }>('session', '/session/ways'),
  account: () => one<Account>('account', '/account'),
  permissions: () => subject<Permitted>('access', '/session/permissions'),
  elevations: (filters: Parameters) =>
    list<ElevationList>('access', '/elevations', { order: 'desc', ...filters }),
  emergency: () => one<EmergencyStatus>('access', '/emergency'),
  emergencies: (filters: Parameters) =>
    list<EmergencyList>('access', '/emergencies', { order: 'desc', ...filters }),
  emergencyPlans: () => one<EmergencyPlans>('access', '/emergency/plans'),
  people: () => one<{ items: Person[] }>('people', '/people'),
  groups: () => one<{ items: ProvisionedGroup[] }>('access', '/provisioning/groups'),
  grants: () => one<{ items: StoredGrant[] }>('people', '/grants'),
  secrets: (filters: Parameters) => list<SecretList>('secrets', '/secrets', filters),
  secretNeeds: () => one<SecretList>('secrets', '/secrets', { limit: 1 }),
  secretWork: () => one<SecretWork>('secrets', '/secrets/work'),
  secret: (id: string) => subject<SecretDetail>('secrets', `/secrets/${encodeURIComponent(id)}`),
  assetChoice: (q: string) => one<AssetList>('assets', '/assets', { q, limit: 20 }),
  trust: () => one<Trust>('trust', '/trust'),
  certificates: (filters: Parameters) => list<CertificateList>('trust', '/certificates', filters),
  certificate: (id: string) => subject<CertificateDetail>('trust', `/certificates/${encodeURIComponent(id)}`),
  enrolments: (filters: Parameters) => list<EnrolmentList>('trust', '/enrolments', filters),
  keys: () => one<KeyList>('keys', '/keys'),
  sites: () => one<SiteList>('sites', '/sites'),
  suppliers: () => one<SupplierList>('suppliers', '/suppliers'),
  disclosures: () => one<DisclosureList>('suppliers', '/disclosures'),
  disclosure: (number: string) =>
    subject<DisclosureDetail>('suppliers', `/disclosures/${encodeURIComponent(number)}`),
  products: () => one<ProductList>('suppliers', '/products'),
  product: (id: string) => subject<ProductFile>('suppliers', `/products/${encodeURIComponent(id)}`),
  forms: () => one<Mds2List>('suppliers', '/mds2', { limit: 500 }),
  form: (id: string) => subject<Mds2Detail>('suppliers', `/mds2/${encodeURIComponent(id)}`),
  purchases: () => one<PurchaseList>('suppliers', '/purchases'),
  purchase: (id: string) => subject<Purchase>('suppliers', `/purchases/${encodeURIComponent(id)}`),
  recalls: (filters: Parameters) => list<RecallList>('assets', '/recalls', filters),
  recall: (id: string) => subject<RecallDetail>('assets', `/recalls/${encodeURIComponent(id)}`),
  lifecycles: (filters: Parameters) => list<LifecycleList>('assets', '/lifecycle', filters),
  lifecycle: (id: string) => subject<Lifecycle>('assets', assetPath(id, '/lifecycle')),
  usage: (filters: Parameters) => list<UsageList>('usage', '/usage', filters),
  usageClasses: () => one<UsageClasses>('usage', '/usage/classes'),
  assetUsage: (id: string) => subject<AssetUsage>('usage', assetPath(id, '/usage')),
  backups: () => one<BackupList>('backups', '/backups'),
  catalogues: (filters: Parameters) => one<CatalogueList>('compliance', '/compliance/catalogues', filters),
  controls: (filters: Parameters) => one<ControlList>('compliance', '/compliance/controls', filters),
  control: (ref: string, day: string | undefined) =>
    one<ControlDetail>('compliance', `/compliance/controls/${encodeURIComponent(ref)}`, { day }),
  complianceRecords: () => one<ComplianceRecordList>('compliance', '/compliance/records'),
  sevenSteps: () => one<SevenSteps>('risks', '/risk-assessment'),
  reports: () => one<ReportList>('compliance', '/reports'),
  assetsFound: (q: string) => one<AssetList>('assets', '/assets', { q, limit: 20 }),
  ledgerHead: () => one<LedgerHead>('ledger', '/ledger/checkpoint'),
  ledgerCollector: () => one<LedgerCollector>('ledger', '/ledger/collector'),
  ledgerProof: (sequence: number) => subject<LedgerProof>('ledger-proof', `/ledger/${sequence}`),
};
