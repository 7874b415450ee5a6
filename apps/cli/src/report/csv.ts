import { writeCsv } from '@wardline/formats';
import type { Assessment } from '@wardline/model';
import type { AssessedAsset, AssessedFinding, Digest } from './digest.ts';

type Cell = string | number | null;
type Columns<T> = Readonly<Record<string, (item: T) => Cell>>;
type AssessedConversation = Assessment['conversations'][number];

/** The tables of an assessment as files, by name. */
export function csvFiles(assessment: Assessment, content: Digest): Record<string, string> {
  return {
    'assets.csv': table(content.assets, assetColumns(content)),
    'conversations.csv': table(assessment.conversations, conversationColumns(content)),
    'findings.csv': table(assessment.findings, findingColumns(content)),
  };
}

function table<T>(items: readonly T[], columns: Columns<T>): string {
  const values = Object.values(columns);
  return writeCsv([Object.keys(columns), ...items.map((item) => values.map((value) => value(item)))]);
}

function joined(values: readonly (string | number)[]): string {
  return values.join('; ');
}

function assetColumns(content: Digest): Columns<AssessedAsset> {
  return {
    Id: (asset) => asset.id,
    Name: (asset) => asset.name,
    Class: content.classLabel,
    Vendor: (asset) => asset.vendor,
    Family: (asset) => asset.family,
    Model: (asset) => asset.model,
    Serial: (asset) => asset.serial,
    Software: (asset) => asset.software,
    OS: (asset) => asset.os,
    Criticality: (asset) => asset.criticality,
    Data: (asset) => asset.dataSensitivity,
    Confidence: (asset) => asset.confidence.toFixed(2),
    MACs: (asset) => joined(asset.macs),
    IPs: (asset) => joined(asset.ips),
    'Host names': (asset) => joined(asset.hostnames),
    VLANs: (asset) => joined(asset.vlans),
    Services: (asset) => joined(asset.services.map(serviceWords)),
    Findings: (asset) => content.findingsOf(asset.id).length,
    'First seen': (asset) => asset.firstSeen,
    'Last seen': (asset) => asset.lastSeen,
  };
}

function serviceWords(service: AssessedAsset['services'][number]): string {
  return `${service.transport}/${service.port ?? '-'} ${service.application ?? ''}`.trim();
}

function conversationColumns(content: Digest): Columns<AssessedConversation> {
  const name = (asset: string | null) => (asset === null ? null : content.name(asset));
  return {
    Client: (item) => name(item.client.asset),
    'Client IP': (item) => item.client.ip,
    'Client MAC': (item) => item.client.mac,
    Server: (item) => name(item.server.asset),
    'Server IP': (item) => item.server.ip,
    'Server MAC': (item) => item.server.mac,
    VLAN: (item) => item.server.vlan,
    Transport: (item) => item.transport,
    Port: (item) => item.serverPort,
    Application: (item) => item.application,
    Protection: (item) => item.protection,
    'Packets from client': (item) => item.packetsFromClient,
    'Packets from server': (item) => item.packetsFromServer,
    'Bytes from client': (item) => item.bytesFromClient,
    'Bytes from server': (item) => item.bytesFromServer,
    'First seen': (item) => item.firstSeen,
    'Last seen': (item) => item.lastSeen,
    Evidence: (item) => `${item.evidence.capture} packet ${item.evidence.packet}`,
  };
}

function findingColumns(content: Digest): Columns<AssessedFinding> {
  return {
    Id: (item) => item.id,
    Severity: (item) => item.severity,
    Rule: (item) => item.rule,
    Title: (item) => item.title,
    Device: (item) => content.name(item.asset),
    Partner: (item) => (item.peer === null ? null : content.name(item.peer)),
    Transport: (item) => item.service?.transport ?? null,
    Port: (item) => item.service?.port ?? null,
    Harms: (item) => joined(item.harms),
    'What was seen': (item) => item.summary,
    'What to do': (item) => item.remedy,
    Count: (item) => item.count,
    'First seen': (item) => item.firstSeen,
    'Last seen': (item) => item.lastSeen,
    Evidence: (item) => joined(item.evidence.map((proof) => `${proof.capture} packet ${proof.packet}`)),
  };
}
