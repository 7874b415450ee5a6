import { writeCsv } from '@wardline/formats';
import type { Assessment } from '@wardline/model';
import type { Digest } from './digest.ts';

/** The tables of an assessment as files, by name. */
export function csvFiles(assessment: Assessment, content: Digest): Record<string, string> {
  return {
    'assets.csv': assetsCsv(content),
    'conversations.csv': conversationsCsv(assessment, content),
    'findings.csv': findingsCsv(assessment, content),
  };
}

function assetsCsv(content: Digest): string {
  const heading = [
    ...[
      'Id',
      'Name',
      'Class',
      'Vendor',
      'Family',
      'Model',
      'Serial',
      'Software',
      'OS',
      'Criticality',
      'Data',
    ],
    ...[
      'Confidence',
      'MACs',
      'IPs',
      'Host names',
      'VLANs',
      'Services',
      'Findings',
      'First seen',
      'Last seen',
    ],
  ];
  const rows = content.assets.map((asset) => [
    ...[
      asset.id,
      asset.name,
      content.classLabel(asset),
      asset.vendor,
      asset.family,
      asset.model,
      asset.serial,
    ],
    ...[asset.software, asset.os, asset.criticality, asset.dataSensitivity, asset.confidence.toFixed(2)],
    ...[asset.macs.join('; '), asset.ips.join('; '), asset.hostnames.join('; '), asset.vlans.join('; ')],
    asset.services
      .map((service) => `${service.transport}/${service.port ?? '-'} ${service.application ?? ''}`.trim())
      .join('; '),
    ...[content.findingsOf(asset.id).length, asset.firstSeen, asset.lastSeen],
  ]);
  return writeCsv([heading, ...rows]);
}

function conversationsCsv(assessment: Assessment, content: Digest): string {
  const heading = [
    ...[
      'Client',
      'Client IP',
      'Client MAC',
      'Server',
      'Server IP',
      'Server MAC',
      'VLAN',
      'Transport',
      'Port',
      'Application',
    ],
    ...['Protection', 'Packets from client', 'Packets from server', 'Bytes from client', 'Bytes from server'],
    ...['First seen', 'Last seen', 'Evidence'],
  ];
  const rows = assessment.conversations.map((item) => [
    ...[item.client.asset ? content.name(item.client.asset) : null, item.client.ip, item.client.mac],
    ...[
      item.server.asset ? content.name(item.server.asset) : null,
      item.server.ip,
      item.server.mac,
      item.server.vlan,
    ],
    ...[item.transport, item.serverPort, item.application, item.protection, item.packetsFromClient],
    ...[item.packetsFromServer, item.bytesFromClient, item.bytesFromServer, item.firstSeen, item.lastSeen],
    `${item.evidence.capture} packet ${item.evidence.packet}`,
  ]);
  return writeCsv([heading, ...rows]);
}

function findingsCsv(assessment: Assessment, content: Digest): string {
  const heading = [
    ...[
      'Id',
      'Severity',
      'Rule',
      'Title',
      'Device',
      'Partner',
      'Transport',
      'Port',
      'Harms',
      'What was seen',
      'What to do',
    ],
    ...['Count', 'First seen', 'Last seen', 'Evidence'],
  ];
  const rows = assessment.findings.map((item) => [
    ...[item.id, item.severity, item.rule, item.title, content.name(item.asset)],
    ...[
      item.peer ? content.name(item.peer) : null,
      item.service?.transport ?? null,
      item.service?.port ?? null,
    ],
    ...[item.harms.join('; '), item.summary, item.remedy, item.count, item.firstSeen, item.lastSeen],
    item.evidence.map((proof) => `${proof.capture} packet ${proof.packet}`).join('; '),
  ]);
  return writeCsv([heading, ...rows]);
}
