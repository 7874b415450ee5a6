/** The API's shapes, from the contract that the server validates with. Types only: no schema reaches the browser. */
import type {
  assetListResponse,
  conversationListResponse,
  facetsResponse,
  feedFilesResponse,
  feedListResponse,
  findingListResponse,
  findingRowSchema,
  importSchema,
  ledgerEntrySchema,
  ledgerResponse,
  mapResponse,
  matchListResponse,
  peerSchema,
  problemSchema,
  quarantineResponse,
  reconciliationResponse,
  reconciliationRowSchema,
  registerPreviewResponse,
  sessionSchema,
  taxonomyResponse,
  timelineEntrySchema,
  vulnerabilityListResponse,
} from '@wardline/model';

export type {
  AssetAsOf,
  AssetDetail,
  AssetRow,
  AttackPathsAnswer,
  AttackRoute,
  AttackTarget,
  Attribute,
  Claim,
  Conclusion,
  ConversationRow,
  Criticality,
  DataSensitivity,
  Evidence,
  Harm,
  Identifier,
  MatchRow,
  Overview,
  ReconciliationState,
  RegisterField,
  Severity,
  VulnerabilityDetail,
  VulnerabilityRow,
} from '@wardline/model';

type Parsed<S extends { parse: (input: unknown) => unknown }> = ReturnType<S['parse']>;

export type AssetList = Parsed<typeof assetListResponse>;
export type Facets = Parsed<typeof facetsResponse>['facets'];
export type ConversationList = Parsed<typeof conversationListResponse>;
export type MatchList = Parsed<typeof matchListResponse>;
export type VulnerabilityList = Parsed<typeof vulnerabilityListResponse>;
export type FeedFaults = Parsed<typeof feedFilesResponse>;
export type FeedList = Parsed<typeof feedListResponse>;
export type Quarantined = Parsed<typeof quarantineResponse>;
export type FindingList = Parsed<typeof findingListResponse>;
export type FindingRow = Parsed<typeof findingRowSchema>;
export type ImportJob = Parsed<typeof importSchema>;
export type LedgerEntry = Parsed<typeof ledgerEntrySchema>;
export type LedgerList = Parsed<typeof ledgerResponse>;
export type NetworkMap = Parsed<typeof mapResponse>;
export type MapNode = NetworkMap['nodes'][number];
export type MapEdge = NetworkMap['edges'][number];
export type Peer = Parsed<typeof peerSchema>;
export type Problem = Parsed<typeof problemSchema>;
export type ReconciliationList = Parsed<typeof reconciliationResponse>;
export type ReconciliationRow = Parsed<typeof reconciliationRowSchema>;
export type RegisterPreview = Parsed<typeof registerPreviewResponse>;
export type Session = Parsed<typeof sessionSchema>;
export type Taxonomy = Parsed<typeof taxonomyResponse>;
export type TimelineEntry = Parsed<typeof timelineEntrySchema>;
