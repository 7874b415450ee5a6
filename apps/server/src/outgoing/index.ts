/** The ways out: where the server may ask over HTTP and how much it takes, syslog over TLS, mail, and all of them for whoever is on duty. */
export { channelsOf, type DutyMessage, tellDutyContact } from './duty.ts';
export { sendMail } from './mail.ts';
export { Outgoing, OutgoingError, type OutgoingRules } from './outgoing.ts';
export { SyslogConnection } from './syslog-connection.ts';
