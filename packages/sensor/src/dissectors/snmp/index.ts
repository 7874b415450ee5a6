import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { engineText, enterpriseOf, originOf } from './engine.ts';
import { type Pdu, readMessage, type SnmpMessage } from './message.ts';
import { systemFacts } from './system.ts';

const notifications = new Set(['trap', 'inform']);

/** SNMP (RFC 1157, 1901, 3411 to 3416): what agents say of themselves, who manages them, and with what proof. */
export const snmp: DatagramDissector = {
  name: 'snmp',
  cost: 4,
  firstBytes: [0x30],
  recognise: (payload) => payload[0] === 0x30 && readMessage(payload) !== null,
  serverSide(payload) {
    const operation = readMessage(payload)?.pdu?.operation;
    if (operation === undefined) return null;
    return operation === 'response' || operation === 'report' ? 'sender' : 'receiver';
  },
  onDatagram(payload, from, report) {
    const message = readMessage(payload);
    if (message === null) return;
    report.protection(message.encrypted ? 'encrypted' : 'clear');
    stateEngine(message, from, report);
    if (message.pdu === null) return;
    stateCommunity(message, message.pdu, from, report);
    statePdu(message, message.pdu, from, report);
  },
};

/** An answer under a community shows that it was accepted. */
function stateCommunity({ community }: SnmpMessage, pdu: Pdu, from: Side, report: Reporter): void {
  if (community === null) return;
  const answered = pdu.operation === 'response';
  report.credential({
    protocol: 'snmp',
    field: 'community',
    user: null,
    secret: community,
    acceptedBy: answered ? from : otherSide(from),
    outcome: answered ? 'accepted' : 'unknown',
  });
}

function statePdu(message: SnmpMessage, pdu: Pdu, from: Side, report: Reporter): void {
  if (pdu.operation === 'response') stateAnswer(message, pdu, from, report);
  else if (notifications.has(pdu.operation)) stateNotification(message, pdu, from, report);
  else if (pdu.operation !== 'report') {
    report.sight('snmp.manager', from, { version: message.version, operation: pdu.operation });
  }
}

/** A trap may carry the agent's own description. An inform's sender can be a manager too (RFC 3416 §4.2.7). */
function stateNotification(message: SnmpMessage, pdu: Pdu, from: Side, report: Reporter): void {
  const facts = pdu.operation === 'trap' ? systemFacts(message.version, pdu.bindings) : null;
  if (facts !== null) report.sight('snmp.system', from, facts);
}

/**
 * A SET is answered with the values that were set, so that an answer describes the agent either way. In version 3
 * without authentication a user name alone was enough.
 */
function stateAnswer(message: SnmpMessage, pdu: Pdu, from: Side, report: Reporter): void {
  const facts = systemFacts(message.version, pdu.bindings);
  if (facts !== null) report.sight('snmp.system', from, facts);
  else report.sight('snmp.system', from, { version: message.version });
  if (message.version === '3' && !message.authenticated && pdu.errorStatus === 0) {
    report.sight('service.unauthenticated', from, { protocol: 'snmp', operation: 'read' });
  }
}

/** Who answers, or sends a trap, is the engine that the message names (RFC 3414 §1.5.1); its user's name is only hashed. */
function stateEngine(message: SnmpMessage, from: Side, report: Reporter): void {
  const { engineId, engineBoots, authenticated, encrypted, userName } = message;
  if (engineId === null || (from !== 'server' && message.pdu?.operation !== 'trap')) return;
  const facts: Facts['snmp.engine'] = {
    engineId: engineText(engineId),
    enterprise: enterpriseOf(engineId),
    security: encrypted ? 'encrypted' : authenticated ? 'authenticated' : 'none',
    ...originOf(engineId),
  };
  if (engineBoots !== null) facts.boots = engineBoots;
  report.sight('snmp.engine', from, facts, userName?.length ? { marks: [userName] } : {});
  report.note('snmp-engine-enterprise', facts.enterprise);
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
