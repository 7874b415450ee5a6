import type { Conversation } from '@wardline/model';
import { answeredBy } from './services.ts';
import type { Subject } from './subject.ts';

/**
 * Services whose port says what a device is for, where it answered there; weak, since any program may use any port
 * (IANA service names; vendors' manuals for those of medical devices).
 */
const PORT_CLASS: readonly (readonly [string, readonly number[], string, string])[] = [
  ['tcp', [9100, 515, 631], 'printer', 'printing'],
  ['tcp', [3389], 'workstation', 'remote desktop'],
  ['tcp', [554], 'camera', 'video streaming'],
  ['udp', [5060], 'voip-phone', 'telephony'],
  ['udp', [47808], 'building-controller', 'BACnet'],
  ['tcp', [502], 'building-controller', 'Modbus'],
  ['tcp', [1433, 1521, 3306, 5432], 'database-server', 'a database'],
  ['tcp', [88], 'domain-controller', 'Kerberos'],
  ['tcp', [25, 587], 'mail-server', 'mail'],
  ['tcp', [902, 903], 'hypervisor', 'VMware administration'],
  ['tcp', [2049], 'file-server', 'NFS'],
  ['udp', [24105], 'patient-monitor', 'Philips IntelliVue data export'],
  ['tcp', [3613], 'infusion-pump', 'BD Alaris'],
  ['tcp', [104, 11112, 2762], 'clinical-server', 'DICOM'],
];

export function claimPorts(subject: Subject): void {
  for (const conversation of subject.asServer) {
    if (conversation.serverPort === null || !answeredBy(conversation)) continue;
    const found = PORT_CLASS.find(
      ([transport, ports]) =>
        transport === conversation.transport && ports.includes(conversation.serverPort ?? -1),
    );
    if (found !== undefined) claimPort(subject, conversation, found[2], found[3]);
  }
}

function claimPort(subject: Subject, conversation: Conversation, value: string, service: string): void {
  const { firstSeen, lastSeen, evidence, serverPort, transport } = conversation;
  const reason = `It answers on ${transport} port ${serverPort}, which is usual for ${service}.`;
  subject.book.add(
    { attribute: 'class', value, source: 'service', strength: 'weak', group: 'ports', reason },
    { firstSeen, lastSeen, count: 1, evidence: [evidence] },
  );
}
