/** The ways out: where the server may ask over HTTP and how much it takes, and syslog over TLS. */
export { Outgoing, OutgoingError, type OutgoingRules } from './outgoing.ts';
export { SyslogConnection } from './syslog-connection.ts';
