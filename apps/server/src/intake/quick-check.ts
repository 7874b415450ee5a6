import { BATCH_ROWS, directionBases, MARKS_PER_SIGHTING, protections } from '@wardline/model';

/**
 * Says yes to a batch only where `sensorBatchSchema` says yes too and would change nothing of it. A no means nothing: the
 * schema then decides, and names the place of what is wrong. Nearly every batch is spared the schema's copy of each row.
 */
export function isPlainBatch(value: unknown): boolean {
  if (!isRecord(value) || !hasOnly(value, batchFields)) return false;
  const { sensor, stream, number, last, conversations, sightings, statistics } = value;
  return (
    isText(sensor, 128) &&
    sensor !== '' &&
    isText(stream, 128) &&
    stream !== '' &&
    isCount(number) &&
    number > 0 &&
    typeof last === 'boolean' &&
    isListOf(conversations, BATCH_ROWS, isConversation) &&
    isListOf(sightings, BATCH_ROWS, isSighting) &&
    isStatistics(statistics)
  );
}

type Plain = Record<string, unknown>;

const fields = (names: string) => new Set(names.split(' '));
const batchFields = fields('sensor stream number last conversations sightings statistics');
const statisticsFields = fields('packets bytes dropped evicted');
const endpointFields = fields('mac ip vlan');
const evidenceFields = fields('capture packet');
const serviceFields = fields('transport port');
const connectionFields = fields('opened established refused unanswered closed reset');
const conversationFields = fields(
  'client server serverPort transport application protection basis slice firstSeen lastSeen packetsFromClient ' +
    'packetsFromServer bytesFromClient bytesFromServer connections facts evidence',
);
const sightingFields = fields('kind subject service peer facts marks firstSeen lastSeen count evidence');
const protectionNames: ReadonlySet<unknown> = new Set(protections);
const basisNames: ReadonlySet<unknown> = new Set(directionBases);
const mac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
const ip = /^[0-9a-f.:]{2,45}$/;
const transport = /^(tcp|udp|icmp|icmpv6|sctp|ip-\d{1,3})$/;
const kind = /^[a-z0-9]+\.[a-z]+$/;

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What is missing is found by its own check, for none of them takes `undefined`. */
function hasOnly(value: Plain, names: ReadonlySet<string>): boolean {
  for (const name in value) if (!names.has(name)) return false;
  return true;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isUpTo = (value: unknown, most: number) => isCount(value) && value <= most;

function isListOf(value: unknown, most: number, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(check);
}

function isEndpoint(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, endpointFields) &&
    (value.mac === null || (typeof value.mac === 'string' && mac.test(value.mac))) &&
    (value.ip === null || (typeof value.ip === 'string' && ip.test(value.ip))) &&
    (value.vlan === null || isUpTo(value.vlan, 4094))
  );
}

function isEvidence(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, evidenceFields) &&
    isText(value.capture, 512) &&
    isCount(value.packet) &&
    value.packet > 0
  );
}

/** `__proto__` and its like are left to the schema. */
function isRecordOf(value: unknown, check: (item: unknown) => boolean): boolean {
  if (!isRecord(value)) return false;
  for (const name in value) if (name.length > 40 || name === '__proto__' || !check(value[name])) return false;
  return true;
}

const isCounts = (value: unknown) => isRecordOf(value, isCount);

function isStatistics(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, statisticsFields) &&
    isCount(value.packets) &&
    isCount(value.bytes) &&
    isCounts(value.dropped) &&
    isCounts(value.evicted)
  );
}

const isNote = (value: unknown) => isText(value, 256) || Number.isFinite(value) || typeof value === 'boolean';
const isName = (value: unknown) => isText(value, 512);
const isMark = (value: unknown) => isText(value, 64);
const isFact = (value: unknown) =>
  isText(value, 1024) || Number.isFinite(value) || typeof value === 'boolean' || isListOf(value, 128, isName);

function isConnections(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, connectionFields) &&
    isCount(value.opened) &&
    isCount(value.established) &&
    isCount(value.refused) &&
    isCount(value.unanswered) &&
    isCount(value.closed) &&
    isCount(value.reset)
  );
}

function isConversation(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, conversationFields) &&
    isEndpoint(value.client) &&
    isEndpoint(value.server) &&
    (value.serverPort === null || isUpTo(value.serverPort, 65_535)) &&
    typeof value.transport === 'string' &&
    transport.test(value.transport) &&
    (value.application === null || isText(value.application, 32)) &&
    protectionNames.has(value.protection) &&
    basisNames.has(value.basis) &&
    hasTimes(value) &&
    isInteger(value.slice) &&
    isCount(value.packetsFromClient) &&
    isCount(value.packetsFromServer) &&
    isCount(value.bytesFromClient) &&
    isCount(value.bytesFromServer) &&
    isConnections(value.connections) &&
    isRecordOf(value.facts, isNote)
  );
}

function hasTimes(value: Plain): boolean {
  return isInteger(value.firstSeen) && isInteger(value.lastSeen) && isEvidence(value.evidence);
}

function isService(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, serviceFields) &&
    (value.transport === 'tcp' || value.transport === 'udp') &&
    isUpTo(value.port, 65_535)
  );
}

function isSighting(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasOnly(value, sightingFields) &&
    isText(value.kind, 40) &&
    kind.test(value.kind) &&
    isEndpoint(value.subject) &&
    (value.service === null || isService(value.service)) &&
    (value.peer === null || isEndpoint(value.peer)) &&
    isRecordOf(value.facts, isFact) &&
    isListOf(value.marks, MARKS_PER_SIGHTING, isMark) &&
    hasTimes(value) &&
    isCount(value.count) &&
    value.count > 0
  );
}
