/** The ways out: where the server may ask over HTTP and how much it takes, syslog over TLS, and mail. */
export { sendMail } from './mail.ts';
export { Outgoing, OutgoingError, type OutgoingRules } from './outgoing.ts';
export { SyslogConnection } from './syslog-connection.ts';
